#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/hasher.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/password.h"
#include "model/credential.h"
#include "store/queries.h"

#define E_ACUTE     "\u00e9"  /* one code point */
#define E_AND_ACUTE "e\u0301" /* the same, as two */

static struct str repeated(struct fixture *f, const char *text, size_t times)
{
    struct buf out = buf_in_arena(f->arena, times * strlen(text) + 1);
    struct str all;

    for (size_t i = 0; i < times; i++) {
        buf_put(&out, str_of(text));
    }
    assert_ok(buf_end(&out, &all));
    return all;
}

static enum err try_set(struct fixture *f, const struct user *user, struct str password)
{
    enum err e = password_set(fixture_begin(f, TX_LATE), user, (struct secret){password});

    if (e == ERR_OK) {
        fixture_keep(f);
    } else {
        fixture_drop(f);
    }
    return e;
}

static bool is_right(struct fixture *f, struct id user, struct str password)
{
    bool right = true;

    assert_ok(password_check(fixture_begin(f, TX_READ), user, (struct secret){password}, &right));
    fixture_keep(f);
    return right;
}

/* Without a hasher it could not. */
static void what_a_unit_has_compared_it_does_not_hash_when_it_is_run_again(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), other = fixture_user(f, "pia");
    const struct secret mine = {STR(PASSWORD)}, wrong = {STR("another password")};
    struct ctx *ctx = fixture_begin(f, TX_READ);
    struct hasher *hasher = ctx->desk->hasher;
    bool right = false;

    for (int run = 0; run < 3; run++) {
        assert_ok(password_check(ctx, user.id, mine, &right));
        assert_true(right);
        ctx->desk->hasher = NULL;
    }
    ctx->desk->hasher = hasher;
    assert_ok(password_check(ctx, user.id, wrong, &right));
    assert_false(right);
    assert_ok(password_check(ctx, other.id, wrong, &right));
    assert_false(right);
    assert_ok(password_check(ctx, other.id, mine, &right));
    assert_true(right);
    fixture_keep(f);
}

static void length_is_counted_in_code_points(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    static const char *const characters[] = {"x", E_ACUTE, "\u4f8b", "\U0001f511"};

    f->settings.refuse_common = false;
    for (size_t i = 0; i < ARRAY_LEN(characters); i++) {
        assert_err(try_set(f, &user, repeated(f, characters[i], 7)), ERR_PASSWORD_SHORT);
        assert_str(f->ctx.reason.field, "password");
        assert_ok(try_set(f, &user, repeated(f, characters[i], 8)));
        assert_true(is_right(f, user.id, repeated(f, characters[i], 8)));
        assert_ok(try_set(f, &user, repeated(f, characters[i], 256)));
        assert_true(is_right(f, user.id, repeated(f, characters[i], 256)));
        assert_err(try_set(f, &user, repeated(f, characters[i], 257)), ERR_PASSWORD_LONG);
    }
    assert_err(try_set(f, &user, STR("")), ERR_PASSWORD_SHORT);
    assert_err(try_set(f, &user, (struct str){0}), ERR_PASSWORD_SHORT);
    assert_err(try_set(f, &user, repeated(f, "x", 65536)), ERR_PASSWORD_LONG);
    assert_err(try_set(f, &user, STR("no UTF-8: \xff\xfe")), ERR_FIELD_VALUE);
}

/* What a password is must not depend on the keyboard, so its length does not either. */
static void length_is_counted_as_it_is_hashed(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    f->settings.refuse_common = false;
    assert_err(try_set(f, &user, repeated(f, E_AND_ACUTE, 7)), ERR_PASSWORD_SHORT);
    assert_ok(try_set(f, &user, repeated(f, E_ACUTE, 256)));
    assert_true(is_right(f, user.id, repeated(f, E_AND_ACUTE, 256)));
    assert_ok(try_set(f, &user, repeated(f, E_AND_ACUTE, 256)));
    assert_true(is_right(f, user.id, repeated(f, E_ACUTE, 256)));
    assert_err(try_set(f, &user, repeated(f, E_AND_ACUTE, 257)), ERR_PASSWORD_LONG);
    assert_err(try_set(f, &user, repeated(f, "\ufdfa", 15)), ERR_PASSWORD_LONG); /* 18 each */
}

