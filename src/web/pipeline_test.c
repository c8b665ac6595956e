#include "base/check.h"
#include "base/number.h"
#include "domain/standing.h"
#include "web/pipeline.h"
#include "web/stage.h"

#include <unistd.h>

#define assert_error(stage, status_wanted, e)                                                      \
    do {                                                                                           \
        assert_int_equal((stage)->mock.status, status_wanted);                                     \
        assert_string_equal((stage)->mock.body, "!" #e);                                           \
        assert_string_equal(mock_header(&(stage)->mock, "Content-Type"), "text/wrong");            \
    } while (0)

enum {
    INPUT = STATUS_OF(CLASS_INPUT),
    UNAUTHENTICATED = STATUS_OF(CLASS_UNAUTHENTICATED),
    FORBIDDEN = STATUS_OF(CLASS_FORBIDDEN),
    MISSING = STATUS_OF(CLASS_MISSING),
    TOO_MANY = STATUS_OF(CLASS_TOO_MANY),
    UNAVAILABLE = STATUS_OF(CLASS_UNAVAILABLE),
};

static void every_lane_answers(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(stage_get(stage, GET, "/now"), 200);
    assert_string_equal(stage->mock.body, "run 1");
    assert_int_equal(stage_get(stage, POST, "/none"), 200);
    assert_int_equal(stage_get(stage, POST, "/write"), 200);
    assert_int_equal(stage_get(stage, POST, "/login"), 200);
    assert_string_equal(stage->mock.body, "run 1");
    assert_string_equal(mock_header(&stage->mock, "X-Play"), "yes");
}

static void every_answer_has_the_common_headers(void **state)
{
    struct stage *stage = *state;
    static const char *const paths[] = {"/now", "/nowhere", "/admins"};

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        (void)stage_get(stage, GET, paths[i]);
        assert_non_null(mock_header(&stage->mock, "X-Request-Id"));
        assert_string_equal(mock_header(&stage->mock, "X-Content-Type-Options"), "nosniff");
        assert_string_equal(mock_header(&stage->mock, "Cache-Control"), "no-store");
        assert_non_null(mock_header(&stage->mock, "Content-Security-Policy"));
    }
}

static void a_handler_may_say_how_long_its_answer_keeps(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(stage_get(stage, GET, "/kept"), 200);
    assert_string_equal(mock_header(&stage->mock, "Cache-Control"), "public");
}

static void a_sane_request_id_is_taken_over(void **state)
{
    static const char *const sane[] = {
        "12345678", "0198c2b6-5a1e-7c3d-9d3f-000000000001", "a_b.c-D4",
        "0123456789012345678901234567890123456789012345678901234567890123"};
    struct stage *stage = *state;

    for (size_t i = 0; i < ARRAY_LEN(sane); i++) {
        mock_send_header(stage_ask(stage, GET, "/now"), "x-request-id", sane[i]);
        assert_int_equal(stage_send(stage), 200);
        assert_string_equal(mock_header(&stage->mock, "X-Request-Id"), sane[i]);
    }
}

static void any_other_request_id_is_made_anew(void **state)
{
    static const char *const other[] = {
        "",
        "1234567",
        "with a blank",
        "semi;colon",
        "quote\"quote",
        "umlaut-\xc3\xa4",
        "01234567890123456789012345678901234567890123456789012345678901234"};
    struct stage *stage = *state;
    char before[64] = "";

    for (size_t i = 0; i < ARRAY_LEN(other); i++) {
        mock_send_header(stage_ask(stage, GET, "/now"), "x-request-id", other[i]);
        assert_int_equal(stage_send(stage), 200);
        const char *made = mock_header(&stage->mock, "X-Request-Id");
        assert_string_not_equal(made, other[i]);
        assert_int_equal(strlen(made), 16);
        assert_string_not_equal(made, before);
        (void)snprintf(before, sizeof before, "%s", made);
    }
}

static void a_path_that_nobody_has_is_missing_whoever_asks(void **state)
{
    struct stage *stage = *state;

    (void)stage_get(stage, GET, "/nowhere");
    assert_error(stage, MISSING, ERR_NO_ROUTE);
    assert_null(mock_header(&stage->mock, "Allow"));
    (void)stage_get_as(stage, "Bearer rubbish", POST, "/admins/7");
    assert_error(stage, MISSING, ERR_NO_ROUTE);
}

