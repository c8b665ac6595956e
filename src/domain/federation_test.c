/* Into which account somebody comes whom a provider vouches for. */
#include "base/arena.h"
#include "base/check.h"
#include "crypto/jose.h"
#include "domain/federation.h"
#include "domain/federation_state.h"
#include "domain/identity.h"
#include "domain/pretend_provider.h"
#include "domain/providers.h"
#include "store/queries.h"

#include <string.h>

enum {
    MINUTE = 60,
    CROWD = 20
};

static enum err link(struct ctx *ctx, void *with)
{
    struct world *w = with;

    return federation_link(ctx, &w->vouched, &w->linked);
}

static struct user user_by(struct world *w, struct id id)
{
    struct user user;

    assert_ok(user_get(fixture_begin(w->f, TX_READ), id, &user));
    fixture_keep(w->f);
    return user;
}

static enum err verify(struct ctx *ctx, void *with)
{
    const struct user *user = with;

    return q_user_verified(ctx->tx, ctx->now, false, user->id);
}

static void whoever_is_vouched_for_gets_an_account_and_comes_back_to_it(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct says ann = {.more =
                           "\"email\":\"ann@example.com\",\"email_verified\":true,"
                           "\"given_name\":\"Ann\",\"family_name\":\"Lee\""};

    assert_ok(pretend_google(w, ann));
    struct user first = user_by(w, w->in.user.id);
    assert_str(first.email.shown, "ann@example.com");
    assert_str(first.first_name, "Ann");
    assert_str(first.last_name, "Lee");
    assert_int_equal(first.state, USER_ACTIVE);
    assert_true(moment_is_set(first.verified));
    assert_ok(fixture_accept(w->f, w->in.token.text, NULL));
    fixture_pass(w->f, MINUTE);
    ann.more = "\"email\":\"ann.lee@example.com\",\"email_verified\":true"; /* the subject counts */
    assert_ok(pretend_google(w, ann));
    assert_true(id_eq(w->in.user.id, first.id));
    assert_str(w->in.user.email.shown, "ann@example.com");
    assert_int_equal(fixture_count(w->f, EVENT_IDENTITY_LINKED), 1);
}

static void an_address_joins_where_both_have_verified_it(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct user ada = fixture_user(w->f, "ada"), bob = fixture_user(w->f, "bob");

    assert_ok(fixture_run(w->f, &actor_operator, TX_WRITE, verify, &ada));
    assert_ok(pretend_google(
        w, (struct says){.more = "\"email\":\"ADA@example.com\",\"email_verified\":true"}));
    assert_true(id_eq(w->in.user.id, ada.id));
    (void)fixture_login(w->f, "ada"); /* and the password is still theirs */
    /* The provider has not; we have not. */
    assert_err(pretend_google(w, (struct says){.subject = "2",
                                               .more = "\"email\":\"ada@example.com\","
                                                       "\"email_verified\":false"}),
               ERR_EMAIL_TAKEN);
    assert_err(
        pretend_google(w, (struct says){.subject = "3", .more = "\"email\":\"ada@example.com\""}),
        ERR_EMAIL_TAKEN);
    assert_err(pretend_google(w, (struct says){.subject = "4",
                                               .more = "\"email\":\"bob@example.com\","
                                                       "\"email_verified\":true"}),
               ERR_EMAIL_TAKEN);
    assert_false(moment_is_set(user_by(w, bob.id).verified));
}

static void the_word_of_microsoft_for_an_address_counts_for_nothing(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct user ada = fixture_user(w->f, "ada");
    struct says says = {.issuer = "https://microsoft.example/" TENANT "/v2.0",
                        .more = "\"tid\":\"" TENANT
                                "\",\"email\":\"ada@example.com\","
                                "\"email_verified\":true"};

    w->metadata_issuer = STR("https://microsoft.example/{tenantid}/v2.0");
    assert_ok(fixture_run(w->f, &actor_operator, TX_WRITE, verify, &ada));
    assert_err(pretend_show_token(w, PROVIDER_MICROSOFT, says), ERR_EMAIL_TAKEN);
    says.more = "\"tid\":\"" TENANT "\",\"email\":\"new@example.com\",\"email_verified\":true";
    assert_ok(pretend_show_token(w, PROVIDER_MICROSOFT, says));
    assert_false(moment_is_set(user_by(w, w->in.user.id).verified));
    assert_int_equal(w->in.user.state, USER_PENDING_VERIFICATION);
}

static void who_has_no_address_gets_a_name(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    assert_ok(pretend_google(w, (struct says){.subject = "1"}));
    assert_true(str_starts(w->in.user.username.shown, STR("google-")));
    assert_int_equal(w->in.user.email.key.len, 0);
    assert_ok(pretend_google(w, (struct says){.subject = "2", .more = "\"email\":\"no address\""}));
    assert_int_equal(w->in.user.email.key.len, 0);
}

