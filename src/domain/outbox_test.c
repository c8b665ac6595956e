#include "base/arena.h"
#include "base/check.h"
#include "domain/fixture.h"
#include "domain/outbox.h"
#include "store/queries.h"

#undef fail /* here it is ours that is meant, not cmocka's */

enum {
    LEASE = 40,
    LIFE = 600
};

struct putting {
    struct letter letter;
    struct id id;
};

static enum err put_it(struct ctx *ctx, void *with)
{
    struct putting *putting = with;

    return outbox_put(ctx, &putting->letter, &putting->id);
}

static struct letter magic_link(struct fixture *f, const char *token)
{
    struct letter letter = {.kind = LETTER_MAGIC_LINK,
                            .path = STR("/magic"),
                            .token = {str_of(token)},
                            .code = {STR("12345678")},
                            .expires = moment_plus(f->now, LIFE)};

    assert_ok(email_parse(f->arena, STR("Ada@b\xc3\xbc\x63her.example"), &letter.to));
    return letter;
}

static enum err put(struct fixture *f, const char *token, struct id *ret)
{
    struct putting putting = {.letter = magic_link(f, token)};
    enum err e = fixture_run(f, &actor_operator, TX_WRITE, put_it, &putting);

    *ret = putting.id;
    return e;
}

static struct id put_well(struct fixture *f, const char *token)
{
    struct id id;

    assert_ok(put(f, token, &id));
    return id;
}

struct attempt {
    struct claimed claimed;
    bool found;
    enum outbox_end end;
    const char *error;
};

static enum err claim_it(struct ctx *ctx, void *with)
{
    struct attempt *attempt = with;

    return outbox_claim(ctx, LEASE, &attempt->claimed, &attempt->found);
}

static enum err hand_it(struct ctx *ctx, void *with)
{
    return outbox_hand(ctx, &((struct attempt *)with)->claimed, LEASE);
}

static enum err settle_it(struct ctx *ctx, void *with)
{
    struct attempt *attempt = with;

    return outbox_settle(ctx, &attempt->claimed, attempt->end, str_of(attempt->error));
}

static enum err tidy_it(struct ctx *ctx, void *with)
{
    (void)with;
    return outbox_tidy(ctx);
}

static struct attempt claim(struct fixture *f)
{
    struct attempt attempt = {0};

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, claim_it, &attempt));
    return attempt;
}

static enum err hand(struct fixture *f, struct attempt *attempt)
{
    return fixture_run(f, &actor_operator, TX_WRITE, hand_it, attempt);
}

static enum err settle(struct fixture *f, struct attempt *attempt, enum outbox_end end,
                       const char *error)
{
    attempt->end = end;
    attempt->error = error;
    return fixture_run(f, &actor_operator, TX_WRITE, settle_it, attempt);
}

static void tidy(struct fixture *f)
{
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, tidy_it, NULL));
}

static struct outbox_row only_row(struct fixture *f)
{
    struct ctx *ctx = fixture_begin(f, TX_READ);
    struct outbox_row *rows;
    size_t count;

    assert_ok(outbox_list(ctx, &rows, &count));
    assert_int_equal(count, 1);
    struct outbox_row row = rows[0];
    fixture_drop(f);
    return row;
}

static void what_was_put_in_comes_out(void **state)
{
    struct fixture *f = *state;
    struct id id = put_well(f, "token");
    struct attempt attempt = claim(f);

    assert_true(attempt.found);
    assert_true(id_eq(attempt.claimed.letter.id, id));
    assert_str(attempt.claimed.letter.to.shown, "Ada@b\xc3\xbc\x63her.example");
    assert_str(attempt.claimed.letter.to.key, "ada@xn--bcher-kva.example");
    assert_str(attempt.claimed.letter.token.hidden, "token");
    assert_str(attempt.claimed.letter.code.hidden, "12345678");
    assert_str(attempt.claimed.letter.path, "/magic");
    assert_int_equal(attempt.claimed.attempts, 1);
    assert_false(claim(f).found);
}

static void a_token_is_in_one_letter_at_most_even_once_it_was_sent(void **state)
{
    struct fixture *f = *state;
    struct id id;

    (void)put_well(f, "token");
    assert_err(put(f, "token", &id), ERR_TAKEN);
    struct attempt attempt = claim(f);
    assert_ok(hand(f, &attempt));
    assert_ok(settle(f, &attempt, OUTBOX_SENT, ""));
    assert_err(put(f, "token", &id), ERR_TAKEN);
    assert_int_equal(only_row(f).state, LETTER_SENT);
    assert_int_equal(fixture_count(f, EVENT_MAIL_SENT), 1);
    fixture_pass(f, LIFE + 1);
    assert_false(claim(f).found);
}