static void another_method_is_told_what_is_allowed_whoever_asks(void **state)
{
    struct stage *stage = *state;

    (void)stage_get(stage, DELETE, "/admins");
    assert_error(stage, INPUT, ERR_METHOD);
    assert_string_equal(mock_header(&stage->mock, "Allow"), "GET, HEAD, POST");
    (void)stage_get_as(stage, "Bearer rubbish", GET, "/write");
    assert_error(stage, INPUT, ERR_METHOD);
    assert_string_equal(mock_header(&stage->mock, "Allow"), "POST");
}

static void a_token_opens_what_asks_for_one(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLES);

    assert_int_equal(stage_get_as(stage, bearer, GET, "/name"), 200);
    assert_string_equal(stage->mock.body, "ann");
    assert_int_equal(stage_get_as(stage, bearer, HEAD, "/name"), 200);
}

static void without_a_good_token_nobody_is_let_in(void **state)
{
    static const char *const bad[] = {"",           "Bearer", "Bearer ", "Bearer rubbish",
                                      "Basic YTpi", "rubbish"};
    struct stage *stage = *state;

    (void)stage_get(stage, GET, "/name");
    assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_MISSING);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        (void)stage_get_as(stage, bad[i], GET, "/name");
        assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_INVALID);
        (void)stage_get_as(stage, bad[i], GET, "/admins");
        assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_INVALID);
    }
    assert_int_equal(stage->script.runs, 0);
    assert_int_equal(fixture_count(stage->fixture, EVENT_REFUSED), 0);
}

static void what_is_for_anyone_does_not_look_at_tokens(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(stage_get_as(stage, "Bearer rubbish", GET, "/now"), 200);
}

static void what_is_for_anyone_known_judges_the_token_that_is_shown(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLES);

    assert_int_equal(stage_get(stage, GET, "/known"), 200);
    assert_int_equal(stage->script.seen, ACTOR_NOBODY);
    assert_int_equal(stage_get_as(stage, bearer, GET, "/known"), 200);
    assert_int_equal(stage->script.seen, ACTOR_USER);
    (void)stage_get_as(stage, "Bearer rubbish", GET, "/known");
    assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_INVALID);
}

static void at_an_open_face_nobody_holds_what_an_administrator_holds(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLES);

    stage->script.face.open = true;
    assert_int_equal(stage_get(stage, GET, "/admins"), 200);
    assert_int_equal(stage->script.seen, ACTOR_OPEN);
    assert_int_equal(stage_get(stage, POST, "/admins"), 200);
    assert_int_equal(stage_get(stage, GET, "/known"), 200);
    assert_int_equal(stage->script.seen, ACTOR_OPEN);
    (void)stage_get(stage, GET, "/metrics"); /* ADMIN may not */
    assert_error(stage, FORBIDDEN, ERR_FORBIDDEN);
    (void)stage_get(stage, GET, "/name"); /* what is about oneself asks who that is */
    assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_MISSING);

    (void)stage_get_as(stage, bearer, GET, "/admins"); /* who is somebody is no more than that */
    assert_error(stage, FORBIDDEN, ERR_FORBIDDEN);
    (void)stage_get_as(stage, "Bearer rubbish", GET, "/admins");
    assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_INVALID);
}

/* GET without a token, of a request that names this host. */
static int get_at(struct stage *stage, const char *host, const char *path)
{
    stage_ask(stage, GET, path)->x.request.host = str_of(host);
    return stage_send(stage);
}

