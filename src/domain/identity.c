/* Identities: linked, found, unlinked. */
#include "domain/identity.h"

#include "domain/event.h"
#include "model/credential.h"
#include "store/queries.h"

static const char *const names[PROVIDERS] = {
    [PROVIDER_GOOGLE] = "google",
    [PROVIDER_MICROSOFT] = "microsoft",
    [PROVIDER_LINKEDIN] = "linkedin",
};

struct str provider_name(enum provider provider)
{
    return str_of(names[provider]);
}

enum provider provider_of(struct str name)
{
    enum provider provider = PROVIDER_GOOGLE;

    while (provider < PROVIDERS && !str_eq(name, str_of(names[provider]))) {
        provider++;
    }
    return provider;
}

enum err identity_find(struct ctx *ctx, struct str issuer, struct str subject, struct identity *ret)
{
    return q_identity_find(ctx->tx, issuer, subject, ret);
}

enum err identity_add(struct ctx *ctx, const struct identity *in, struct identity *ret)
{
    struct identity identity = *in;

    TRY(id_make(ctx->now, &identity.id));
    identity.linked = identity.used = ctx->now;
    TRY(q_identity_insert(ctx->tx, &identity));
    TRY(event(ctx, EVENT_IDENTITY_LINKED, identity.user));
    *ret = identity;
    return ERR_OK;
}

enum err identity_touch(struct ctx *ctx, const struct identity *identity)
{
    return q_identity_used(ctx->tx, ctx->now, identity->id);
}

enum err identity_list(struct ctx *ctx, struct id user, struct identity **ret, size_t *ret_count)
{
    return q_identities_of(ctx->tx, user, ret, ret_count);
}

static enum err has_another_way(struct ctx *ctx, const struct user *user)
{
    struct credential credential;
    struct identity *left;
    size_t count;

    TRY(identity_list(ctx, user->id, &left, &count));
    if (count > 0 || user->email.key.len > 0) {
        return ERR_OK;
    }
    enum err e = q_credential_of(ctx->tx, user->id, &credential);
    return e == ERR_MISSING ? ctx_fail(ctx, ERR_IN_USE, STR("id"), "the only way in") : e;
}

enum err identity_remove(struct ctx *ctx, const struct user *user, struct id id)
{
    TRY(q_identity_delete(ctx->tx, id, user->id));
    TRY(has_another_way(ctx, user));
    return event(ctx, EVENT_IDENTITY_UNLINKED, user->id);
}

enum err identity_forget(struct ctx *ctx, struct id user)
{
    return q_identities_delete(ctx->tx, user);
}
