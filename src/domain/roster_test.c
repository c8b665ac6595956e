#include "base/arena.h"
#include "base/check.h"
#include "domain/fixture.h"
#include "domain/roster.h"
#include "store/queries.h"

/* Users without a password: `name` and `name`@example.com. */
static struct id add(struct fixture *f, const char *name)
{
    struct new_user in = fixture_new_user(f, name);
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    struct user user = {.username = in.username,
                        .email = in.email,
                        .state = USER_ACTIVE,
                        .created = f->now,
                        .updated = f->now};

    f->now.ms++;
    assert_ok(id_make(f->now, &user.id));
    assert_ok(q_user_insert(ctx->tx, &user));
    fixture_keep(f);
    return user.id;
}

static void add_many(struct fixture *f, size_t count, struct id *ret_ids)
{
    char name[32];

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, "user%04zu", i);
        ret_ids[i] = add(f, name);
    }
}

static void settle_all(struct fixture *f)
{
    bool more = true;

    while (more) {
        assert_ok(roster_settle(fixture_ctx(f), &more));
    }
}

static struct roster_page page(struct fixture *f, const char *beginning, int64_t offset,
                               int64_t limit)
{
    struct roster_query query = {str_of(beginning), offset, limit};
    struct roster_page got;

    assert_ok(roster_page(fixture_begin(f, TX_READ), &query, &got));
    fixture_keep(f);
    return got;
}

/* Whether the pages of this length are everyone of `ids`, once each and in order. */
static void assert_pages(struct fixture *f, int64_t limit, const struct id *ids, size_t count)
{
    for (size_t at = 0; at <= count; at += (size_t)limit) {
        struct roster_page got = page(f, "", (int64_t)at, limit);
        size_t wanted = count - at < (size_t)limit ? count - at : (size_t)limit;
        assert_int_equal(got.total, count);
        assert_int_equal(got.count, wanted);
        assert_false(got.bounded);
        for (size_t i = 0; i < wanted; i++) {
            assert_true(id_eq(got.users[i].id, ids[at + i]));
        }
    }
}

enum {
    MANY = 450 /* more than are given a place in two units */
};

static void everyone_stands_on_one_page_with_and_without_a_place(void **state)
{
    struct fixture *f = *state;
    struct id ids[MANY];
    bool more;

    add_many(f, MANY, ids);
    assert_pages(f, 7, ids, MANY);
    assert_ok(roster_settle(fixture_ctx(f), &more));
    assert_true(more);
    assert_pages(f, 7, ids, MANY); /* some have one now */
    assert_pages(f, 300, ids, MANY);
    settle_all(f);
    assert_pages(f, 7, ids, MANY);
    assert_pages(f, MANY, ids, MANY);
}

static void beyond_the_end_there_is_nobody(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(page(f, "", 0, 20).count, 0);
    (void)add(f, "anna");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(page(f, "", 0, 20).count, 1);
        assert_int_equal(page(f, "", 1, 20).count, 0);
        assert_int_equal(page(f, "", INT64_MAX, INT64_MAX).count, 0);
        assert_int_equal(page(f, "", INT64_MAX, 20).total, 1);
        settle_all(f);
    }
}

static void a_page_has_everything_of_a_user(void **state)
{
    struct fixture *f = *state;
    struct user made = fixture_user(f, "Anna");

    for (int round = 0; round < 2; round++) {
        struct roster_page got = page(f, round ? "an" : "", 0, 20);
        assert_true(id_eq(got.users[0].id, made.id));
        assert_str(got.users[0].username.shown, "Anna");
        assert_str(got.users[0].email.shown, "Anna@example.com");
        assert_int_equal(got.users[0].state, USER_ACTIVE);
        assert_int_equal(got.users[0].created.ms, made.created.ms);
    }
}

static void leave(struct fixture *f, struct id user)
{
    assert_ok(roster_leave(fixture_begin(f, TX_WRITE), user));
    fixture_keep(f);
}