static void an_open_face_is_open_under_our_own_names_alone(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLE_SUPER_ADMIN);

    stage->script.face.open = true;
    assert_int_equal(get_at(stage, "localhost:8085", "/admins"), 200);
    assert_int_equal(get_at(stage, "ID.example.com", "/admins"), 200);
    (void)stage_logged(stage);
    (void)get_at(stage, "evil.example:8085", "/admins");
    assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_MISSING);
    assert_int_equal(stage->script.runs, 0);
    const char *line = stage_logged(stage);
    assert_non_null(strstr(line, "evil.example:8085"));
    assert_non_null(strstr(line, "http.public_url"));
    (void)get_at(stage, NULL, "/admins"); /* of HTTP/1.0 */
    assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_MISSING);

    (void)stage_logged(stage);
    assert_int_equal(get_at(stage, "evil.example:8085", "/known"), 200);
    assert_int_equal(stage->script.seen, ACTOR_NOBODY);
    assert_null(strstr(stage_logged(stage), "http.public_url"));
    stage_ask(stage, GET, "/admins")->x.request.host = STR("evil.example:8085");
    mock_send_header(&stage->mock, "authorization", bearer);
    assert_int_equal(stage_send(stage), 200); /* a token counts wherever it is shown */
}

static void who_may_not_is_forbidden_and_that_is_told(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLES);

    (void)stage_get_as(stage, bearer, GET, "/admins");
    assert_error(stage, FORBIDDEN, ERR_FORBIDDEN);
    (void)stage_get_as(stage, bearer, POST, "/admins"); /* a route of another lane and kind */
    assert_error(stage, FORBIDDEN, ERR_FORBIDDEN);
    assert_int_equal(stage->script.runs, 0);
    assert_int_equal(fixture_count(stage->fixture, EVENT_REFUSED), 2);
}

static void the_event_of_a_refusal_says_who_and_from_where(void **state)
{
    struct stage *stage = *state;
    struct fixture *f = stage->fixture;
    struct user user = fixture_user(f, "ann");
    struct logged_in in = fixture_login(f, "ann");
    struct str text;
    size_t count;

    assert_ok(arena_print(f->arena, &text, "Bearer %.*s", STR_ARG(in.token.text)));
    (void)stage_get_as(stage, text.ptr, GET, "/admins");
    const struct event *events = fixture_events(f, &count);
    const struct event *last = &events[count - 1];
    assert_str(last->verb, "refused");
    assert_true(id_eq(last->actor, user.id));
    assert_str(last->source, "192.0.2.7");
    assert_str(last->face, "play");
}

static void a_refusal_by_the_domain_is_told_like_one_by_the_row(void **state)
{
    struct stage *stage = *state;

    stage->script.answer = ERR_FORBIDDEN;
    stage->script.tells = true;
    (void)stage_get_as(stage, stage_bearer(stage, "ann", ROLE_ADMIN), POST, "/admins");
    assert_error(stage, FORBIDDEN, ERR_FORBIDDEN);
    assert_int_equal(fixture_count(stage->fixture, EVENT_REFUSED), 1);
}

/* Or whoever likes fills the store with it. */
static void a_refusal_of_nobody_is_not_told(void **state)
{
    struct stage *stage = *state;

    stage->script.answer = ERR_FORBIDDEN;
    (void)stage_get(stage, POST, "/write");
    assert_error(stage, FORBIDDEN, ERR_FORBIDDEN);
    assert_int_equal(fixture_count(stage->fixture, EVENT_REFUSED), 0);
    stage->script.becomes_someone = true;
    (void)stage_get(stage, POST, "/write");
    assert_int_equal(fixture_count(stage->fixture, EVENT_REFUSED), 1);
}

static void a_refusal_that_cannot_be_told_is_no_answer(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLES);

    fixture_fill_disk();
    int status = stage_get_as(stage, bearer, GET, "/admins");
    fixture_free_disk();
    assert_int_equal(status, UNAVAILABLE);
}

static void who_may_is_let_through(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLE_ADMIN);

    assert_int_equal(stage_get_as(stage, bearer, GET, "/admins"), 200);
    assert_int_equal(stage_get_as(stage, bearer, POST, "/admins"), 200);
}

static void metrics_are_for_some_addresses_and_some_people(void **state)
{
    struct stage *stage = *state;

    (void)stage_get(stage, GET, "/metrics");
    assert_error(stage, UNAUTHENTICATED, ERR_TOKEN_MISSING);
    stage_ask(stage, GET, "/metrics")->x.request.peer = STR("192.0.2.8");
    assert_int_equal(stage_send(stage), 200);
    (void)stage_get_as(stage, stage_bearer(stage, "ann", ROLE_ADMIN), GET, "/metrics");
    assert_error(stage, FORBIDDEN, ERR_FORBIDDEN);
    assert_int_equal(
        stage_get_as(stage, stage_bearer(stage, "root", ROLE_SUPER_ADMIN), GET, "/metrics"), 200);
}

