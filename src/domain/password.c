/* Passwords: normal form, rules, hashing. */
#include "domain/password.h"

#include "base/arena.h"
#include "crypto/hasher.h"
#include "domain/desk.h"
#include "domain/event.h"
#include "domain/guessable.h"
#include "domain/service.h"
#include "model/credential.h"
#include "store/queries.h"
#include "text/normal.h"

enum {
    LEAST = 8,
    MOST = 256,
    MOST_TYPED = 4 * MOST /* no character is made of more than four */
};

static const struct str field = {"password", 8};

/* What is said of a password that is tried early: when it is refused, and when it is not. */
struct verdict {
    const char *refused, *accepted;
};
#define ACCEPTED "; it was accepted because password.refuse_common is off"
#define OWN      "the password is made of the account's own name or address, or of the service's"
#define COMMON   "the password is a common one, or close to one"
static const struct verdict own = {OWN, OWN ACCEPTED}, common = {COMMON, COMMON ACCEPTED};

/* NULL when nobody would try it early. */
static enum err judge(struct ctx *ctx, const struct user *user, struct str password,
                      const struct verdict **ret)
{
    struct str names[] = {user->username.key, user->email.key, ctx->service->settings->issuer};
    struct str folded;
    bool is_own;

    TRY(text_fold(ctx->arena, password, &folded));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        TRY(text_fold(ctx->arena, names[i], &names[i]));
    }
    TRY(guessable_is_own(ctx->arena, folded, names, ARRAY_LEN(names), &is_own));
    *ret = NULL;
    if (is_own) {
        *ret = &own;
    } else if (guessable_is_common(folded)) {
        *ret = &common;
    }
    return ERR_OK;
}

static enum err not_guessable(struct ctx *ctx, const struct user *user, struct str password)
{
    const struct verdict *verdict;

    TRY(judge(ctx, user, password, &verdict));
    if (verdict && ctx->service->settings->refuse_common) {
        return ctx_fail(ctx, ERR_PASSWORD_COMMON, field, "%s", verdict->refused);
    }
    if (verdict) {
        ctx->warning = verdict->accepted;
    }
    return ERR_OK;
}

/* The one form a password is measured and hashed in, however it was typed. What is far too long is
 * not looked at: it has a length, and no text. */
static enum err normal_form(struct ctx *ctx, struct str password, struct str *ret,
                            size_t *ret_length)
{
    TRY(text_length(password, ret_length));
    if (*ret_length > MOST_TYPED) {
        *ret = STR("");
        return ERR_OK;
    }
    TRY(text_nfkc(ctx->arena, password, ret));
    return text_length(*ret, ret_length);
}

static enum err acceptable(struct ctx *ctx, const struct user *user, struct str password,
                           struct str *ret_normal)
{
    size_t length;

    enum err e = normal_form(ctx, password, ret_normal, &length);
    if (e == ERR_FIELD_VALUE) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, field, "not UTF-8");
    }
    TRY(e);
    if (length < LEAST) {
        return ctx_fail(ctx, ERR_PASSWORD_SHORT, field, "too short");
    }
    if (length > MOST) {
        return ctx_fail(ctx, ERR_PASSWORD_LONG, field, "too long");
    }
    return not_guessable(ctx, user, *ret_normal);
}

enum err password_prepare(struct ctx *ctx, const struct user *user, struct secret password,
                          struct password_hash *ret)
{
    struct str normal = {0};

    TRY(acceptable(ctx, user, password.hidden, &normal));
    return hasher_make(ctx->desk->hasher, normal, ret);
}

enum err password_store(struct ctx *ctx, struct id user, const struct password_hash *hash)
{
    struct credential credential = {.user = user, .hash = str_of(hash->text), .changed = ctx->now};

    return q_credential_put(ctx->tx, &credential);
}

enum err password_set(struct ctx *ctx, const struct user *user, struct secret password)
{
    struct password_hash hash;

    TRY(password_prepare(ctx, user, password, &hash));
    TRY(password_store(ctx, user->id, &hash));
    return event(ctx, EVENT_PASSWORD_CHANGED, user->id);
}

enum err password_replace(struct ctx *ctx, const struct user *user, struct secret password,
                          struct moment old)
{
    struct password_hash hash;

    TRY(password_prepare(ctx, user, password, &hash));
    enum err e = q_credential_replace(ctx->tx, str_of(hash.text), ctx->now, user->id, old);
    if (e == ERR_MISSING) {
        return ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "the password has been changed meanwhile");
    }
    TRY(e);
    return event(ctx, EVENT_PASSWORD_CHANGED, user->id);
}

/* What no account can have takes the same time as a wrong password: it is hashed all the same. */
static enum err normal_or_empty(struct ctx *ctx, struct str password, struct str *ret)
{
    size_t length = 0;
    enum err e = normal_form(ctx, password, ret, &length);

    if (e == ERR_FIELD_VALUE || length > MOST) {
        *ret = STR("");
        return ERR_OK;
    }
    return e;
}

static enum err stored_of(struct ctx *ctx, struct id user, struct credential *ret)
{
    enum err e = q_credential_of(ctx->tx, user, ret);

    return e == ERR_MISSING ? ERR_OK : e;
}

/* A unit that is run again finds here what the last run spent a core on: with many logins of one
 * account at once they would else hash for longer each time, and only to collide again. */
struct compared {
    struct str hash, normal;
    bool right;
};

static bool is_compared(const struct compared *last, struct str hash, struct str normal)
{
    return last && str_eq(last->hash, hash) && secret_eq(last->normal, normal);
}

static enum err compare(struct ctx *ctx, struct str hash, struct str normal)
{
    struct compared *now = arena_array(ctx->arena, 1, sizeof *now);

    if (!now) {
        return ERR_MEMORY;
    }
    *now = (struct compared){.hash = hash, .normal = normal};
    TRY(hasher_verify(ctx->desk->hasher, hash, normal, &now->right));
    ctx->compared = now;
    return ERR_OK;
}

enum err password_check(struct ctx *ctx, struct id user, struct secret password, bool *ret_right)
{
    struct credential stored = {0};
    struct str normal = {0};

    TRY(stored_of(ctx, user, &stored));
    TRY(normal_or_empty(ctx, password.hidden, &normal));
    if (!is_compared(ctx->compared, stored.hash, normal)) {
        TRY(compare(ctx, stored.hash, normal));
    }
    *ret_right = ctx->compared->right;
    return ERR_OK;
}

enum err password_renew(struct ctx *ctx, struct id user, struct secret password)
{
    struct credential stored = {0};
    struct password_hash hash;
    struct str normal = {0};

    TRY(stored_of(ctx, user, &stored));
    if (!password_hash_is_stale(ctx->desk->hasher, stored.hash)) {
        return ERR_OK;
    }
    TRY(normal_or_empty(ctx, password.hidden, &normal));
    TRY(hasher_make(ctx->desk->hasher, normal, &hash));
    return q_credential_rehash(ctx->tx, str_of(hash.text), user, stored.hash);
}
