/* A face whose handlers do what the test says, and what runs it. */
#include "web/stage.h"

#include "base/arena.h"
#include "base/check.h"
#include "domain/event.h"
#include "domain/standing.h"
#include "ops/log.h"
#include "web/pipeline.h"

#include <unistd.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static struct script *script_of(struct call *c)
{
    return (struct script *)(uintptr_t)c->settings;
}

static enum err play(struct call *c)
{
    struct script *script = script_of(c);
    unsigned run = atomic_fetch_add(&script->runs, 1) + 1;
    struct str body = STR("");

    script->seen = c->ctx.actor.kind;
    if (script->gate) {
        while (sem_wait(script->gate) != 0) {
            /* interrupted by a signal */
        }
    }
    if (script->becomes_someone) {
        c->ctx.actor.kind = ACTOR_USER;
    }
    if (script->tells) {
        TRY(event(&c->ctx, EVENT_LOGIN, (struct id){0}));
    }
    answer_header(c, STR("X-Play"), STR("yes"));
    if (script->broken_header && run == 1) {
        answer_header(c, STR("X-Broken"), STR("a\r\nb"));
    }
    c->cacheable = script->answer == ERR_OK ? c->cacheable : true;
    (void)!arena_print(c->ctx.arena, &body, "run %u", run);
    TRY(answer_text(c, 200, STR("text/plain"), body));
    return run <= script->retries ? ERR_STORE_RETRY : script->answer;
}

static enum err tell_name(struct call *c)
{
    return answer_text(c, 200, STR("text/plain"), c->ctx.actor.username);
}

static enum err keep_long(struct call *c)
{
    c->cacheable = true;
    answer_header(c, STR("Cache-Control"), STR("public"));
    return answer_empty(c, 200);
}

static enum err show_page(struct call *c)
{
    c->policy = STR("default-src 'none'; style-src 'self'");
    TRY(script_of(c)->answer);
    return answer_text(c, 200, STR("text/html"), STR("<p>"));
}

static enum err fail_with_wait(struct call *c)
{
    c->ctx.reason.retry_after = 77;
    return script_of(c)->answer;
}

/* clang-format off */
static const struct route routes[] = {
    {GET,  "/now",        MAY_ANYONE,            TX_NONE,  NOW,   RATE_ANY,   play},
    {POST, "/none",       MAY_ANYONE,            TX_NONE,  STORE, RATE_ANY,   play},
    {POST, "/write",      MAY_ANYONE,            TX_WRITE, STORE, RATE_ANY,   play},
    {POST, "/login",      MAY_ANYONE,            TX_LATE,  HASH,  RATE_LOGIN, play},
    {GET,  "/name",       MAY_SIGNED_IN,         TX_NONE,  NOW,   RATE_ANY,   tell_name},
    {GET,  "/admins",     MAY(PERMIT_ADMINS_READ), TX_READ, STORE, RATE_ANY,  play},
    {POST, "/admins",     MAY(PERMIT_ADMINS_WRITE), TX_LATE, HASH, RATE_ANY,  play},
    {GET,  "/metrics",    MAY_SCRAPE,            TX_NONE,  STORE, RATE_ANY,   play},
    {GET,  "/kept",       MAY_ANYONE,            TX_NONE,  NOW,   RATE_ANY,   keep_long},
    {GET,  "/page",       MAY_ANYONE,            TX_NONE,  NOW,   RATE_ANY,   show_page},
    {GET,  "/known",      MAY_ANYONE_KNOWN,      TX_NONE,  NOW,   RATE_ANY,   play},
    {GET,  "/wait",       MAY_ANYONE,            TX_NONE,  NOW,   RATE_ANY,   fail_with_wait},
};
/* clang-format on */

/* The shape of this face's errors: "!" and the error's name. */
static void write_error(struct call *c, enum err e)
{
    struct str body = STR("");

    (void)!arena_print(c->ctx.arena, &body, "!%s", err_name(e));
    (void)!answer_text(c, STATUS_OF(err_class(e)), STR("text/wrong"), body);
}