static void a_node_that_hears_nothing_says_no(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLES);

    mock_send_header(stage_ask(stage, GET, "/name"), "authorization", bearer);
    standing_read_through(stage->fixture->service.standing, monotonic_ms() - 10001);
    pipeline_admit(stage->local, &stage->mock.x);
    assert_error(stage, UNAVAILABLE, ERR_STORE_DOWN);
}

static void of_a_failed_handler_no_header_survives(void **state)
{
    static const struct {
        enum http_method method;
        const char *path;
    } rows[] = {
        {GET,  "/now"  },
        {POST, "/none" },
        {POST, "/write"},
        {POST, "/login"}
    };
    struct stage *stage = *state;

    stage->script.answer = ERR_USERNAME_TAKEN;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)stage_get(stage, rows[i].method, rows[i].path);
        assert_error(stage, STATUS_OF(CLASS_CONFLICT), ERR_USERNAME_TAKEN);
        assert_null(mock_header(&stage->mock, "X-Play"));
        assert_string_equal(mock_header(&stage->mock, "Cache-Control"), "no-store");
    }
}

/* Two policies would both count. */
static void a_page_has_its_own_policy_and_an_error_that_of_every_answer(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(stage_get(stage, GET, "/page"), 200);
    assert_string_equal(mock_header(&stage->mock, "Content-Security-Policy"),
                        "default-src 'none'; style-src 'self'");
    stage->script.answer = ERR_MISSING;
    (void)stage_get(stage, GET, "/page");
    assert_string_equal(mock_header(&stage->mock, "Content-Security-Policy"),
                        "default-src 'none'; frame-ancestors 'none'");
}

static void what_a_failed_handler_wrote_is_not_there(void **state)
{
    struct stage *stage = *state;

    stage->script.tells = true;
    assert_int_equal(stage_get(stage, POST, "/write"), 200);
    assert_int_equal(fixture_count(stage->fixture, EVENT_LOGIN), 1);
    stage->script.answer = ERR_USERNAME_TAKEN;
    (void)stage_get(stage, POST, "/write");
    (void)stage_get(stage, POST, "/login");
    assert_int_equal(fixture_count(stage->fixture, EVENT_LOGIN), 1);
}

static void a_unit_that_clashed_gives_one_clean_answer(void **state)
{
    struct stage *stage = *state;

    stage->script.retries = 2;
    stage->script.tells = true;
    stage->script.broken_header = true;
    assert_int_equal(stage_get(stage, POST, "/write"), 200);
    assert_string_equal(stage->mock.body, "run 3");
    assert_string_equal(mock_header(&stage->mock, "X-Play"), "yes"); /* once */
    assert_string_equal(mock_header(&stage->mock, "Cache-Control"), "no-store");
    assert_int_equal(fixture_count(stage->fixture, EVENT_LOGIN), 1);
}

static void each_run_begins_with_the_actor_who_asks(void **state)
{
    struct stage *stage = *state;

    stage->script.retries = 1;
    stage->script.becomes_someone = true;
    assert_int_equal(stage_get(stage, POST, "/login"), 200);
    assert_int_equal(stage->script.runs, 2);
    assert_int_equal(stage->script.seen, ACTOR_NOBODY);
}

static void a_header_that_cannot_be_said_does_not_spoil_the_error(void **state)
{
    struct stage *stage = *state;

    stage->script.broken_header = true;
    stage->script.answer = ERR_USERNAME_TAKEN;
    (void)stage_get(stage, GET, "/now");
    assert_error(stage, STATUS_OF(CLASS_CONFLICT), ERR_USERNAME_TAKEN);
}

static void a_unit_that_clashes_for_ever_is_given_up(void **state)
{
    struct stage *stage = *state;

    stage->script.retries = 1000;
    (void)stage_get(stage, POST, "/write");
    assert_error(stage, UNAVAILABLE, ERR_STORE_RETRY);
    assert_string_equal(mock_header(&stage->mock, "Retry-After"), "1");
    assert_in_range(stage->script.runs, 2, 10);
}

