#include "base/arena.h"
#include "base/check.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/link.h"
#include "domain/outbox.h"
#include "store/queries.h"

enum {
    MINUTE = 60,
    HOUR = 60 * MINUTE,
    CROWD = 50
};

/* One call of link.h, to be made in a unit. */
struct call {
    enum link_kind kind;
    const struct user *user;
    struct str token;
    struct link link;
    struct user whose;
    bool then_fails;
};

static enum err make(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return link_make(ctx, call->kind, call->user, &call->link);
}

static enum err mail(struct ctx *ctx, void *with)
{
    struct call *call = with;
    struct link_letter letter = {.kind = call->kind, .user = call->user, .path = STR("/here")};

    TRY(link_mail(ctx, &letter, &call->link));
    return call->then_fails ? ERR_FORBIDDEN : ERR_OK;
}

static enum err find(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return link_find(ctx, call->kind, call->token, &call->whose);
}

static enum err use(struct ctx *ctx, void *with)
{
    struct call *call = with;

    TRY(link_use(ctx, call->kind, call->token, &call->whose));
    return call->then_fails ? ERR_PASSWORD_SHORT : ERR_OK;
}

static enum err use_code(struct ctx *ctx, void *with)
{
    const struct call *call = with;

    return link_use_code(ctx, call->kind, call->user, call->token);
}

static enum err void_all(struct ctx *ctx, void *with)
{
    const struct call *call = with;

    return link_void(ctx, call->user->id);
}

static enum err run(struct fixture *f, enum err (*work)(struct ctx *ctx, void *with),
                    struct call *call)
{
    return fixture_run(f, &actor_operator, TX_WRITE, work, call);
}

static struct link made(struct fixture *f, const struct user *user, enum link_kind kind)
{
    struct call call = {.kind = kind, .user = user};

    assert_ok(run(f, make, &call));
    return call.link;
}

static enum err used(struct fixture *f, enum link_kind kind, struct str token)
{
    struct call call = {.kind = kind, .token = token};

    return run(f, use, &call);
}

static struct outbox_row *letters(struct fixture *f, size_t *ret_count)
{
    struct outbox_row *rows;

    assert_ok(outbox_list(fixture_begin(f, TX_READ), &rows, ret_count));
    fixture_keep(f);
    return rows;
}

static void a_link_tells_whose_it_is_and_counts_once(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct call call = {.kind = LINK_RESET_PASSWORD, .user = &user};

    assert_ok(run(f, make, &call));
    call.token = call.link.token.hidden;
    assert_int_equal(call.token.len, LINK_TOKEN);
    for (int i = 0; i < 2; i++) {
        assert_ok(run(f, find, &call)); /* looking uses nothing up */
        assert_true(id_eq(call.whose.id, user.id));
    }
    assert_ok(run(f, use, &call));
    assert_str(call.whose.email.shown, "ada@example.com");
    assert_err(run(f, use, &call), ERR_LINK);
    assert_err(run(f, find, &call), ERR_LINK);
    assert_int_equal(fixture_count(f, EVENT_LINK_MADE), 1);
    assert_int_equal(fixture_count(f, EVENT_LINK_USED), 1);
}

static void tokens_are_never_the_same(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct str first = made(f, &user, LINK_MAGIC).token.hidden;

    assert_false(str_eq(first, made(f, &user, LINK_MAGIC).token.hidden));
}

static void the_store_has_no_token(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct str token = made(f, &user, LINK_MAGIC).token.hidden;
    struct key32 digest, clear;
    struct link_row row;

    memcpy(&clear, token.ptr, sizeof clear);
    assert_ok(digest_sha256(f->desk->digester, token, &digest));
    struct tx *tx = fixture_begin(f, TX_READ)->tx;
    assert_ok(q_link_find(tx, &digest, LINK_MAGIC, f->now, &row));
    assert_err(q_link_find(tx, &clear, LINK_MAGIC, f->now, &row), ERR_MISSING);
    fixture_keep(f);
}

static void a_newer_one_voids_the_older(void **state)
{
    struct fixture *f = *state;
    struct user ada = fixture_user(f, "ada"), bob = fixture_user(f, "bob");
    struct str older = made(f, &ada, LINK_MAGIC).token.hidden;
    struct str other_kind = made(f, &ada, LINK_VERIFY_EMAIL).token.hidden;
    struct str other_user = made(f, &bob, LINK_MAGIC).token.hidden;
    struct str newer = made(f, &ada, LINK_MAGIC).token.hidden;

    assert_err(used(f, LINK_MAGIC, older), ERR_LINK);
    assert_ok(used(f, LINK_MAGIC, newer));
    assert_ok(used(f, LINK_VERIFY_EMAIL, other_kind));
    assert_ok(used(f, LINK_MAGIC, other_user));
}

