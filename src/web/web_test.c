#include "base/arena.h"
#include "base/check.h"
#include "ops/metrics.h"
#include "web/stage.h"
#include "web/web.h"

static const struct web_plan *plan_with(struct stage *stage, const char *proxies, const char *from)
{
    static const unsigned listeners[] = {1};
    static struct router_face faces[1];
    static struct web_plan plan;

    faces[0] = (struct router_face){&stage_face, &stage->script};
    plan = (struct web_plan){
        .service = &stage->fixture->service,
        .log = stage->log,
        .faces = faces,
        .face_count = 1,
        .listener_faces = listeners,
        .trusted_proxies = str_of(proxies),
        .metrics_from = str_of(from),
        .store_workers = 1,
        .away_workers = 1,
        .hash_workers = 1,
    };
    return &plan;
}

static void settings_that_cannot_be_are_told(void **state)
{
    struct stage *stage = *state;
    struct reason reason = {0};
    struct web *web = NULL;

    assert_err(web_open(plan_with(stage, "10.0.0.1/8", ""), &reason, &web), ERR_CONFIG);
    assert_non_null(strstr(reason.detail, "10.0.0.1/8"));
    reason = (struct reason){0};
    assert_err(web_open(plan_with(stage, "", "localhost"), &reason, &web), ERR_CONFIG);
    assert_non_null(strstr(reason.detail, "localhost"));
    assert_null(web);
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    web_close(NULL);
}

static void what_the_server_calls_answers(void **state)
{
    struct stage *stage = *state;
    struct http_app app = web_app(stage->web);
    void *local = app.loop_start(app.app, 0);

    assert_non_null(local);
    struct mock *mock = stage_ask(stage, GET, "/now");
    mock->x.local = local;
    app.answer(app.app, &mock->x);
    mock_await(mock);
    assert_int_equal(mock->status, 200);
    app.loop_idle(app.app, local);
    app.loop_end(app.app, local);
}

static const char *metrics_of(struct stage *stage)
{
    struct buf text = buf_in_arena(stage->fixture->arena, 1 << 20);

    web_write_metrics(stage->web, &text);
    buf_put_char(&text, '\0');
    assert_false(text.failed);
    return text.data;
}

static void requests_are_counted_by_their_row(void **state)
{
    struct stage *stage = *state;

    (void)stage_get(stage, GET, "/now");
    (void)stage_get(stage, GET, "/now");
    (void)stage_get(stage, GET, "/nowhere/7");
    (void)stage_get(stage, POST, "/none");
    const char *text = metrics_of(stage);
    assert_non_null(strstr(text, "route=\"/now\""));
    assert_non_null(strstr(text, "route=\"/none\""));
    assert_non_null(strstr(text, "route=\"none\""));
    assert_null(strstr(text, "/nowhere")); /* no label is what a stranger types */
}

static void lanes_and_others_join_the_metrics(void **state)
{
    struct stage *stage = *state;

    assert_ok(metrics_add(web_metrics(stage->web), metrics_process, NULL));
    const char *text = metrics_of(stage);
    assert_non_null(strstr(text, "signet_lane_waiting{lane=\"store\"} 0\n"));
    assert_non_null(strstr(text, "signet_lane_waiting{lane=\"hash\"} 0\n"));
    assert_non_null(strstr(text, "process_"));
}

static void the_router_has_all_rows(void **state)
{
    struct stage *stage = *state;
    const struct face *face;

    assert_int_equal(router_count(web_router(stage->web)), stage_face.route_count);
    assert_ptr_equal(router_route(web_router(stage->web), 0, &face), &stage_face.routes[0]);
    assert_ptr_equal(face, &stage_face);
}

int main(void)
{
#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)
    const struct CMUnitTest tests[] = {
        ON_STAGE(settings_that_cannot_be_are_told),  ON_STAGE(closing_nothing_is_fine),
        ON_STAGE(what_the_server_calls_answers),     ON_STAGE(requests_are_counted_by_their_row),
        ON_STAGE(lanes_and_others_join_the_metrics), ON_STAGE(the_router_has_all_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
