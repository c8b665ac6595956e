/* Links that let somebody in. */
#include "domain/magic.h"

#include "domain/asking.h"
#include "domain/event.h"
#include "domain/identity.h"
#include "domain/link.h"
#include "domain/session.h"
#include "domain/verification.h"
#include "store/queries.h"

enum err magic_ask(struct ctx *ctx, const struct email *to)
{
    return asking_put(
        ctx, &(struct asked_letter){.kind = LINK_MAGIC, .to = *to, .path = STR(MAGIC_PATH)});
}

/* Whom there is not takes the whole way too. */
static enum err use_code(struct ctx *ctx, const struct magic *in, struct user *ret)
{
    struct user user = {0};

    enum err e = q_user_by_login(ctx->tx, (struct str){0}, in->email.key, &user);
    if (e == ERR_MISSING) {
        user = (struct user){.email = in->email};
    } else if (e != ERR_OK) {
        return e;
    }
    TRY(link_use_code(ctx, LINK_MAGIC, &user, in->code.hidden));
    *ret = user;
    return ERR_OK;
}

/* Their password, what other services vouch for, and all that was begun by these. Of an account
 * that somebody else made for its owner, and did not leave to be verified, all of it stays. */
static enum err disown(struct ctx *ctx, struct id user)
{
    TRY(q_credential_delete(ctx->tx, user));
    TRY(identity_forget(ctx, user));
    TRY(session_end_others(ctx, user, (struct id){0}));
    return event(ctx, EVENT_PASSWORD_CHANGED, user);
}

enum err magic_enter(struct ctx *ctx, const struct magic *in, struct logged_in *ret)
{
    struct user user;

    TRY(str_is_set(in->token.hidden) ? link_use(ctx, LINK_MAGIC, in->token.hidden, &user)
                                     : use_code(ctx, in, &user));
    if (user.state == USER_PENDING_VERIFICATION) {
        TRY(disown(ctx, user.id));
    }
    TRY(moment_is_set(user.verified) ? ERR_OK : verification_mark(ctx, &user));
    return login_enter(ctx, &user, ret);
}