static void who_may_come_back_is_told_when(void **state)
{
    struct stage *stage = *state;

    stage->script.answer = ERR_TOO_MANY;
    (void)stage_get(stage, GET, "/wait");
    assert_error(stage, TOO_MANY, ERR_TOO_MANY);
    assert_string_equal(mock_header(&stage->mock, "Retry-After"), "77");
    stage->script.answer = ERR_BUSY;
    (void)stage_get(stage, GET, "/now");
    assert_error(stage, UNAVAILABLE, ERR_BUSY);
    assert_string_equal(mock_header(&stage->mock, "Retry-After"), "1");
    stage->script.answer = ERR_FORBIDDEN;
    (void)stage_get(stage, GET, "/wait");
    assert_null(mock_header(&stage->mock, "Retry-After"));
}

static void too_many_wrong_passwords_of_a_network_stop_it(void **state)
{
    struct stage *stage = *state;
    int64_t wait;

    stage->fixture->settings.network_minute = 2;
    stage->script.answer = ERR_CREDENTIALS;
    assert_int_equal(stage_get(stage, POST, "/login"), UNAUTHENTICATED);
    assert_int_equal(stage_get(stage, POST, "/login"), UNAUTHENTICATED);
    (void)stage_get(stage, POST, "/login");
    assert_error(stage, TOO_MANY, ERR_TOO_MANY);
    assert_ok(number_parse(str_of(mock_header(&stage->mock, "Retry-After")), 1, 30, &wait));
    assert_int_equal(stage->script.runs, 0);
    stage_ask(stage, POST, "/login")->x.request.peer = STR("192.0.2.9");
    assert_int_equal(stage_send(stage), UNAUTHENTICATED);
}

static void what_the_parser_refused_is_answered_and_nothing_more(void **state)
{
    struct stage *stage = *state;

    stage_ask(stage, GET, "/now")->x.refused = ERR_HEADERS_LARGE;
    (void)stage_send(stage);
    assert_error(stage, INPUT, ERR_HEADERS_LARGE);
    stage_ask(stage, METHOD_NONE, "")->x.refused = ERR_TARGET_LONG;
    (void)stage_send(stage);
    assert_error(stage, INPUT, ERR_TARGET_LONG);
    assert_int_equal(stage->script.runs, 0);
}

static void a_proxy_that_sends_no_address_is_refused_on_every_path(void **state)
{
    static const char *const paths[] = {"/now", "/nowhere", "/name", "/write"};
    struct stage *stage = *state;

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct mock *mock = stage_ask(stage, GET, paths[i]);
        mock->x.request.peer = STR("10.1.2.3");
        mock_send_header(mock, "x-forwarded-for", "rubbish");
        (void)stage_send(stage);
        assert_error(stage, INPUT, ERR_REQUEST_MALFORMED);
    }
}

static void each_request_is_one_line_with_who_really_sent_it(void **state)
{
    static const char *const paths[] = {"/now", "/nowhere"};
    struct stage *stage = *state;

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct mock *mock = stage_ask(stage, GET, paths[i]);
        mock->x.request.peer = STR("10.1.2.3");
        mock_send_header(mock, "x-forwarded-for", "203.0.113.5");
        mock_send_header(mock, "x-request-id", "the-id-of-it");
        (void)stage_send(stage);
        const char *line = stage_logged(stage);
        assert_non_null(strstr(line, "\"the-id-of-it\""));
        assert_non_null(strstr(line, "\"203.0.113.5\""));
        assert_null(strstr(line, "10.1.2.3"));
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    }
}

enum {
    FULL = 1024 + 1
}; /* one with the worker, the others in the queue */

