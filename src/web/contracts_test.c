#include "base/arena.h"
#include "base/check.h"
#include "web/call.h"
#include "web/contracts.h"
#include "web/openapi.h"
#include "web/router.h"

#include <pthread.h>

enum {
    THREADS = 8
};

static enum err nothing(struct call *c)
{
    (void)c;
    return ERR_OK;
}

static void write_error(struct call *c, enum err e)
{
    (void)e;
    c->x->status = 400;
}

// clang-format off
static const struct route rows[] = {
    {GET, "/things", MAY_ANYONE, TX_READ, STORE, RATE_ANY, CALLS(nothing), TELLS("In short", "At length."), GIVES_NOTHING(204)},
};
// clang-format on

static const struct face first_face = {
    .name = {"first", 5},
    .about = "One.",
    .routes = rows,
    .route_count = ARRAY_LEN(rows),
    .write_error = write_error,
};

struct fixture {
    struct contracts *contracts;
    struct router_face face;
};

static enum err get(struct fixture *f, const struct router_face *face, struct str *ret)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);

    return contracts_get(f->contracts, face, arena, NULL, ret);
}

static int set_up(void **state)
{
    static struct fixture fixture;

    fixture = (struct fixture){
        .face = {&first_face, NULL}
    };
    assert_ok(contracts_create(&fixture.contracts));
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    contracts_destroy(((struct fixture *)*state)->contracts);
    return 0;
}

static void a_contract_is_what_openapi_says_and_outlives_who_asked(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);
    struct fixture *f = *state;
    struct str kept, written;

    assert_ok(get(f, &f->face, &kept));
    assert_ok(openapi_write(arena, &f->face, NULL, &written));
    assert_true(written.len > 0 && str_eq(kept, written));
}

static void it_is_written_once_for_each_face(void **state)
{
    struct fixture *f = *state;
    struct face other_face = first_face;
    struct router_face other = {&other_face, NULL};
    struct str one, two, again;

    other_face.name = STR("other");
    assert_ok(get(f, &f->face, &one));
    assert_ok(get(f, &other, &two));
    assert_ok(get(f, &f->face, &again));
    assert_ptr_equal(one.ptr, again.ptr);
    assert_int_equal(one.len, again.len);
    assert_false(str_eq(one, two));
    assert_ok(get(f, &other, &again));
    assert_ptr_equal(two.ptr, again.ptr);
}

static void what_could_not_be_written_is_not_kept(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1, 100);
    struct fixture *f = *state;
    struct str text = {0};

    assert_err(contracts_get(f->contracts, &f->face, arena, NULL, &text), ERR_MEMORY);
    assert_false(str_is_set(text));
    assert_ok(get(f, &f->face, &text));
    assert_true(text.len > 1000);
}

struct asker {
    pthread_t thread;
    struct fixture *fixture;
    struct str read;
    enum err err;
};

static void *ask(void *with)
{
    struct asker *asker = with;

    asker->err = get(asker->fixture, &asker->fixture->face, &asker->read);
    return NULL;
}

static void whoever_asks_at_once_gets_the_same(void **state)
{
    struct asker askers[THREADS] = {0};

    for (size_t i = 0; i < THREADS; i++) {
        askers[i].fixture = *state;
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(askers[i].thread, NULL);
        assert_ok(askers[i].err);
        assert_ptr_equal(askers[i].read.ptr, askers[0].read.ptr);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_contract_is_what_openapi_says_and_outlives_who_asked),
        TEST(it_is_written_once_for_each_face),
        TEST(what_could_not_be_written_is_not_kept),
        TEST(whoever_asks_at_once_gets_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