static void the_store_has_nothing_of_what_a_letter_says(void **state)
{
    struct fixture *f = *state;
    struct str row;

    (void)put_well(f, "very-secret-token");
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    struct outbox_row claimed;
    struct id mine;
    assert_ok(id_make(f->now, &mine));
    assert_ok(q_outbox_claim(ctx->tx, mine, f->now, f->now, &claimed));
    row = claimed.sealed;
    assert_true(row.len > 0);
    assert_null(memmem(row.ptr, row.len, "very-secret-token", 17));
    assert_null(memmem(row.ptr, row.len, "12345678", 8));
    fixture_drop(f);
}

static void a_claim_that_was_lost_before_the_end_is_made_again(void **state)
{
    struct fixture *f = *state;

    (void)put_well(f, "token");
    struct attempt lost = claim(f);
    fixture_pass(f, LEASE + 1);
    struct attempt again = claim(f);
    assert_true(again.found);
    assert_int_equal(again.claimed.attempts, 2);
    /* The first one is slow, not dead: it may not send, and settles nothing. */
    assert_err(hand(f, &lost), ERR_MISSING);
    assert_err(settle(f, &lost, OUTBOX_SENT, ""), ERR_MISSING);
    assert_ok(hand(f, &again));
    assert_ok(settle(f, &again, OUTBOX_SENT, ""));
}

static void one_that_was_lost_after_the_end_is_never_sent_again_by_itself(void **state)
{
    struct fixture *f = *state;

    (void)put_well(f, "token");
    struct attempt attempt = claim(f);
    assert_ok(hand(f, &attempt));
    assert_err(hand(f, &attempt), ERR_MISSING); /* once */
    fixture_pass(f, LEASE + 1);
    assert_false(claim(f).found);
    tidy(f);
    struct outbox_row row = only_row(f);
    assert_int_equal(row.state, LETTER_DEAD);
    assert_non_null(memmem(row.error.ptr, row.error.len, "nobody knows", 12));
    assert_int_equal(fixture_count(f, EVENT_MAIL_DEAD), 1);
    assert_false(claim(f).found);
    /* Its sender lives after all, and knows. */
    assert_ok(settle(f, &attempt, OUTBOX_SENT, ""));
    assert_int_equal(only_row(f).state, LETTER_SENT);
}

static void what_did_not_arrive_is_tried_after_longer_and_longer_pauses(void **state)
{
    static const int64_t pauses[] = {5, 30, 120, 600, 600};
    struct fixture *f = *state;
    struct putting putting = {.letter = magic_link(f, "token")};

    putting.letter.expires = moment_plus(f->now, 86400);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, put_it, &putting));
    for (size_t i = 0; i < ARRAY_LEN(pauses); i++) {
        struct attempt attempt = claim(f);
        assert_true(attempt.found);
        assert_ok(settle(f, &attempt, OUTBOX_AGAIN, "connection refused"));
        assert_str(only_row(f).error, "connection refused");
        fixture_pass(f, pauses[i] - 1);
        assert_false(claim(f).found);
        fixture_pass(f, 1);
    }
}

static void a_server_that_is_away_is_not_held_against_a_letter(void **state)
{
    struct fixture *f = *state;

    (void)put_well(f, "token");
    for (int i = 0; i < 5; i++) {
        struct attempt attempt = claim(f);
        assert_true(attempt.found);
        assert_ok(settle(f, &attempt, OUTBOX_AWAY, "connection refused"));
        fixture_pass(f, 5);
    }
}

static void what_has_expired_is_not_sent_and_says_why(void **state)
{
    struct fixture *f = *state;
    struct id id = put_well(f, "token");
    struct attempt attempt = claim(f);

    assert_ok(settle(f, &attempt, OUTBOX_AGAIN, "connection refused"));
    fixture_pass(f, LIFE + 1);
    assert_false(claim(f).found);
    tidy(f);
    assert_int_equal(only_row(f).state, LETTER_DEAD);
    assert_str(only_row(f).error, "expired; before that: connection refused");
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_err(outbox_retry(ctx, id), ERR_MISSING);
    fixture_drop(f);
}

static void an_operator_tries_again_or_drops(void **state)
{
    struct fixture *f = *state;
    struct id id = put_well(f, "token");
    struct attempt attempt = claim(f);
    int64_t count;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_err(outbox_drop(ctx, id), ERR_MISSING); /* it is being sent */
    fixture_drop(f);
    assert_ok(settle(f, &attempt, OUTBOX_DEAD, "550 no such user"));
    assert_false(claim(f).found);
    ctx = fixture_begin(f, TX_WRITE);
    assert_ok(outbox_retry_all(ctx, &count));
    fixture_keep(f);
    assert_int_equal(count, 1);
    attempt = claim(f);
    assert_true(attempt.found);
    assert_ok(settle(f, &attempt, OUTBOX_DEAD, "550 no such user"));
    ctx = fixture_begin(f, TX_WRITE);
    assert_ok(outbox_retry(ctx, id));
    assert_ok(outbox_drop(ctx, id));
    assert_err(outbox_drop(ctx, id), ERR_MISSING);
    fixture_keep(f);
}

