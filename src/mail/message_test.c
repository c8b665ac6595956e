#include "base/arena.h"
#include "base/check.h"
#include "mail/caught.h"
#include "mail/message.h"

static struct message letter(void)
{
    return (struct message){
        .from = {.name = {STR("K\xc3\xa4se, GmbH")}, .address = STR("id@example.com")},
        .to = {.address = STR("ada@xn--bcher-kva.example")                                 },
        .subject = {STR("Gr\xc3\xbc\xc3\x9f\x65")},
        .id = {STR("0198-7@id.example.com")                                 },
        .date = {INT64_C(784111777000)},
        .text = STR("A link:\n\nhttps://id.example.com/verify?token=a=b\n.\n"),
        .html = STR("<p>\xe2\x82\xac</p>\n"),
    };
}

static struct str written(struct arena *arena)
{
    struct message message = letter();
    struct str text;

    assert_ok(message_write(arena, &message, &text));
    return text;
}

static bool has(struct str text, const char *words)
{
    return memmem(text.ptr, text.len, words, strlen(words)) != NULL;
}

static void the_headers_are_those_of_a_program(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    struct str text = written(arena);

    (void)state;
    assert_true(has(text, "Date: Sun, 06 Nov 1994 08:49:37 +0000\r\n"));
    assert_true(has(text, "From: =?UTF-8?Q?K=C3=A4se=2C_GmbH?=\r\n <id@example.com>\r\n"));
    assert_true(has(text, "To: <ada@xn--bcher-kva.example>\r\n"));
    assert_true(has(text, "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"));
    assert_true(has(text, "Message-ID: <0198-7@id.example.com>\r\n"));
    assert_true(has(text, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"));
}

static void every_line_is_short_ascii_and_ends_as_mail_does(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    struct str rest = written(arena), line;

    (void)state;
    while (str_cut(rest, '\n', &line, &rest)) {
        assert_true(str_ends(line, STR("\r")));
        assert_true(line.len <= 79);
        for (size_t i = 0; i + 1 < line.len; i++) {
            assert_in_range(line.ptr[i], ' ', '~');
        }
    }
    assert_int_equal(rest.len, 0);
}

static void what_is_caught_reads_as_it_was_written(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    struct message message = letter();
    struct caught caught;

    (void)state;
    assert_ok(caught_parse(arena, written(arena), &caught));
    assert_str(caught.subject, "Gr\xc3\xbc\xc3\x9f\x65");
    assert_str(caught.to, "<ada@xn--bcher-kva.example>");
    assert_str(caught.from, "K\xc3\xa4se, GmbH\r\n <id@example.com>");
    assert_true(str_starts(caught.text, message.text));
    assert_true(str_starts(caught.html, message.html));
}

static void what_is_no_message_of_ours_is_refused(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    static const char *const wrong[] = {"", "Date: x\r\n", "Date: x\r\n\r\n", "To: x\r\n\r\n--",
                                        "Date: x\r\n\r\n\r\n\r\n\r\n--=_part"};
    struct caught caught;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(caught_parse(arena, str_of(wrong[i]), &caught), ERR_FIELD_VALUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headers_are_those_of_a_program),
        cmocka_unit_test(every_line_is_short_ascii_and_ends_as_mail_does),
        cmocka_unit_test(what_is_caught_reads_as_it_was_written),
        cmocka_unit_test(what_is_no_message_of_ours_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