static void what_is_linked_leads_into_the_account(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct user ada = fixture_user(w->f, "ada"), bob = fixture_user(w->f, "bob");
    struct actor as_ada = fixture_actor(w->f, ada.id), as_bob = fixture_actor(w->f, bob.id);
    struct federation_answer in = {.provider = PROVIDER_GOOGLE};
    struct identity *list;
    size_t count;

    in.id_token = pretend_token(w, (struct says){.more = "\"email\":\"a@b.example\""});
    assert_ok(federation_judge(fixture_ctx(w->f), &in, &w->vouched));
    assert_ok(fixture_run(w->f, &as_ada, TX_WRITE, link, w));
    assert_err(fixture_run(w->f, &as_ada, TX_WRITE, link, w), ERR_TOKEN_INVALID); /* once */
    assert_ok(pretend_google(w, (struct says){.issued = 1}));
    assert_true(id_eq(w->in.user.id, ada.id));
    in.id_token = pretend_token(w, (struct says){.issued = 2});
    assert_ok(federation_judge(fixture_ctx(w->f), &in, &w->vouched));
    assert_err(fixture_run(w->f, &as_bob, TX_WRITE, link, w), ERR_TAKEN);
    assert_ok(identity_list(fixture_begin(w->f, TX_READ), ada.id, &list, &count));
    fixture_keep(w->f);
    assert_int_equal(count, 1);
    assert_str(list[0].email, "a@b.example");
    assert_str(provider_name(list[0].provider), "google");
}

static enum err unlink_first(struct ctx *ctx, void *with)
{
    const struct user *user = with;
    struct identity *list;
    size_t count;

    TRY(identity_list(ctx, user->id, &list, &count));
    return count > 0 ? identity_remove(ctx, user, list[0].id) : ERR_MISSING;
}

static void the_only_way_in_stays(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    assert_ok(pretend_google(w, (struct says){.subject = "1"}));
    struct user nameless = w->in.user;
    assert_err(fixture_run(w->f, &actor_operator, TX_WRITE, unlink_first, &nameless), ERR_IN_USE);
    assert_ok(
        pretend_google(w, (struct says){.subject = "2", .more = "\"email\":\"a@b.example\""}));
    struct user addressed = w->in.user;
    assert_ok(fixture_run(w->f, &actor_operator, TX_WRITE, unlink_first, &addressed));
    assert_err(fixture_run(w->f, &actor_operator, TX_WRITE, unlink_first, &addressed), ERR_MISSING);
}

static void who_may_not_come_in_does_not_by_a_provider(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    assert_ok(pretend_google(w, (struct says){0}));
    assert_ok(fixture_set_state(fixture_begin(w->f, TX_WRITE), w->in.user.id, USER_SUSPENDED));
    fixture_keep(w->f);
    assert_err(pretend_google(w, (struct says){.issued = 1}), ERR_ACCOUNT_STATE);
}

struct newcomer {
    struct vouched vouched;
    struct logged_in in;
};

static enum err enter_newcomer(struct ctx *ctx, void *with)
{
    struct newcomer *newcomer = with;

    return federation_enter(ctx, &newcomer->vouched, &newcomer->in);
}

static void of_many_at_the_same_moment_all_get_one_account(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct newcomer *newcomers = arena_array(w->f->arena, CROWD, sizeof *newcomers);
    struct fixture_one ones[CROWD];

    assert_non_null(newcomers);
    for (size_t i = 0; i < CROWD; i++) {
        struct federation_answer in = {.provider = PROVIDER_GOOGLE};
        in.id_token = pretend_token(
            w, (struct says){.life = 60 + (int64_t)i,
                             .more = "\"email\":\"a@b.example\",\"email_verified\":true"});
        assert_ok(federation_judge(fixture_ctx(w->f), &in, &newcomers[i].vouched));
        ones[i] = (struct fixture_one){.with = &newcomers[i]};
    }
    fixture_crowd(w->f, enter_newcomer, ones, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        assert_ok(ones[i].answer);
        assert_true(id_eq(newcomers[i].in.user.id, newcomers[0].in.user.id));
    }
    assert_int_equal(fixture_count(w->f, EVENT_IDENTITY_LINKED), 1);
}

int main(int count, char **arguments)
{
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(whoever_is_vouched_for_gets_an_account_and_comes_back_to_it),
        FIXTURE_TEST(an_address_joins_where_both_have_verified_it),
        FIXTURE_TEST(the_word_of_microsoft_for_an_address_counts_for_nothing),
        FIXTURE_TEST(who_has_no_address_gets_a_name),
        FIXTURE_TEST(what_is_linked_leads_into_the_account),
        FIXTURE_TEST(the_only_way_in_stays),
        FIXTURE_TEST(who_may_not_come_in_does_not_by_a_provider),
        FIXTURE_TEST(of_many_at_the_same_moment_all_get_one_account),
    };

    (void)arguments;
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
