/* Registration: the account, and the role that everybody has. */
#include "domain/registration.h"

#include "domain/role.h"
#include "domain/service.h"

enum err registration(struct ctx *ctx, const struct new_user *in, struct user *ret)
{
    struct new_user new = *in;

    new.claimed = true;
    new.state = USER_PENDING_VERIFICATION;
    TRY(user_create(ctx, &new, ret));
    return role_grant_named(ctx, ret->id, role_name(ROLE_USER));
}

enum err registration_of_member(struct ctx *ctx, const struct new_user *in, struct user *ret)
{
    bool waits = ctx->service->settings->require_verified;
    struct new_user new = *in;
    struct role_entry member;

    new.claimed = true;
    new.state = waits ? USER_PENDING_VERIFICATION : USER_ACTIVE;
    TRY(role_find(ctx, role_name(ROLE_MEMBER), &member));
    TRY(user_create(ctx, &new, ret));
    return role_grant(ctx, ret->id, &member, new.organization);
}
