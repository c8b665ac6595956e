#include "base/arena.h"
#include "base/check.h"
#include "jobs/letter.h"

static const struct mail_settings settings = {
    .name = {"Signet",  6},
      .colour = {"#2457c5", 7}
};

static struct letter_plan plan(void)
{
    return (struct letter_plan){.settings = &settings,
                                .from = {.address = STR("id@example.com")},
                                .public_url = STR("https://id.example.com"),
                                .host = STR("id.example.com")};
}

static struct letter letter_of(struct arena *arena, enum letter_kind kind)
{
    struct letter letter = {.id = {{1}},
                            .kind = kind,
                            .path = STR("/verify"),
                            .token = {STR("abc")},
                            .code = {STR("12345678")},
                            .created = {1000},
                            .expires = {601000}};

    assert_ok(email_parse(arena, STR("ada@example.com"), &letter.to));
    return letter;
}

static bool has(struct str text, const char *words)
{
    return memmem(text.ptr, text.len, words, strlen(words)) != NULL;
}

static void every_kind_of_letter_can_be_written(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    struct letter_plan with = plan();
    struct reason reason = {0};
    struct message message;

    (void)state;
    for (unsigned kind = 0; kind < LETTER_KINDS; kind++) {
        struct letter letter = letter_of(arena, (enum letter_kind)kind);
        assert_ok(letter_compose(arena, &with, &letter, &reason, &message));
        assert_true(has(message.subject.text, "Signet"));
        assert_str(message.to.address, "ada@example.com");
        assert_str(message.id.text, "01000000-0000-0000-0000-000000000000@id.example.com");
    }
}

static void links_begin_with_the_public_address_and_nothing_else(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    struct letter letter = letter_of(arena, LETTER_MAGIC_LINK);
    struct letter_plan with = plan();
    struct reason reason = {0};
    struct message message;

    (void)state;
    assert_ok(letter_compose(arena, &with, &letter, &reason, &message));
    assert_true(has(message.text, "\nhttps://id.example.com/verify?token=abc\n"));
    assert_true(has(message.text, "12345678"));
    assert_true(has(message.text, "10 minutes"));
    with.public_url = STR("");
    assert_err(letter_compose(arena, &with, &letter, &reason, &message), ERR_CONFIG);
    assert_non_null(strstr(reason.detail, "http.public_url"));
}

static void the_brand_of_an_organization_wins(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    struct letter letter = letter_of(arena, LETTER_TEST);
    struct letter_plan with = plan();
    struct reason reason = {0};
    struct message message;

    (void)state;
    letter.brand = (struct brand){STR("Iron <Temple>"), STR("#ff0000")};
    assert_ok(letter_compose(arena, &with, &letter, &reason, &message));
    assert_str(message.subject.text, "A test letter from Iron <Temple>");
    assert_true(has(message.html, "Iron &lt;Temple&gt;"));
    assert_true(has(message.html, "#ed0000")); /* as much darker as white letters need */
    assert_false(has(message.html, "#2457c5"));
}

/* What is sealed already is sent all the same, and ends no line. */
static void a_name_that_is_not_one_line_is_written_as_one(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    struct letter letter = letter_of(arena, LETTER_TEST);
    struct letter_plan with = plan();
    struct reason reason = {0};
    struct message message;

    (void)state;
    letter.brand.name = STR("Iron\xc2\x85Temple\xe2\x80\xa8");
    assert_ok(letter_compose(arena, &with, &letter, &reason, &message));
    assert_str(message.subject.text, "A test letter from Iron Temple ");
    assert_false(has(message.text, "\xc2\x85"));
    letter.brand.name = STR("Iron\r\nBcc: all@example.com");
    assert_ok(letter_compose(arena, &with, &letter, &reason, &message));
    assert_str(message.subject.text, "A test letter from Iron  Bcc: all@example.com");
    letter.brand.name = STR("Iron\xff");
    assert_err(letter_compose(arena, &with, &letter, &reason, &message), ERR_FIELD_VALUE);
    letter.brand.name = STR("Iron");
    letter.code.hidden = STR("1\xc2\x85");
    assert_err(letter_compose(arena, &with, &letter, &reason, &message), ERR_FIELD_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_letter_can_be_written),
        cmocka_unit_test(links_begin_with_the_public_address_and_nothing_else),
        cmocka_unit_test(the_brand_of_an_organization_wins),
        cmocka_unit_test(a_name_that_is_not_one_line_is_written_as_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
