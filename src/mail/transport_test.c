#include "base/check.h"
#include "mail/transport.h"

#include <unistd.h>

#include <stdlib.h>
#include <sys/stat.h>

static void servers_and_files_are_told_apart(void **state)
{
    static const struct {
        const char *text, *url;
        enum transport_kind kind;
        bool loopback;
    } cases[] = {
        {"",                        "",                        TRANSPORT_NONE,  false},
        {"file",                    "",                        TRANSPORT_FILE,  false},
        {"smtp://mail.example.com", "smtp://mail.example.com", TRANSPORT_SMTP,  false},
        {"smtp://localhost:2525/",  "smtp://localhost:2525",   TRANSPORT_SMTP,  true },
        {"smtps://10.0.0.1:465",    "smtps://10.0.0.1:465",    TRANSPORT_SMTPS, false},
        {"smtp://[::1]:25",         "smtp://[::1]:25",         TRANSPORT_SMTP,  true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct transport transport;
        assert_ok(transport_parse(str_of(cases[i].text), &transport));
        assert_int_equal(transport.kind, cases[i].kind);
        assert_str(transport.url, cases[i].url);
        assert_int_equal(transport.loopback, cases[i].loopback);
    }
}

static void everything_else_is_refused(void **state)
{
    static const char *const wrong[] = {
        "smtp://",           "smtp://u:p@host", "smtp://host:0",
        "smtp://host:70000", "http://host",     "smtp://host/path",
        "smtp://host:25:25", "smtp://[::1",     "smtp://[::1]25",
        "SMTP://host",       "smtp://ho st",    "smtp://host\r\nQUIT",
        "smtp://-x.com",     "files",           "smtp://host?x",
    };
    struct transport transport;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(transport_parse(str_of(wrong[i]), &transport), ERR_FIELD_VALUE);
    }
}

static enum err say(void *with)
{
    return *(enum err *)with;
}

static void a_file_is_written_once_it_may_be(void **state)
{
    char folder[] = "/tmp/signet-mail-XXXXXX", path[64];
    struct mail_settings settings = {.transport = STR("file"), .starttls = STR("required")};
    enum err word = ERR_MISSING;
    struct parcel parcel = {STR("7"), STR("a@b.cd"), STR("e@f.gh"), STR("Date: x\r\n"),
                            say,      NULL,          &word};
    struct reason reason = {0};
    struct post *post;
    struct stat seen;

    (void)state;
    assert_non_null(mkdtemp(folder));
    struct post_plan plan = {&settings, str_of(folder), STR("localhost")};
    assert_ok(post_create(&plan, &reason, &post));
    (void)snprintf(path, sizeof path, "%s/7.eml", folder);
    assert_int_equal(post_send(post, &parcel, &reason), CLIENT_WITHDRAWN);
    assert_int_not_equal(stat(path, &seen), 0);
    word = ERR_OK;
    assert_int_equal(post_send(post, &parcel, &reason), CLIENT_DELIVERED);
    assert_int_equal(stat(path, &seen), 0);
    assert_int_equal(seen.st_mode & 0777, 0600);
    assert_int_equal(seen.st_size, 9);
    post_destroy(post);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void without_a_transport_nothing_is_sent(void **state)
{
    struct mail_settings settings = {.starttls = STR("required")};
    struct post_plan plan = {&settings, STR("/nowhere"), STR("localhost")};
    struct reason reason = {0};
    struct post *post;

    (void)state;
    assert_ok(post_create(&plan, &reason, &post));
    assert_int_equal(post_send(post, &(struct parcel){0}, &reason), CLIENT_UNREACHABLE);
    assert_string_equal(reason.detail, "mail.transport is not set");
    post_destroy(post);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_and_files_are_told_apart),
        cmocka_unit_test(everything_else_is_refused),
        cmocka_unit_test(a_file_is_written_once_it_may_be),
        cmocka_unit_test(without_a_transport_nothing_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