static void a_full_lane_sends_people_away_at_once(void **state)
{
    struct stage *stage = *state;
    static struct mock mocks[FULL];
    sem_t gate;

    assert_int_equal(sem_init(&gate, 0, 0), 0);
    stage->script.gate = &gate;
    for (size_t i = 0; i < FULL; i++) {
        mock_make(&mocks[i]);
        mock_ask(&mocks[i], POST, "/none");
        pipeline_admit(stage->local, &mocks[i].x);
        while (i == 0 && atomic_load(&stage->script.runs) == 0) {
            (void)usleep(1000);
        }
    }
    (void)stage_ask(stage, POST, "/none");
    pipeline_admit(stage->local, &stage->mock.x); /* answered on this thread: no waiting */
    assert_error(stage, UNAVAILABLE, ERR_BUSY);
    assert_string_equal(mock_header(&stage->mock, "Retry-After"), "1");
    for (size_t i = 0; i < FULL; i++) {
        (void)sem_post(&gate);
    }
    for (size_t i = 0; i < FULL; i++) {
        mock_await(&mocks[i]);
        mock_destroy(&mocks[i]);
    }
    stage->script.gate = NULL;
    (void)sem_destroy(&gate);
}

static void a_call_that_waited_too_long_is_not_begun(void **state)
{
    struct stage *stage = *state;
    struct mock *mock = stage_ask(stage, POST, "/none");
    struct local *worker;

    assert_ok(local_open(stage->web, DESK_STORE, &worker));
    struct call *c = &mock->call;
    *c = (struct call){.x = &mock->x,
                       .web = stage->web,
                       .face = &stage_face,
                       .route = &stage_face.routes[STAGE_NONE],
                       .request_id = STR("given"),
                       .settings = &stage->script};
    c->ctx = service_ctx(&stage->fixture->service, NULL, mock->x.arena);
    pipeline_work(worker, c, /* late= */ true);
    assert_error(stage, UNAVAILABLE, ERR_BUSY);
    assert_int_equal(stage->script.runs, 0);
    local_close(worker);
}

int main(void)
{
#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)
    const struct CMUnitTest tests[] = {
        ON_STAGE(every_lane_answers),
        ON_STAGE(every_answer_has_the_common_headers),
        ON_STAGE(a_handler_may_say_how_long_its_answer_keeps),
        ON_STAGE(a_sane_request_id_is_taken_over),
        ON_STAGE(any_other_request_id_is_made_anew),
        ON_STAGE(a_path_that_nobody_has_is_missing_whoever_asks),
        ON_STAGE(another_method_is_told_what_is_allowed_whoever_asks),
        ON_STAGE(a_token_opens_what_asks_for_one),
        ON_STAGE(without_a_good_token_nobody_is_let_in),
        ON_STAGE(what_is_for_anyone_does_not_look_at_tokens),
        ON_STAGE(what_is_for_anyone_known_judges_the_token_that_is_shown),
        ON_STAGE(at_an_open_face_nobody_holds_what_an_administrator_holds),
        ON_STAGE(an_open_face_is_open_under_our_own_names_alone),
        ON_STAGE(who_may_not_is_forbidden_and_that_is_told),
        ON_STAGE(the_event_of_a_refusal_says_who_and_from_where),
        ON_STAGE(a_refusal_by_the_domain_is_told_like_one_by_the_row),
        ON_STAGE(a_refusal_of_nobody_is_not_told),
        ON_STAGE(a_refusal_that_cannot_be_told_is_no_answer),
        ON_STAGE(who_may_is_let_through),
        ON_STAGE(metrics_are_for_some_addresses_and_some_people),
        ON_STAGE(a_node_that_hears_nothing_says_no),
        ON_STAGE(of_a_failed_handler_no_header_survives),
        ON_STAGE(a_page_has_its_own_policy_and_an_error_that_of_every_answer),
        ON_STAGE(what_a_failed_handler_wrote_is_not_there),
        ON_STAGE(a_unit_that_clashed_gives_one_clean_answer),
        ON_STAGE(each_run_begins_with_the_actor_who_asks),
        ON_STAGE(a_header_that_cannot_be_said_does_not_spoil_the_error),
        ON_STAGE(a_unit_that_clashes_for_ever_is_given_up),
        ON_STAGE(who_may_come_back_is_told_when),
        ON_STAGE(too_many_wrong_passwords_of_a_network_stop_it),
        ON_STAGE(what_the_parser_refused_is_answered_and_nothing_more),
        ON_STAGE(a_proxy_that_sends_no_address_is_refused_on_every_path),
        ON_STAGE(each_request_is_one_line_with_who_really_sent_it),
        ON_STAGE(a_full_lane_sends_people_away_at_once),
        ON_STAGE(a_call_that_waited_too_long_is_not_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
