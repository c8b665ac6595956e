#include "base/arena.h"
#include "base/check.h"
#include "mail/mailbox.h"

static struct mailbox parsed(struct arena *arena, const char *text)
{
    struct mailbox mailbox;

    assert_ok(mailbox_parse(arena, str_of(text), &mailbox));
    return mailbox;
}

static void an_address_stands_alone_or_behind_a_name(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);

    (void)state;
    assert_str(parsed(arena, "id@example.com").address, "id@example.com");
    assert_str(parsed(arena, "Iron Temple <Id@example.com>").address, "Id@example.com");
    assert_str(parsed(arena, "Iron Temple <Id@example.com>").name.text, "Iron Temple");
    assert_str(parsed(arena, "<id@example.com>").name.text, "");
}

static void the_domain_is_in_ascii_and_the_local_part_as_it_was(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);

    (void)state;
    assert_str(parsed(arena, "Id@B\xc3\xbc\x63her.example").address, "Id@xn--bcher-kva.example");
}

static void nothing_but_one_address_gets_through(void **state)
{
    static const char *const wrong[] = {
        "",
        "id",
        "a@example.com, b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com>\r\nRCPT TO:<b@example.com",
        "Name\r\nBcc: b@example.com <a@example.com>",
        "Name <a@example.com> <b@example.com>",
        "Name <a@example.com",
        "\"a b\"@example.com",
        "a@[127.0.0.1]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(mailbox_check(str_of(wrong[i])), ERR_FIELD_VALUE);
    }
    assert_ok(mailbox_check(STR("Signet <id@example.com>")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_stands_alone_or_behind_a_name),
        cmocka_unit_test(the_domain_is_in_ascii_and_the_local_part_as_it_was),
        cmocka_unit_test(nothing_but_one_address_gets_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
