/* Users by the word of a service. */
#include "domain/vouch.h"

#include "domain/service.h"
#include "domain/standing.h"
#include "domain/user.h"

enum err vouch_accept(struct ctx *ctx, const struct actor *service, struct id user)
{
    struct user_standing standing = standing_user(ctx->service->standing, user);

    if (standing.stopped) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "spoken for, but stopped");
    }
    ctx->actor = (struct actor){
        .kind = ACTOR_USER,
        .user = user,
        .service_key = service->service_key,
        .roles = standing.roles,
        .permissions = standing.permissions,
        .somewhere = standing.somewhere,
    };
    return ERR_OK;
}

enum err vouch_confirm(struct ctx *ctx)
{
    struct actor *actor = &ctx->actor;
    struct user user;

    if (actor->kind != ACTOR_USER || !id_is_set(actor->service_key)) {
        return ERR_OK;
    }
    enum err e = user_get(ctx, actor->user, &user);
    if (e == ERR_MISSING || (e == ERR_OK && user_may_enter(ctx, &user) == ERR_ACCOUNT_STATE)) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "spoken for, but there is nobody");
    }
    TRY(e);
    actor->username = str_is_set(user.username.shown) ? user.username.shown : user.email.shown;
    actor->email = user.email.shown;
    return ERR_OK;
}
