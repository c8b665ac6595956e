/* Registration: the account, and the role that everybody has. */
#include "domain/registration.h"

#include "domain/role.h"

enum err registration(struct ctx *ctx, const struct new_user *in, struct user *ret)
{
    struct new_user new = *in;

    new.state = USER_PENDING_VERIFICATION;
    TRY(user_create(ctx, &new, ret));
    return role_grant_named(ctx, ret->id, role_name(ROLE_USER));
}