static void a_link_of_one_kind_opens_nothing_of_another(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct str token = made(f, &user, LINK_VERIFY_EMAIL).token.hidden;

    assert_err(used(f, LINK_RESET_PASSWORD, token), ERR_LINK);
    assert_err(used(f, LINK_MAGIC, token), ERR_LINK);
    assert_ok(used(f, LINK_VERIFY_EMAIL, token));
}

static void each_kind_has_its_life(void **state)
{
    static const struct {
        enum link_kind kind;
        int64_t life;
    } lives[] = {
        {LINK_VERIFY_EMAIL,   24 * HOUR  },
        {LINK_ACTIVATION,     24 * HOUR  },
        {LINK_RESET_PASSWORD, 30 * MINUTE},
        {LINK_MAGIC,          10 * MINUTE},
    };
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");

    for (size_t i = 0; i < ARRAY_LEN(lives); i++) {
        struct link link = made(f, &user, lives[i].kind);
        assert_int_equal(link.expires.ms - f->now.ms, lives[i].life * 1000);
        fixture_pass(f, lives[i].life - 1);
        assert_ok(used(f, lives[i].kind, link.token.hidden));
        link = made(f, &user, lives[i].kind);
        fixture_pass(f, lives[i].life);
        assert_err(used(f, lives[i].kind, link.token.hidden), ERR_LINK);
    }
}

static void what_is_no_token_is_no_link(void **state)
{
    static const char *const odd[] = {"", "00", "zz", "' OR 1=1"};
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct str token = made(f, &user, LINK_MAGIC).token.hidden;

    for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
        assert_err(used(f, LINK_MAGIC, str_of(odd[i])), ERR_LINK);
        assert_str(f->ctx.reason.field, "token");
    }
    assert_err(used(f, LINK_MAGIC, str_sub(token, 0, token.len - 1)), ERR_LINK);
    assert_err(used(f, LINK_MAGIC, (struct str){0}), ERR_LINK);
    assert_ok(used(f, LINK_MAGIC, token));
}

static void a_link_that_led_to_nothing_still_counts(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct call call = {.kind = LINK_RESET_PASSWORD, .then_fails = true};

    call.token = made(f, &user, call.kind).token.hidden;
    assert_err(run(f, use, &call), ERR_PASSWORD_SHORT);
    assert_ok(used(f, call.kind, call.token));
}

static void an_account_without_an_address_gets_no_link(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct call call = {.kind = LINK_MAGIC, .user = &user};

    user.email = (struct email){0};
    assert_err(run(f, make, &call), ERR_FIELD_VALUE);
    assert_err(run(f, mail, &call), ERR_FIELD_VALUE);
}

static void a_link_does_not_outlive_its_address(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada"), before = user;
    struct call call = {.kind = LINK_VERIFY_EMAIL, .user = &before};

    assert_ok(email_parse(f->arena, STR("ada@elsewhere.example"), &before.email));
    assert_ok(run(f, make, &call)); /* as if it were theirs when the link was made */
    call.token = call.link.token.hidden;
    assert_err(run(f, find, &call), ERR_LINK);
    assert_err(run(f, use, &call), ERR_LINK);
}

static void a_new_password_voids_what_leads_in(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct call call = {.user = &user};
    struct str reset = made(f, &user, LINK_RESET_PASSWORD).token.hidden;
    struct str magic = made(f, &user, LINK_MAGIC).token.hidden;
    struct str verify = made(f, &user, LINK_VERIFY_EMAIL).token.hidden;

    assert_ok(run(f, void_all, &call));
    assert_err(used(f, LINK_RESET_PASSWORD, reset), ERR_LINK);
    assert_err(used(f, LINK_MAGIC, magic), ERR_LINK);
    assert_ok(used(f, LINK_VERIFY_EMAIL, verify));
}

static enum err code_used(struct fixture *f, const struct user *user, struct str code)
{
    struct call call = {.kind = LINK_MAGIC, .user = user, .token = code};

    return run(f, use_code, &call);
}

/* Another one than that. */
static struct str wrong(struct fixture *f, struct str code)
{
    char *first = arena_alloc(f->arena, LINK_CODE);

    assert_non_null(first);
    memcpy(first, code.ptr, LINK_CODE);
    first[0] = first[0] == '9' ? '0' : (char)(first[0] + 1);
    return (struct str){first, LINK_CODE};
}

static void a_code_stands_for_its_link_and_both_count_once(void **state)
{
    struct fixture *f = *state;
    struct user ada = fixture_user(f, "ada"), bob = fixture_user(f, "bob");
    struct link link = made(f, &ada, LINK_MAGIC);

    assert_int_equal(link.code.hidden.len, LINK_CODE);
    assert_err(code_used(f, &bob, link.code.hidden), ERR_LINK);
    (void)made(f, &bob, LINK_MAGIC);
    assert_err(code_used(f, &bob, link.code.hidden), ERR_LINK);
    assert_ok(code_used(f, &ada, link.code.hidden));
    assert_err(code_used(f, &ada, link.code.hidden), ERR_LINK);
    assert_err(used(f, LINK_MAGIC, link.token.hidden), ERR_LINK);
}

