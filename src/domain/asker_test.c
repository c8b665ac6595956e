#include "base/check.h"
#include "domain/asker.h"
#include "domain/fixture.h"
#include "domain/service_key.h"
#include "domain/session.h"
#include "store/queries.h"

/* What somebody asks for, and what becomes of them while it is done. */
struct asked {
    struct actor asker;
    struct user user;
    bool writes, ends_own;
};

static enum err do_it(struct ctx *ctx, void *with)
{
    struct asked *asked = with;

    TRY(asked->writes
            ? user_set_password(ctx, &asked->user, (struct secret){STR("another password")})
            : ERR_OK);
    TRY(asked->ends_own ? session_end(ctx, asked->asker.session) : ERR_OK);
    return asker_confirm(ctx, &asked->asker);
}

static enum err end_all(struct ctx *ctx, void *with)
{
    const struct asked *asked = with;

    return session_end_others(ctx, asked->user.id, (struct id){0});
}

static struct asked somebody(struct fixture *f)
{
    struct asked asked = {.user = fixture_user(f, "paul"), .writes = true};
    struct logged_in in = fixture_login(f, "paul");

    assert_ok(fixture_accept(f, in.token.text, &asked.asker));
    assert_true(id_is_set(asked.asker.session));
    return asked;
}

static enum err try_to(struct fixture *f, struct asked *asked)
{
    return fixture_run(f, &asked->asker, TX_WRITE, do_it, asked);
}

static void who_was_logged_out_meanwhile_has_written_nothing(void **state)
{
    struct fixture *f = *state;
    struct asked asked = somebody(f);

    assert_ok(try_to(f, &asked)); /* their own session goes on */
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, end_all, &asked));
    size_t before = fixture_count(f, EVENT_PASSWORD_CHANGED);
    assert_err(try_to(f, &asked), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_PASSWORD_CHANGED), before);
}

static void what_only_reads_is_not_asked_again(void **state)
{
    struct fixture *f = *state;
    struct asked asked = somebody(f);

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, end_all, &asked));
    asked.writes = false;
    assert_ok(try_to(f, &asked));
}

static void whoever_ends_their_own_session_may(void **state)
{
    struct fixture *f = *state;
    struct asked asked = somebody(f);

    asked.ends_own = true;
    assert_ok(try_to(f, &asked));
    assert_err(try_to(f, &asked), ERR_MISSING);
}

static enum err make_key(struct ctx *ctx, void *with)
{
    const struct str all[] = {STR("*")};
    struct actor *actor = with;
    struct service_key key;
    struct secret text;

    const struct new_service_key in = {
        .name = actor->username, .permissions = {all, 1}
    };
    TRY(service_key_make(ctx, &in, &key, &text));
    actor->service_key = key.id;
    return ERR_OK;
}

static struct actor key_called(struct fixture *f, const char *name)
{
    struct actor actor = {.kind = ACTOR_SERVICE, .username = str_of(name)};

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make_key, &actor));
    return actor;
}

static enum err revoke(struct ctx *ctx, void *with)
{
    return service_key_revoke(ctx, *(const struct id *)with);
}

/* A key that revokes itself has done so. */
static enum err revoke_own(struct ctx *ctx, void *with)
{
    const struct asked *asked = with;

    TRY(service_key_revoke(ctx, asked->asker.service_key));
    return asker_confirm(ctx, &asked->asker);
}

static void a_key_that_was_revoked_meanwhile_has_written_nothing(void **state)
{
    struct fixture *f = *state;
    struct asked asked = somebody(f), other;

    asked.asker = key_called(f, "first");
    other = asked;
    other.asker = key_called(f, "second");
    assert_ok(try_to(f, &asked));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, revoke, &asked.asker.service_key));
    assert_err(try_to(f, &asked), ERR_TOKEN_INVALID);
    assert_ok(fixture_run(f, &other.asker, TX_WRITE, revoke_own, &other));
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(who_was_logged_out_meanwhile_has_written_nothing),
        FIXTURE_TEST(what_only_reads_is_not_asked_again),
        FIXTURE_TEST(whoever_ends_their_own_session_may),
        FIXTURE_TEST(a_key_that_was_revoked_meanwhile_has_written_nothing),
    };

    return fixture_main(count, tests, ARRAY_LEN(tests));
}
