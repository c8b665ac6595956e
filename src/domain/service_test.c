#include "base/check.h"
#include "crypto/hasher.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/service.h"

static void each_face_has_its_own_settings(void **state)
{
    struct fixture *f = *state;

    assert_ptr_equal(service_face(&f->service, STR(EDGE)), &f->edge);
    assert_ptr_equal(service_face(&f->service, STR(CORPORATE)), &f->corporate);
}

static void the_longest_token_is_that_of_any_face(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(service_longest_token(&f->service), EDGE_LIFE);
    f->corporate.token_seconds = EDGE_LIFE + 1;
    assert_int_equal(service_longest_token(&f->service), EDGE_LIFE + 1);
}

static void all_places_for_faces_can_be_taken(void **state)
{
    struct fixture *f = *state;
    static struct face_settings many[SERVICE_FACES];
    static const char *const names[SERVICE_FACES] = {"a", "b", "c", "d", "e", "f", "g", "h"};

    for (size_t i = 0; i < SERVICE_FACES; i++) {
        many[i].token_seconds = (int64_t)i + 1;
        f->service.faces[i] = (struct face_entry){str_of(names[i]), &many[i], i % 2 == 1};
    }
    for (size_t i = 0; i < SERVICE_FACES; i++) {
        assert_ptr_equal(service_face(&f->service, str_of(names[i])), &many[i]);
        assert_int_equal(service_refreshes(&f->service, str_of(names[i])), i % 2 == 1);
    }
    assert_int_equal(service_longest_token(&f->service), SERVICE_FACES);
}

static void a_desk_has_what_its_work_needs(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum desk_kind kind;
        bool seat, tokens, hasher;
    } table[] = {
        {DESK_MEMORY,      false, true,  false},
        {DESK_STORE,       true,  false, false},
        {DESK_HASH_DIRECT, true,  false, true },
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct desk *desk;
        assert_ok(desk_open(&f->service, table[i].kind, &desk));
        assert_int_equal(desk->seat != NULL, table[i].seat);
        assert_int_equal(desk->tokens != NULL, table[i].tokens);
        assert_int_equal(desk->hasher != NULL, table[i].hasher);
        assert_non_null(desk->digester);
        assert_non_null(desk->reader);
        desk_close(&f->service, desk);
    }
    desk_close(&f->service, NULL);
}

static void desks_share_a_hasher_that_they_are_lent(void **state)
{
    struct fixture *f = *state;
    struct hasher *hasher;
    struct desk *desks[2];

    assert_ok(desk_hasher_open(&f->service, 1, &hasher));
    for (size_t i = 0; i < ARRAY_LEN(desks); i++) {
        assert_ok(desk_open(&f->service, DESK_STORE, &desks[i]));
        desks[i]->hasher = hasher;
    }
    desk_close(&f->service, desks[0]);
    struct password_hash hash;
    assert_ok(hasher_make(desks[1]->hasher, STR("password"), &hash));
    desk_close(&f->service, desks[1]);
    desk_hasher_close(hasher);
}

static void a_cost_that_cannot_be_is_refused_at_once(void **state)
{
    struct fixture *f = *state;
    struct desk *desk = NULL;

    f->settings.hash_passes = 11;
    assert_err(desk_open(&f->service, DESK_HASH_DIRECT, &desk), ERR_CONFIG);
    assert_null(desk);
    f->settings.hash_passes = 1;
}

static void work_that_nobody_asked_for_is_nobodys(void **state)
{
    struct fixture *f = *state;
    struct moment before = moment_now();
    struct ctx ctx = service_ctx(&f->service, f->desk, f->arena);

    assert_int_equal(ctx.actor.kind, ACTOR_NOBODY);
    assert_int_equal(ctx.actor.permissions.bits, 0);
    assert_null(ctx.tx);
    assert_null(ctx.notes);
    assert_null(ctx.told);
    assert_false(moment_before(ctx.now, before));
}

static void the_operator_may_do_everything(void **state)
{
    (void)state;

    assert_true(permission_covers(actor_operator.permissions, permission_all()));
    assert_int_equal(actor_operator.permissions.bits, permission_all().bits);
    assert_false(id_is_set(actor_operator.user));
    assert_str(actor_operator.username, "operator");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(each_face_has_its_own_settings),
        FIXTURE_TEST(the_longest_token_is_that_of_any_face),
        FIXTURE_TEST(all_places_for_faces_can_be_taken),
        FIXTURE_TEST(a_desk_has_what_its_work_needs),
        FIXTURE_TEST(desks_share_a_hasher_that_they_are_lent),
        FIXTURE_TEST(a_cost_that_cannot_be_is_refused_at_once),
        FIXTURE_TEST(work_that_nobody_asked_for_is_nobodys),
        cmocka_unit_test(the_operator_may_do_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
