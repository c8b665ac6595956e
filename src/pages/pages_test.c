#include "base/arena.h"
#include "base/check.h"
#include "mail/message.h"
#include "pages/mailbox.h"
#include "pages/pages.h"
#include "pages/routes.h"
#include "web/mock.h"
#include "web/web_private.h"

#include <unistd.h>

#include <stdlib.h>

#define OLDER "01980000-0000-7000-8000-000000000001"
#define NEWER "01990000-0000-7000-8000-000000000001"

struct desk_top {
    struct mock mock;
    struct pages_settings settings;
    char folder[64];
};

static void drop_letter(struct desk_top *d, const char *id, const char *subject)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 22);
    struct message message = {
        .from = {.address = STR("id@example.com")},
        .to = {.address = STR("ada@example.com")},
        .subject = {str_of(subject)},
        .id = {STR("1@example.com")},
        .date = {INT64_C(784111777000)},
        .text = STR("See\nhttps://id.example.com/verify?token=a&b\n"),
        .html = STR("<p style=\"color:red\">\"Hi\"</p><script>1</script>\n"),
    };
    char path[128];
    struct str text;

    assert_ok(message_write(arena, &message, &text));
    (void)snprintf(path, sizeof path, "%s/%s.eml", d->folder, id);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static int make(void **state)
{
    static struct desk_top d;

    memset(&d, 0, sizeof d);
    (void)snprintf(d.folder, sizeof d.folder, "/tmp/signet-pages-XXXXXX");
    assert_non_null(mkdtemp(d.folder));
    d.settings.folder = str_of(d.folder);
    mock_make(&d.mock);
    d.mock.call.face = &pages_face;
    d.mock.call.settings = &d.settings;
    *state = &d;
    return 0;
}

static int destroy(void **state)
{
    static const char *const names[] = {OLDER, NEWER};
    struct desk_top *d = *state;
    char path[128];

    mock_destroy(&d->mock);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        (void)snprintf(path, sizeof path, "%s/%s.eml", d->folder, names[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(d->folder), 0);
    return 0;
}

static const char *body_of(struct desk_top *d)
{
    struct str text;

    assert_ok(arena_copy(d->mock.x.arena, d->mock.x.body, &text));
    return text.ptr;
}

static enum err show(struct desk_top *d, const char *id)
{
    d->mock.call.parameters[0] = str_of(id);
    return get_mail(&d->mock.call);
}

static void the_newest_letter_is_first(void **state)
{
    struct desk_top *d = *state;

    drop_letter(d, OLDER, "first");
    drop_letter(d, NEWER, "second <b>");
    assert_ok(get_mails(&d->mock.call));
    const char *body = body_of(d);
    assert_non_null(strstr(body, "/dev/mail/" NEWER));
    assert_true(strstr(body, "second &lt;b&gt;") < strstr(body, ">first<"));
    assert_null(strstr(body, "second <b>"));
}

static void an_empty_or_missing_folder_says_so(void **state)
{
    struct desk_top *d = *state;

    assert_ok(get_mails(&d->mock.call));
    assert_non_null(strstr(body_of(d), "None yet."));
    d->settings.folder = STR("/nonexistent/mail");
    assert_ok(get_mails(&d->mock.call));
}

static void a_letter_is_shown_with_its_link_and_its_html_without_rights(void **state)
{
    struct desk_top *d = *state;

    drop_letter(d, NEWER, "Hello");
    assert_ok(show(d, NEWER));
    const char *body = body_of(d);
    assert_non_null(strstr(body, "href=\"https://id.example.com/verify?token=a&amp;b\""));
    assert_non_null(
        strstr(body, "sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\""));
    assert_non_null(strstr(body, "&lt;script&gt;1"));
    assert_null(strstr(body, "<script"));
    assert_true(str_starts(d->mock.call.policy, STR("default-src 'none'; style-src")));
    assert_string_equal(mock_header(&d->mock, "X-Frame-Options"), "DENY");
}

static void names_that_are_no_ids_lead_nowhere(void **state)
{
    static const char *const wrong[] = {"", "..", "../master.key", OLDER, "passwd"};
    struct desk_top *d = *state;

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(show(d, wrong[i]), ERR_MISSING);
    }
}

static void a_page_of_a_strangers_name_reads_no_letter(void **state)
{
    struct desk_top *d = *state;
    struct web web = {.plan = {.public_url = STR("https://id.example.com")}};

    drop_letter(d, NEWER, "Hello");
    d->mock.call.web = &web;
    d->mock.x.request.host = STR("evil.example:8085");
    assert_err(get_mails(&d->mock.call), ERR_FORBIDDEN);
    assert_err(show(d, NEWER), ERR_FORBIDDEN);
    assert_non_null(strstr(d->mock.call.ctx.reason.detail, "evil.example"));
    d->mock.x.request.host = STR("id.example.com");
    assert_ok(show(d, NEWER));
}

static void errors_are_one_line(void **state)
{
    struct desk_top *d = *state;

    pages_face.write_error(&d->mock.call, ERR_MISSING);
    assert_int_equal(d->mock.x.status, 404);
    assert_string_equal(body_of(d), "not found\n");
    pages_face.write_error(&d->mock.call, ERR_METHOD);
    assert_int_equal(d->mock.x.status, 405);
    pages_face.write_error(&d->mock.call, ERR_MEMORY);
    assert_int_equal(d->mock.x.status, 503);
    pages_face.write_error(&d->mock.call, ERR_SYSTEM);
    assert_int_equal(d->mock.x.status, 500);
}

int main(void)
{
#define ON_DESK(test) cmocka_unit_test_setup_teardown(test, make, destroy)
    const struct CMUnitTest tests[] = {
        ON_DESK(the_newest_letter_is_first),
        ON_DESK(an_empty_or_missing_folder_says_so),
        ON_DESK(a_letter_is_shown_with_its_link_and_its_html_without_rights),
        ON_DESK(names_that_are_no_ids_lead_nowhere),
        ON_DESK(a_page_of_a_strangers_name_reads_no_letter),
        ON_DESK(errors_are_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