static void the_last_one_takes_the_place_of_one_who_leaves(void **state)
{
    struct fixture *f = *state;
    struct id ids[10];

    add_many(f, 10, ids);
    settle_all(f);
    leave(f, ids[3]);
    /* Who has left and is still there stands with those who wait. */
    struct id left[10] = {ids[0], ids[1], ids[2], ids[9], ids[4],
                          ids[5], ids[6], ids[7], ids[8], ids[3]};
    assert_pages(f, 4, left, 10);
    leave(f, ids[8]); /* the last one itself */
    settle_all(f);
    struct id again[10] = {ids[0], ids[1], ids[2], ids[9], ids[4],
                           ids[5], ids[6], ids[7], ids[3], ids[8]};
    assert_pages(f, 4, again, 10);
}

static void who_has_no_place_leaves_none(void **state)
{
    struct fixture *f = *state;
    struct id ids[2];

    add_many(f, 2, ids);
    leave(f, ids[0]);
    assert_pages(f, 1, ids, 2);
    assert_err(roster_leave(fixture_begin(f, TX_WRITE), (struct id){{1}}), ERR_MISSING);
    fixture_drop(f);
}

static void where_nobody_waits_nothing_is_written(void **state)
{
    struct fixture *f = *state;
    struct store_counters before, after;
    struct id ids[2];

    add_many(f, 2, ids);
    settle_all(f);
    store_counters(f->service.store, &before);
    settle_all(f);
    store_counters(f->service.store, &after);
    assert_int_equal(after.units, before.units);
}

static void a_search_finds_names_and_addresses_by_their_beginning(void **state)
{
    struct fixture *f = *state;
    struct id anna = add(f, "anna"), anne = add(f, "anne");

    (void)add(f, "bert");
    assert_int_equal(page(f, "ann", 0, 20).total, 2);
    assert_true(id_eq(page(f, "ann", 0, 20).users[0].id, anna));
    assert_true(id_eq(page(f, "ann", 1, 20).users[0].id, anne));
    assert_int_equal(page(f, "ann", 1, 20).count, 1);
    assert_int_equal(page(f, "ann", 2, 20).count, 0);
    assert_int_equal(page(f, "ANNE", 0, 20).total, 1); /* in any case */
    assert_int_equal(page(f, "anne@example", 0, 20).total, 1);
    assert_int_equal(page(f, "anne@example.com", 0, 20).total, 1);
    assert_int_equal(page(f, "nn", 0, 20).total, 0); /* not in the middle */
    assert_int_equal(page(f, "anneke", 0, 20).total, 0);
    assert_int_equal(page(f, "a%", 0, 20).total, 0);
    assert_int_equal(page(f, "a_n", 0, 20).total, 0);
    assert_int_equal(page(f, "\xff", 0, 20).total, 0);
    assert_false(page(f, "ann", 0, 20).bounded);
}

static void a_search_that_most_match_is_bounded_and_says_so(void **state)
{
    struct fixture *f = *state;
    struct id *ids = arena_array(f->arena, ROSTER_SEARCH_MOST + 5, sizeof *ids);

    assert_non_null(ids);
    add_many(f, ROSTER_SEARCH_MOST + 5, ids);
    struct roster_page got = page(f, "user", ROSTER_SEARCH_MOST - 10, 20);
    assert_int_equal(got.total, ROSTER_SEARCH_MOST);
    assert_int_equal(got.count, 10);
    assert_true(got.bounded);
    assert_true(id_eq(got.users[9].id, ids[ROSTER_SEARCH_MOST - 1]));
    assert_int_equal(page(f, "user0", 0, 20).total, ROSTER_SEARCH_MOST);
    assert_int_equal(page(f, "user1", 0, 20).total, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(everyone_stands_on_one_page_with_and_without_a_place),
        FIXTURE_TEST(beyond_the_end_there_is_nobody),
        FIXTURE_TEST(a_page_has_everything_of_a_user),
        FIXTURE_TEST(the_last_one_takes_the_place_of_one_who_leaves),
        FIXTURE_TEST(who_has_no_place_leaves_none),
        FIXTURE_TEST(where_nobody_waits_nothing_is_written),
        FIXTURE_TEST(a_search_finds_names_and_addresses_by_their_beginning),
        FIXTURE_TEST(a_search_that_most_match_is_bounded_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