static void what_looks_alike_is_the_same_password(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    static const struct {
        const char *one, *other;
    } pairs[] = {
        {"pro\ufb01table",               "profitable"         }, /* a ligature */
        {"caf\u00e9 au lait",            "cafe\u0301 au lait" },
        {"\uff50\uff41\uff53\uff53word", "password"           }, /* wide letters */
        {"\u212bngstr\u00f6m",           "\u00c5ngstro\u0308m"},
    };

    f->settings.refuse_common = false;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        assert_ok(try_set(f, &user, str_of(pairs[i].one)));
        assert_true(is_right(f, user.id, str_of(pairs[i].other)));
        assert_ok(try_set(f, &user, str_of(pairs[i].other)));
        assert_true(is_right(f, user.id, str_of(pairs[i].one)));
    }
}

static void case_and_spaces_matter(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    assert_ok(try_set(f, &user, STR(" Two Words ")));
    assert_true(is_right(f, user.id, STR(" Two Words ")));
    assert_false(is_right(f, user.id, STR(" two words ")));
    assert_false(is_right(f, user.id, STR("Two Words")));
    assert_false(is_right(f, user.id, STR(" Two Words \n")));
}

/* Refused when the setting says so; else accepted with a warning that does not repeat it. */
static void assert_guessable(struct fixture *f, const struct user *user, const char *password,
                             const char *why)
{
    f->settings.refuse_common = true;
    assert_err(try_set(f, user, str_of(password)), ERR_PASSWORD_COMMON);
    assert_str(f->ctx.reason.field, "password");
    assert_string_equal(f->ctx.reason.detail, why);
    assert_null(f->ctx.warning);

    f->settings.refuse_common = false;
    assert_ok(try_set(f, user, str_of(password)));
    assert_non_null(f->ctx.warning);
    assert_true(str_starts(str_of(f->ctx.warning), str_of(why)));
    assert_true(is_right(f, user->id, str_of(password)));
}

static void what_is_made_of_ones_own_name_is_refused_when_the_setting_says_so(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "penelope");
    static const char *const names[] = {
        "penelope",      "PENELOPE",          "penelope@example.com", "Penelope@Example.COM",
        "\uff50enelope", /* hashed, it is the same */
        "penelope1999!", "P3n3lop3.penel0pe", "example.com",          "Signet2024", /* the issuer */
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_guessable(f, &user, names[i],
                         "the password is made of the account's own name or address, or of the "
                         "service's");
    }
}

static void what_is_common_is_refused_when_the_setting_says_so(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    static const char *const listed[] = {
        "password1", "qwertyuiop", "Trustno1!", "\uff50assword", "P@ssw0rd2024", "dragon2024",
    };

    for (size_t i = 0; i < ARRAY_LEN(listed); i++) {
        assert_guessable(f, &user, listed[i], "the password is a common one, or close to one");
    }
}

static void what_nobody_would_guess_is_no_reason_to_warn(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "penelope");
    static const char *const good[] = {"penelope went out", "grey otter 41 lantern",
                                       "p\u00e4ssw\u00f6rter", "kX9#vQ2m"};

    for (size_t i = 0; i < 2 * ARRAY_LEN(good); i++) {
        f->settings.refuse_common = i % 2;
        assert_ok(try_set(f, &user, str_of(good[i / 2])));
        assert_null(f->ctx.warning);
    }
}

static void what_nobody_can_have_is_simply_wrong(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    assert_false(is_right(f, user.id, STR("")));
    assert_false(is_right(f, user.id, repeated(f, "x", 257)));
    assert_false(is_right(f, user.id, repeated(f, "x", 1 << 20)));
    assert_false(is_right(f, user.id, repeated(f, "\ufdfa", 1024)));
    assert_false(is_right(f, user.id, STR("\xff\xfe\xfd no text at all")));
    assert_true(is_right(f, user.id, STR(PASSWORD)));
}

