#include "base/check.h"
#include "ops/utf8.h"

static size_t length_of(struct str text, uint32_t *ret_code)
{
    *ret_code = 0;
    return utf8_decode(text, ret_code);
}

static void characters_of_every_length_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        uint32_t code;
    } table[] = {
        {"a",                1, 'a'     },
        {"\x7f",             1, 0x7f    },
        {"\xc2\x80",         2, 0x80    },
        {"\xdf\xbf!",        2, 0x7ff   },
        {"\xe0\xa0\x80",     3, 0x800   },
        {"\xed\x9f\xbf",     3, 0xd7ff  },
        {"\xee\x80\x80",     3, 0xe000  },
        {"\xf0\x90\x80\x80", 4, 0x10000 },
        {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        uint32_t code;
        assert_int_equal(length_of(str_of(table[i].text), &code), table[i].length);
        assert_int_equal(code, table[i].code);
    }
    uint32_t code;
    assert_int_equal(length_of(STR("\0"), &code), 1);
}

static void everything_else_is_no_character(void **state)
{
    (void)state;
    static const char *const table[] = {
        "",                 /* nothing */
        "\x80",             /* a continuation */
        "\xc1\xbf",         /* overlong */
        "\xe0\x9f\xbf",     /* overlong */
        "\xf0\x8f\xbf\xbf", /* overlong */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* beyond the last one */
        "\xf8\x88\x80\x80", /* five bytes */
        "\xc3",             /* cut off */
        "\xe2\x82",         /* cut off */
        "\xc3\x28",         /* no continuation */
        "\xff",
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        uint32_t code;
        assert_int_equal(length_of(str_of(table[i]), &code), 0);
        assert_int_equal(code, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_of_every_length_are_read),
        cmocka_unit_test(everything_else_is_no_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