static void after_five_wrong_codes_only_the_link_counts(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct link link = made(f, &user, LINK_MAGIC);

    for (int i = 0; i < 4; i++) {
        assert_err(code_used(f, &user, wrong(f, link.code.hidden)), ERR_LINK);
    }
    assert_ok(code_used(f, &user, link.code.hidden));
    link = made(f, &user, LINK_MAGIC); /* and with it a count of its own */
    for (int i = 0; i < 5; i++) {
        assert_err(code_used(f, &user, i == 0 ? STR("") : wrong(f, link.code.hidden)), ERR_LINK);
    }
    assert_err(code_used(f, &user, link.code.hidden), ERR_LINK);
    assert_ok(used(f, LINK_MAGIC, link.token.hidden));
}

static void a_code_is_of_a_magic_link_alone_and_of_its_time(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct call call = {.kind = LINK_RESET_PASSWORD, .user = &user, .token = STR("")};

    assert_int_equal(made(f, &user, LINK_RESET_PASSWORD).code.hidden.len, 0);
    assert_err(run(f, use_code, &call), ERR_LINK);
    struct link link = made(f, &user, LINK_MAGIC);
    fixture_pass(f, 10 * MINUTE);
    assert_err(code_used(f, &user, link.code.hidden), ERR_LINK);
}

static void a_letter_and_its_link_are_kept_together(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct call call = {.kind = LINK_VERIFY_EMAIL, .user = &user, .then_fails = true};
    size_t count;

    assert_err(run(f, mail, &call), ERR_FORBIDDEN);
    (void)letters(f, &count);
    assert_int_equal(count, 0);
    assert_err(used(f, call.kind, call.link.token.hidden), ERR_LINK);

    call.then_fails = false;
    assert_ok(run(f, mail, &call));
    const struct outbox_row *rows = letters(f, &count);
    assert_int_equal(count, 1);
    assert_str(rows[0].kind, "verify-email");
    assert_str(rows[0].recipient, "ada@example.com");
    assert_true(id_eq(rows[0].account, user.id));
    assert_int_equal(rows[0].expires.ms, call.link.expires.ms);
    assert_ok(used(f, call.kind, call.link.token.hidden));
}

static void the_letter_of_a_link_that_is_void_is_taken_back(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct call older = {.kind = LINK_MAGIC, .user = &user}, newer = older;
    size_t count;

    assert_ok(run(f, mail, &older));
    assert_ok(run(f, mail, &newer));
    const struct outbox_row *rows = letters(f, &count);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].expires.ms, newer.link.expires.ms);
    assert_err(used(f, LINK_MAGIC, older.link.token.hidden), ERR_LINK);
    assert_ok(used(f, LINK_MAGIC, newer.link.token.hidden));
}

static void of_fifty_at_once_one_uses_it(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "ada");
    struct str token = made(f, &user, LINK_MAGIC).token.hidden;
    struct call *calls = arena_array(f->arena, CROWD, sizeof *calls);
    struct fixture_one crowd[CROWD];
    size_t winners = 0;

    assert_non_null(calls);
    for (size_t i = 0; i < CROWD; i++) {
        calls[i] = (struct call){.kind = LINK_MAGIC, .token = token};
        crowd[i].with = &calls[i];
    }
    fixture_crowd(f, use, crowd, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        winners += crowd[i].answer == ERR_OK;
        assert_true(crowd[i].answer == ERR_OK || crowd[i].answer == ERR_LINK);
    }
    assert_int_equal(winners, 1);
    assert_int_equal(fixture_count(f, EVENT_LINK_USED), 1);
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_link_tells_whose_it_is_and_counts_once),
        FIXTURE_TEST(tokens_are_never_the_same),
        FIXTURE_TEST(the_store_has_no_token),
        FIXTURE_TEST(a_newer_one_voids_the_older),
        FIXTURE_TEST(a_link_of_one_kind_opens_nothing_of_another),
        FIXTURE_TEST(each_kind_has_its_life),
        FIXTURE_TEST(what_is_no_token_is_no_link),
        FIXTURE_TEST(a_link_that_led_to_nothing_still_counts),
        FIXTURE_TEST(an_account_without_an_address_gets_no_link),
        FIXTURE_TEST(a_link_does_not_outlive_its_address),
        FIXTURE_TEST(a_new_password_voids_what_leads_in),
        FIXTURE_TEST(a_code_stands_for_its_link_and_both_count_once),
        FIXTURE_TEST(after_five_wrong_codes_only_the_link_counts),
        FIXTURE_TEST(a_code_is_of_a_magic_link_alone_and_of_its_time),
        FIXTURE_TEST(a_letter_and_its_link_are_kept_together),
        FIXTURE_TEST(the_letter_of_a_link_that_is_void_is_taken_back),
        FIXTURE_TEST(of_fifty_at_once_one_uses_it),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
