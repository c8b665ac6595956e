/* From a lost password to a new one. */
#include "domain/recovery.h"

#include "domain/asking.h"
#include "domain/identity.h"
#include "domain/link.h"
#include "domain/organization.h"
#include "domain/outbox.h"
#include "domain/password.h"
#include "domain/session.h"
#include "domain/user.h"
#include "domain/verification.h"

enum {
    NOTICE_LIFE = 3 * 86400 /* seconds in which it is worth knowing */
};

enum err recovery_ask(struct ctx *ctx, const struct email *to)
{
    return asking_put(ctx, &(struct asked_letter){LINK_RESET_PASSWORD, *to, STR(RECOVERY_PATH)});
}

enum err recovery_look(struct ctx *ctx, struct str token, struct user *ret)
{
    TRY(link_find(ctx, LINK_RESET_PASSWORD, token, ret));
    enum err e = user_may_enter(ctx, ret);
    return e == ERR_ACCOUNT_STATE ? ERR_LINK : e; /* why is in the reason */
}

/* It was them, or somebody who reads their mail: then they should know. */
static enum err tell(struct ctx *ctx, const struct user *user)
{
    struct letter letter = {
        .kind = LETTER_PASSWORD_CHANGED,
        .to = user->email,
        .account = user->id,
        .expires = moment_plus(ctx->now, NOTICE_LIFE),
    };

    TRY(organization_brand(ctx, user->organization, &letter.brand));
    enum err e = outbox_put(ctx, &letter, &letter.id);
    if (e == ERR_BUSY) {
        ctx->reason = (struct reason){0}; /* the password is the thing, and not the letter */
        return ERR_OK;
    }
    return e;
}

/* Who claimed the address, or came by a provider that had not verified the address, may have been
 * anybody: the owner of the address has it from now on, and alone. */
static enum err take_over(struct ctx *ctx, struct user *user)
{
    TRY(identity_forget(ctx, user->id));
    return verification_mark(ctx, user);
}

enum err recovery_use(struct ctx *ctx, struct str token, struct secret password, struct user *ret)
{
    struct user user;

    TRY(recovery_look(ctx, token, &user));
    ctx->actor = (struct actor){.kind = ACTOR_USER, .user = user.id};
    TRY(password_set(ctx, &user, password)); /* slow: before the first write */
    TRY(link_use(ctx, LINK_RESET_PASSWORD, token, ret));
    TRY(link_void(ctx, user.id));
    TRY(session_end_others(ctx, user.id, (struct id){0}));
    TRY(ret->claimed ? take_over(ctx, ret) : ERR_OK);
    return tell(ctx, &user);
}
