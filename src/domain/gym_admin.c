/* One call for all that a new gym needs: the gym, its administrator, and the link. */
#include "domain/gym_admin.h"

#include "crypto/hasher.h"
#include "domain/organization.h"
#include "domain/password.h"
#include "domain/policy.h"
#include "domain/role.h"
#include "text/slug.h"

/* Whoever comes second with the same new name finds it made: the unit is begun again. */
static enum err make_gym(struct ctx *ctx, struct str name, struct organization *ret)
{
    struct new_organization new = {.name = name};

    if (slug_is_fine(name)) {
        new.slug = name;
    }
    enum err e = organization_create(ctx, &new, ret);
    if (e == ERR_TAKEN) {
        ctx->reason = (struct reason){0};
        return ctx_fail(ctx, ERR_STORE_RETRY, STR("gymId"), "made by another meanwhile");
    }
    return e;
}

static enum err find_or_make_gym(struct ctx *ctx, struct str name, struct organization *ret)
{
    struct id id;

    enum err e = organization_named(ctx, name, ret);
    if (e != ERR_MISSING || id_parse(name, &id) == ERR_OK) {
        return e;
    }
    return make_gym(ctx, name, ret);
}

/* Before anything is written: no lock is held while a password is hashed. */
static enum err prepare(struct ctx *ctx, const struct new_user *in, struct password_hash *ret)
{
    const struct user user = {.username = in->username, .email = in->email};

    return in->password.hidden.ptr ? password_prepare(ctx, &user, in->password, ret) : ERR_OK;
}

enum err gym_admin_create(struct ctx *ctx, const struct new_gym_admin *in, struct gym_admin *ret)
{
    struct new_user new = in->user;
    struct password_hash hash = {0};
    struct organization gym;
    struct role_entry role;
    struct user user;

    TRY(role_find(ctx, role_name(ROLE_GYM_ADMIN), &role));
    TRY(policy_grant(ctx, &role, (struct id){0}));
    TRY(prepare(ctx, &new, &hash));
    TRY(find_or_make_gym(ctx, in->gym, &gym));
    new.password = (struct secret){0};
    new.state = USER_PENDING_ACTIVATION;
    new.organization = gym.id;
    TRY(user_create(ctx, &new, &user));
    if (in->user.password.hidden.ptr) {
        TRY(password_store(ctx, user.id, &hash));
    }
    TRY(role_grant(ctx, user.id, &role, gym.id));
    TRY(in->mail ? activation_mail(ctx, &user, &ret->link)
                 : activation_make(ctx, &user, &ret->link));
    ret->user = user;
    return ERR_OK;
}