static void nobody_knows_is_not_tried_again_with_all_the_others(void **state)
{
    struct fixture *f = *state;
    struct id id = put_well(f, "token");
    struct attempt attempt = claim(f);
    int64_t count;

    assert_ok(hand(f, &attempt));
    fixture_pass(f, LEASE + 1);
    tidy(f);
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(outbox_retry_all(ctx, &count));
    assert_int_equal(count, 0);
    assert_ok(outbox_retry(ctx, id));
    fixture_keep(f);
    assert_true(claim(f).found);
}

static void the_outbox_is_bounded(void **state)
{
    struct fixture *f = *state;
    struct id id;
    char token[16];

    for (int i = 0; i < LETTERS_MOST; i++) {
        (void)snprintf(token, sizeof token, "t%d", i);
        (void)put_well(f, token);
    }
    assert_err(put(f, "one more", &id), ERR_BUSY);
    assert_true(f->ctx.reason.retry_after > 0);
    struct attempt attempt = claim(f);
    assert_ok(settle(f, &attempt, OUTBOX_DEAD, "550"));
    struct ctx *ctx = fixture_begin(f, TX_READ);
    assert_ok(outbox_measure(ctx));
    fixture_drop(f);
    assert_int_equal(outbox_size(f->service.outbox).waiting, LETTERS_MOST - 1);
    assert_int_equal(outbox_size(f->service.outbox).dead, 1);
    (void)put_well(f, "one more");
}

static void no_line_end_gets_in(void **state)
{
    struct fixture *f = *state;
    struct putting putting = {.letter = magic_link(f, "to\r\nken")};

    assert_err(fixture_run(f, &actor_operator, TX_WRITE, put_it, &putting), ERR_FIELD_VALUE);
}

static void under_another_master_key_a_letter_is_dead(void **state)
{
    struct fixture *f = *state;

    (void)put_well(f, "token");
    f->service.letters.bytes[0] ^= 1;
    assert_false(claim(f).found);
    assert_int_equal(only_row(f).state, LETTER_DEAD);
    assert_int_equal(fixture_count(f, EVENT_MAIL_DEAD), 1);
}

static void whoever_sends_is_woken(void **state)
{
    struct fixture *f = *state;
    struct ctx *ctx;
    bool due;

    (void)put_well(f, "token");
    int64_t begun = monotonic_ms();
    outbox_wait(f->service.outbox, 60000); /* rung by the unit */
    assert_true(monotonic_ms() - begun < 30000);
    ctx = fixture_begin(f, TX_READ);
    assert_ok(outbox_look(ctx, &due));
    assert_true(due);
    fixture_drop(f);
    outbox_end(f->service.outbox);
    outbox_wait(f->service.outbox, 60000);
    outbox_wait(f->service.outbox, 60000);
    assert_true(outbox_is_ending(f->service.outbox));
    assert_true(monotonic_ms() - begun < 30000);
}

/* As many nodes as there are letters, and one more. */
static void of_all_who_send_each_gets_a_letter_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct attempt attempts[LETTERS_MOST + 1] = {0};
    struct fixture_one crowd[LETTERS_MOST + 1];
    char token[16];
    size_t found = 0;

    for (size_t i = 0; i < LETTERS_MOST; i++) {
        (void)snprintf(token, sizeof token, "token %zu", i);
        (void)put_well(f, token);
    }
    for (size_t i = 0; i < ARRAY_LEN(crowd); i++) {
        crowd[i].with = &attempts[i];
    }
    fixture_crowd(f, claim_it, crowd, ARRAY_LEN(crowd));
    for (size_t i = 0; i < ARRAY_LEN(crowd); i++) {
        assert_ok(crowd[i].answer);
        for (size_t other = 0; attempts[i].found && other < i; other++) {
            assert_false(attempts[other].found &&
                         id_eq(attempts[i].claimed.letter.id, attempts[other].claimed.letter.id));
        }
        found += attempts[i].found;
    }
    assert_int_equal(found, LETTERS_MOST);
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(what_was_put_in_comes_out),
        FIXTURE_TEST(a_token_is_in_one_letter_at_most_even_once_it_was_sent),
        FIXTURE_TEST(the_store_has_nothing_of_what_a_letter_says),
        FIXTURE_TEST(a_claim_that_was_lost_before_the_end_is_made_again),
        FIXTURE_TEST(one_that_was_lost_after_the_end_is_never_sent_again_by_itself),
        FIXTURE_TEST(what_did_not_arrive_is_tried_after_longer_and_longer_pauses),
        FIXTURE_TEST(a_server_that_is_away_is_not_held_against_a_letter),
        FIXTURE_TEST(what_has_expired_is_not_sent_and_says_why),
        FIXTURE_TEST(an_operator_tries_again_or_drops),
        FIXTURE_TEST(nobody_knows_is_not_tried_again_with_all_the_others),
        FIXTURE_TEST(the_outbox_is_bounded),
        FIXTURE_TEST(no_line_end_gets_in),
        FIXTURE_TEST(under_another_master_key_a_letter_is_dead),
        FIXTURE_TEST(whoever_sends_is_woken),
        FIXTURE_TEST(of_all_who_send_each_gets_a_letter_of_its_own),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