/* Nothing is cut off: not at 72 bytes, nor at a NUL. */
static void every_character_counts(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    static const char with_nul[] = "before\0after it", other[] = "before\0after if";

    f->settings.refuse_common = false;
    assert_ok(try_set(f, &user, repeated(f, "x", 255)));
    assert_false(is_right(f, user.id, repeated(f, "x", 254)));
    assert_false(is_right(f, user.id, repeated(f, "x", 256)));
    assert_ok(try_set(f, &user, (struct str){with_nul, sizeof with_nul - 1}));
    assert_true(is_right(f, user.id, (struct str){with_nul, sizeof with_nul - 1}));
    assert_false(is_right(f, user.id, (struct str){other, sizeof other - 1}));
}

static void nobody_has_no_password(void **state)
{
    struct fixture *f = *state;

    assert_false(is_right(f, (struct id){0}, STR(PASSWORD)));
    assert_false(is_right(f, (struct id){0}, STR("")));
}

static struct credential stored(struct fixture *f, struct id user)
{
    struct credential credential;

    assert_ok(q_credential_of(fixture_begin(f, TX_READ)->tx, user, &credential));
    fixture_keep(f);
    return credential;
}

static void renew(struct fixture *f, struct id user, const char *password)
{
    assert_ok(password_renew(fixture_begin(f, TX_LATE), user, (struct secret){str_of(password)}));
    fixture_keep(f);
}

static void a_hash_of_another_cost_is_made_anew(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct credential before = stored(f, user.id);

    renew(f, user.id, PASSWORD);
    assert_true(str_eq(stored(f, user.id).hash, before.hash)); /* the cost is the same */

    f->settings.hash_passes = 2;
    fixture_restart(f);
    fixture_pass(f, 5);
    (void)fixture_login(f, "paul");
    struct credential after = stored(f, user.id);
    assert_false(str_eq(after.hash, before.hash));
    assert_true(str_starts(after.hash, STR("$argon2id$v=19$m=8192,t=2,p=1$")));
    assert_int_equal(after.changed.ms, before.changed.ms); /* it is the same password */
    assert_true(is_right(f, user.id, STR(PASSWORD)));
    assert_false(password_hash_is_stale(f->desk->hasher, after.hash));
}

static void a_change_meanwhile_is_not_undone_by_hashing_anew(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct credential before = stored(f, user.id);

    fixture_pass(f, 1);
    assert_ok(try_set(f, &user, STR("another password")));
    struct credential changed = stored(f, user.id);
    /* What a login that has seen the old one would write by now. */
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(q_credential_rehash(ctx->tx, before.hash, user.id, before.hash));
    fixture_keep(f);
    assert_true(str_eq(stored(f, user.id).hash, changed.hash));
}

static void a_password_replaces_the_one_that_was_seen(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct credential first = stored(f, user.id);
    struct secret chosen = {STR("another password")};

    fixture_pass(f, 1);
    assert_ok(password_replace(fixture_begin(f, TX_LATE), &user, chosen, first.changed));
    fixture_keep(f);
    assert_true(is_right(f, user.id, STR("another password")));
    assert_int_equal(stored(f, user.id).changed.ms, f->now.ms);

    /* Whoever has seen the first one has to look again. */
    chosen.hidden = STR("a third password");
    assert_err(password_replace(fixture_begin(f, TX_LATE), &user, chosen, first.changed),
               ERR_STORE_RETRY);
    fixture_drop(f);
    assert_true(is_right(f, user.id, STR("another password")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(what_a_unit_has_compared_it_does_not_hash_when_it_is_run_again),
        FIXTURE_TEST(length_is_counted_in_code_points),
        FIXTURE_TEST(length_is_counted_as_it_is_hashed),
        FIXTURE_TEST(what_looks_alike_is_the_same_password),
        FIXTURE_TEST(case_and_spaces_matter),
        FIXTURE_TEST(what_is_made_of_ones_own_name_is_refused_when_the_setting_says_so),
        FIXTURE_TEST(what_is_common_is_refused_when_the_setting_says_so),
        FIXTURE_TEST(what_nobody_would_guess_is_no_reason_to_warn),
        FIXTURE_TEST(what_nobody_can_have_is_simply_wrong),
        FIXTURE_TEST(every_character_counts),
        FIXTURE_TEST(nobody_has_no_password),
        FIXTURE_TEST(a_hash_of_another_cost_is_made_anew),
        FIXTURE_TEST(a_change_meanwhile_is_not_undone_by_hashing_anew),
        FIXTURE_TEST(a_password_replaces_the_one_that_was_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
