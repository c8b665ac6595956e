#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/rcu.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/outbox.h"
#include "jobs/postman.h"

#include <unistd.h>

struct post_office {
    struct fixture *fixture;
    struct mail_settings settings;
    struct postman *postman;
    char folder[96];
};

static struct mail_settings to_files(void)
{
    return (struct mail_settings){.transport = STR("file"),
                                  .from = STR("Signet <id@example.com>"),
                                  .name = STR("Signet"),
                                  .colour = STR("#2457c5"),
                                  .starttls = STR("required"),
                                  .connect_seconds = 2,
                                  .total_seconds = 5};
}

static void open_office(struct post_office *office)
{
    struct postman_plan plan = {&office->settings, STR("https://id.example.com/"),
                                str_of(office->folder)};
    struct reason reason = {0};

    postman_destroy(office->postman);
    assert_ok(postman_create(&plan, &reason, &office->postman));
}

static int make(void **state)
{
    static struct post_office office;
    void *fixture;

    assert_int_equal(fixture_set_up(&fixture), 0);
    office = (struct post_office){.fixture = fixture, .settings = to_files()};
    (void)snprintf(office.folder, sizeof office.folder, "%s-mail", office.fixture->folder);
    open_office(&office);
    *state = &office;
    return 0;
}

static int destroy(void **state)
{
    struct post_office *office = *state;
    void *fixture = office->fixture;

    postman_destroy(office->postman);
    (void)rmdir(office->folder);
    return fixture_tear_down(&fixture);
}

static enum err put(struct ctx *ctx, void *ret)
{
    struct letter letter = {.kind = LETTER_TEST, .expires = moment_plus(ctx->now, 3600)};

    TRY(email_parse(ctx->arena, STR("ada@example.com"), &letter.to));
    return outbox_put(ctx, &letter, ret);
}

static struct id post(struct post_office *office)
{
    struct id id;

    assert_ok(fixture_run(office->fixture, &actor_operator, TX_WRITE, put, &id));
    return id;
}

static void go_round(struct post_office *office)
{
    struct fixture *f = office->fixture;
    struct ctx *ctx = fixture_ctx(f);
    bool more;

    rcu_enter(f->desk->reader);
    assert_ok(postman_round(ctx, office->postman, &more));
    rcu_leave(f->desk->reader);
    assert_false(more);
}

static struct outbox_row first_row(struct fixture *f)
{
    struct ctx *ctx = fixture_begin(f, TX_READ);
    struct outbox_row *rows;
    size_t count;

    assert_ok(outbox_list(ctx, &rows, &count));
    assert_true(count > 0);
    fixture_drop(f);
    return rows[0];
}

static bool was_written(struct post_office *office, struct id id)
{
    char path[256];
    struct buf name = buf_over(path, sizeof path);

    buf_print(&name, "%s/", office->folder);
    id_print(&name, id);
    buf_put(&name, STR(".eml"));
    buf_put_char(&name, '\0');
    return unlink(path) == 0;
}

static void a_letter_is_sent_once(void **state)
{
    struct post_office *office = *state;
    struct id id = post(office);

    go_round(office);
    assert_true(was_written(office, id));
    assert_int_equal(first_row(office->fixture).state, LETTER_SENT);
    go_round(office);
    assert_false(was_written(office, id));
    assert_int_equal(fixture_count(office->fixture, EVENT_MAIL_SENT), 1);
}

static void what_cannot_be_sent_waits_and_says_why(void **state)
{
    struct post_office *office = *state;

    office->settings.transport = STR("smtp://127.0.0.1:1");
    open_office(office);
    (void)post(office);
    (void)post(office);
    go_round(office);
    struct ctx *ctx = fixture_begin(office->fixture, TX_READ);
    struct outbox_row *rows;
    size_t count, tried = 0;
    assert_ok(outbox_list(ctx, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        tried += rows[i].attempts > 0;
        assert_int_equal(rows[i].state, LETTER_WAITING);
        assert_int_equal(rows[i].attempts > 0, rows[i].error.len > 0);
    }
    fixture_drop(office->fixture);
    assert_int_equal(tried, 1); /* a server that is away is not asked for every letter */
}

static void a_server_that_is_away_is_no_error_of_a_probe_only_a_reason(void **state)
{
    struct post_office *office = *state;
    struct reason reason = {0};

    assert_ok(postman_probe(office->postman, &reason));
    office->settings.transport = STR("smtp://127.0.0.1:1");
    open_office(office);
    assert_err(postman_probe(office->postman, &reason), ERR_STORE_DOWN);
    assert_true(reason.detail[0] != '\0');
    office->settings.transport = STR("");
    open_office(office);
    assert_err(postman_probe(office->postman, &reason), ERR_MISSING);
}

static void what_was_done_is_counted(void **state)
{
    struct post_office *office = *state;
    char memory[2048];
    struct buf out = buf_over(memory, sizeof memory);
    struct id id = post(office);

    go_round(office);
    assert_true(was_written(office, id));
    postman_write_metrics(office->postman, &out);
    buf_put_char(&out, '\0');
    assert_non_null(strstr(memory, "signet_mail_attempts_total{result=\"sent\"} 1\n"));
    assert_non_null(strstr(memory, "signet_mail_letters{state=\"waiting\"} 1\n"));
}

static void settings_that_do_not_go_together_make_no_postman(void **state)
{
    struct post_office *office = *state;
    struct postman_plan plan = {&office->settings, STR(""), STR("")};
    struct reason reason = {0};
    struct postman *postman;

    office->settings.from = STR("");
    assert_err(postman_create(&plan, &reason, &postman), ERR_CONFIG);
    assert_true(reason.detail[0] != '\0');
}

int main(void)
{
#define AT_POST(test) cmocka_unit_test_setup_teardown(test, make, destroy)
    const struct CMUnitTest tests[] = {
        AT_POST(a_letter_is_sent_once),
        AT_POST(what_cannot_be_sent_waits_and_says_why),
        AT_POST(a_server_that_is_away_is_no_error_of_a_probe_only_a_reason),
        AT_POST(what_was_done_is_counted),
        AT_POST(settings_that_do_not_go_together_make_no_postman),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