static const struct str prefixes[] = {
    {"/", 1}
};
const struct face stage_face = {
    .name = {"play", 4},
    .routes = routes,
    .route_count = ARRAY_LEN(routes),
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .can_open = true,
    .write_error = write_error,
};

static void open_web(struct stage *stage)
{
    static const unsigned listeners[] = {1};
    const struct router_face faces[] = {
        {&stage_face, &stage->script}
    };
    const struct log_settings settings = {STR("debug"), STR("json"), STR("all")};
    struct web_plan plan = {
        .service = &stage->fixture->service,
        .faces = faces,
        .face_count = 1,
        .listener_faces = listeners,
        .trusted_proxies = STR("10.0.0.0/8"),
        .metrics_from = STR("192.0.2.8"),
        .public_url = STR("https://id.example.com"),
        .store_workers = 1,
        .hash_workers = 1,
        .away_workers = 1,
    };

    assert_ok(log_open(&settings, stage->log_file, &stage->log));
    plan.log = stage->log;
    assert_ok(web_open(&plan, NULL, &stage->web));
    assert_ok(local_open(stage->web, DESK_MEMORY, &stage->local));
}

int stage_set_up(void **state)
{
    static struct stage stage;
    char name[] = "/tmp/signet-web-XXXXXX";
    void *fixture;

    memset(&stage, 0, sizeof stage);
    assert_int_equal(fixture_set_up(&fixture), 0);
    stage.fixture = fixture;
    stage.fixture->now = moment_now(); /* the pipeline's clock is the real one */
    stage.log_file = mkstemp(name);
    assert_true(stage.log_file >= 0);
    (void)unlink(name);
    assert_int_equal(fcntl(stage.log_file, F_SETFL, O_APPEND), 0);
    open_web(&stage);
    mock_make(&stage.mock);
    *state = &stage;
    return 0;
}

int stage_tear_down(void **state)
{
    struct stage *stage = *state;
    void *fixture = stage->fixture;

    mock_destroy(&stage->mock);
    local_close(stage->local);
    web_close(stage->web);
    log_close(stage->log);
    (void)close(stage->log_file);
    return fixture_tear_down(&fixture);
}

struct mock *stage_ask(struct stage *stage, enum http_method method, const char *path)
{
    mock_destroy(&stage->mock);
    mock_make(&stage->mock);
    mock_ask(&stage->mock, method, path);
    atomic_store(&stage->script.runs, 0);
    return &stage->mock;
}

int stage_send(struct stage *stage)
{
    standing_read_through(stage->fixture->service.standing, monotonic_ms());
    pipeline_admit(stage->local, &stage->mock.x);
    mock_await(&stage->mock);
    return stage->mock.status;
}

int stage_get(struct stage *stage, enum http_method method, const char *path)
{
    (void)stage_ask(stage, method, path);
    return stage_send(stage);
}

int stage_get_as(struct stage *stage, const char *authorization, enum http_method method,
                 const char *path)
{
    mock_send_header(stage_ask(stage, method, path), "authorization", authorization);
    return stage_send(stage);
}

const char *stage_bearer(struct stage *stage, const char *name, enum role role)
{
    struct fixture *f = stage->fixture;
    struct str text;

    (void)fixture_admin(f, name, role);
    struct logged_in in = fixture_login(f, name);
    assert_ok(arena_print(f->arena, &text, "Bearer %.*s", STR_ARG(in.token.text)));
    return text.ptr;
}

const char *stage_logged(struct stage *stage)
{
    static char text[65536];

    log_buffer_flush(stage->local->log);
    ssize_t length = pread(stage->log_file, text, sizeof text - 1, 0);
    assert_true(length >= 0);
    text[length] = '\0';
    assert_int_equal(ftruncate(stage->log_file, 0), 0);
    return text;
}
