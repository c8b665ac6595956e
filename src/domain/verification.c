/* Addresses that are verified, and those of companies among them. */
#include "domain/verification.h"

#include "domain/event.h"
#include "domain/link.h"
#include "domain/service.h"
#include "model/organization.h"
#include "store/queries.h"

static bool is_public(const struct ctx *ctx, struct str domain)
{
    struct str rest = ctx->service->settings->public_mail_domains, word;

    while (str_next(&rest, ' ', &word)) {
        if (str_eq_nocase(word, domain)) {
            return true;
        }
    }
    return false;
}

static enum err is_corporate(struct ctx *ctx, const struct user *user, bool *ret)
{
    struct organization organization;
    struct str local, domain;

    (void)str_cut(user->email.key, '@', &local, &domain);
    enum err e =
        is_public(ctx, domain) ? q_organization_by_domain(ctx->tx, domain, &organization) : ERR_OK;
    *ret = e == ERR_OK;
    return e == ERR_MISSING ? ERR_OK : e;
}

static enum err may_enter(struct ctx *ctx, const struct user *user)
{
    return user_state_may_enter(user->state)
               ? ERR_OK
               : ctx_fail(ctx, ERR_LINK, STR("token"), "the account may not come in");
}

enum err verification_look(struct ctx *ctx, struct str token)
{
    struct user user;

    TRY(link_find(ctx, LINK_VERIFY_EMAIL, token, &user));
    return may_enter(ctx, &user);
}

enum err verification_mark(struct ctx *ctx, struct user *user)
{
    bool corporate;

    TRY(is_corporate(ctx, user, &corporate));
    TRY(q_user_verified(ctx->tx, ctx->now, corporate, user->id));
    user->verified = ctx->now;
    user->corporate = corporate;
    user->claimed = false;
    if (user->state == USER_PENDING_VERIFICATION) {
        user->state = USER_ACTIVE;
    }
    return event(ctx, EVENT_USER_VERIFIED, user->id);
}

enum err verification_confirm(struct ctx *ctx, struct str token)
{
    struct user user;

    TRY(link_use(ctx, LINK_VERIFY_EMAIL, token, &user));
    TRY(may_enter(ctx, &user));
    return verification_mark(ctx, &user);
}
