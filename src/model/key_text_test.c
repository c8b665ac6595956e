#include "base/buf.h"
#include "base/check.h"
#include "model/key_text.h"

/* The checksum was computed with zlib. */
#define TEXT                                                                                       \
    "signet_01a1feecce907532b6a3ca184ff1da28."                                                     \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f4667f632"

static const struct id id = {
    {0x01, 0xa1, 0xfe, 0xec, 0xce, 0x90, 0x75, 0x32, 0xb6, 0xa3, 0xca, 0x18, 0x4f, 0xf1, 0xda,
     0x28}
};

static void a_key_is_printed_and_read(void **state)
{
    char memory[KEY_TEXT];
    struct buf out = buf_over(memory, sizeof memory);
    struct key32 secret;
    struct id read;

    (void)state;
    for (size_t i = 0; i < sizeof secret.bytes; i++) {
        secret.bytes[i] = (uint8_t)i;
    }
    key_text_print(&out, id, &secret);
    assert_str(buf_str(&out), TEXT);
    assert_ok(key_text_parse(buf_str(&out), &read));
    assert_true(id_eq(read, id));
}

/* Whatever single character is mistyped: the checksum sees it, or it is no digit. */
static void a_slip_of_the_keyboard_is_seen(void **state)
{
    char text[] = TEXT;
    struct id read;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        char right = text[i];
        for (const char *wrong = "0123456789abcdefABCDEF.g _"; *wrong; wrong++) {
            text[i] = *wrong;
            if (*wrong != right) {
                assert_err(key_text_parse(str_of(text), &read), ERR_FIELD_VALUE);
            }
        }
        text[i] = right;
    }
    assert_ok(key_text_parse(str_of(text), &read));
}

static void a_text_of_another_length_is_no_key(void **state)
{
    struct str text = STR(TEXT "0");
    struct id read;

    (void)state;
    for (size_t length = 0; length <= text.len; length++) {
        if (length != KEY_TEXT) {
            assert_err(key_text_parse(str_sub(text, 0, length), &read), ERR_FIELD_VALUE);
        }
    }
    assert_err(key_text_parse((struct str){0}, &read), ERR_FIELD_VALUE);
}

static void a_key_of_nobody_is_no_key(void **state)
{
    char memory[KEY_TEXT];
    struct buf out = buf_over(memory, sizeof memory);
    struct id read;

    (void)state;
    key_text_print(&out, (struct id){0}, &(struct key32){0});
    assert_err(key_text_parse(buf_str(&out), &read), ERR_FIELD_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_printed_and_read),
        cmocka_unit_test(a_slip_of_the_keyboard_is_seen),
        cmocka_unit_test(a_text_of_another_length_is_no_key),
        cmocka_unit_test(a_key_of_nobody_is_no_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
