/* From an account that waits to one that is somebody's. */
#include "domain/activation.h"

#include "domain/event.h"
#include "domain/organization.h"
#include "domain/password.h"
#include "domain/user.h"
#include "model/credential.h"
#include "store/queries.h"

enum err activation_make(struct ctx *ctx, const struct user *user, struct link *ret)
{
    return link_make(ctx, LINK_ACTIVATION, user, ret);
}

enum err activation_mail(struct ctx *ctx, const struct user *user, struct link *ret)
{
    struct link_letter letter = {
        .kind = LINK_ACTIVATION, .user = user, .path = STR(ACTIVATION_PATH)};

    TRY(organization_brand(ctx, user->organization, &letter.brand));
    return link_mail(ctx, &letter, ret);
}

enum err activation_look(struct ctx *ctx, struct str token, struct activation *ret)
{
    struct activation found = {0};
    struct credential credential;

    TRY(link_find(ctx, LINK_ACTIVATION, token, &found.user));
    if (found.user.state != USER_PENDING_ACTIVATION) {
        return ctx_fail(ctx, ERR_LINK, STR("token"), "the account does not wait for it");
    }
    enum err e = q_credential_of(ctx->tx, found.user.id, &credential);
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    found.needs_password = e == ERR_MISSING;
    *ret = found;
    return ERR_OK;
}

static enum err choose_password(struct ctx *ctx, const struct activation *found,
                                struct secret password)
{
    if (password.hidden.len > 0) {
        return password_set(ctx, &found->user, password);
    }
    return found->needs_password
               ? ctx_fail(ctx, ERR_FIELD_MISSING, STR("password"), "the account has none yet")
               : ERR_OK;
}

enum err activation_use(struct ctx *ctx, struct str token, struct secret password, struct user *ret)
{
    struct activation found = {0};
    struct user user;

    TRY(activation_look(ctx, token, &found));
    ctx->actor = (struct actor){.kind = ACTOR_USER, .user = found.user.id};
    TRY(choose_password(ctx, &found, password)); /* slow: before the first write */
    TRY(link_use(ctx, LINK_ACTIVATION, token, &user));
    enum err e = q_user_activated(ctx->tx, ctx->now, user.id);
    if (e == ERR_MISSING) {
        return ctx_fail(ctx, ERR_LINK, STR("token"), "the account was changed meanwhile");
    }
    TRY(e);
    TRY(link_void(ctx, user.id));
    TRY(event(ctx, EVENT_USER_ACTIVATED, user.id));
    return user_get(ctx, user.id, ret);
}
