#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "mail/encode.h"

static char memory[64 << 10];

static struct str header(const char *text)
{
    struct buf out = buf_over(memory, sizeof memory);
    struct line line;

    assert_ok(line_parse(str_of(text), &line));
    encode_header(&out, line);
    assert_false(out.failed);
    return buf_str(&out);
}

static struct str body(struct str text)
{
    struct buf out = buf_over(memory, sizeof memory);

    encode_body(&out, text);
    assert_false(out.failed);
    return buf_str(&out);
}

static void assert_lines_within(struct str text, size_t most)
{
    struct str line, rest = text;

    while (str_cut(rest, '\n', &line, &rest)) {
        assert_true(str_ends(line, STR("\r")));
        assert_true(line.len - 1 <= most);
    }
    assert_true(line.len <= most);
}

static void plain_words_stay_readable(void **state)
{
    (void)state;
    assert_str(header("Confirm your address"), "Confirm your address");
    assert_str(header(""), "");
}

static void everything_else_is_encoded(void **state)
{
    (void)state;
    assert_str(header("Gr\xc3\xbc\xc3\x9f\x65"), "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=");
    assert_str(header("a, b"), "=?UTF-8?Q?a=2C_b?=");
    assert_str(header("=?UTF-8?Q?x?="), "=?UTF-8?Q?=3D=3FUTF=2D8=3FQ=3Fx=3F=3D?=");
    assert_str(header(" a"), "=?UTF-8?Q?_a?=");
}

static void long_ones_are_folded_between_characters(void **state)
{
    char text[400];
    struct buf out = buf_over(text, sizeof text);

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        buf_put(&out, STR("\xe2\x82\xac"));
    }
    buf_put_char(&out, '\0');
    struct str encoded = header(text);
    assert_lines_within(encoded, 76);
    for (size_t i = 0; i + 2 < encoded.len; i++) {
        if (str_starts(str_skip(encoded, i), STR("?=\r"))) {
            assert_memory_equal(encoded.ptr + i - 3, "=AC", 3); /* the last byte of a character */
        }
    }
}

static void headers_come_back(void **state)
{
    static const char *const texts[] = {"", "Plain",
                                        ("Gr\xc3\xbc\xc3\x9f\x65, \xe2\x82\xac und mehr, das "
                                         "\xc3\xbc\x62\x65r eine Zeile weit hinaus geht"),
                                        "=?UTF-8?Q?x?= y"};
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);
    struct str back;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_ok(decode_header(arena, header(texts[i]), &back));
        assert_str(back, texts[i]);
    }
}

static void lines_are_short_and_end_in_ascii(void **state)
{
    char text[3000];

    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < sizeof text; i += 7) {
        text[i] = (char)(i * 13);
    }
    struct str encoded = body((struct str){text, sizeof text});
    assert_lines_within(encoded, 76);
    for (size_t i = 0; i < encoded.len; i++) {
        assert_in_range(encoded.ptr[i], '\t', '~');
    }
}

static void what_mail_would_change_on_the_way_is_encoded(void **state)
{
    (void)state;
    assert_str(body(STR("a b \n")), "a b=20\r\n");
    assert_str(body(STR(".\n..a\n")), "=2E\r\n=2E.a\r\n");
    assert_str(body(STR("From me\n")), "=46rom me\r\n");
    assert_str(body(STR("a=b\n")), "a=3Db\r\n");
    assert_str(body(STR("a\r\n")), "a=0D\r\n");
    assert_str(body(STR("last")), "last\r\n");
}

static void bodies_come_back(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    char text[2000];
    struct str back;

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        text[i] = (char)(i * 31 + i / 256);
    }
    text[sizeof text - 1] = '\n';
    assert_ok(decode_body(arena, body((struct str){text, sizeof text}), &back));
    assert_int_equal(back.len, sizeof text);
    assert_memory_equal(back.ptr, text, sizeof text);
}

static void what_is_malformed_stays(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct str back;

    (void)state;
    assert_ok(decode_body(arena, STR("a=G0 b=4\n="), &back));
    assert_str(back, "a=G0 b=4\n");
    assert_ok(decode_header(arena, STR("=?UTF-8?Q?open"), &back));
    assert_str(back, "=?UTF-8?Q?open");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_words_stay_readable),
        cmocka_unit_test(everything_else_is_encoded),
        cmocka_unit_test(long_ones_are_folded_between_characters),
        cmocka_unit_test(headers_come_back),
        cmocka_unit_test(lines_are_short_and_end_in_ascii),
        cmocka_unit_test(what_mail_would_change_on_the_way_is_encoded),
        cmocka_unit_test(bodies_come_back),
        cmocka_unit_test(what_is_malformed_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
