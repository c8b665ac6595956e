/* One call for all that a new gym needs: the gym, its administrator, and the link. */
#include "domain/gym_admin.h"

#include "crypto/hasher.h"
#include "domain/event.h"
#include "domain/organization.h"
#include "domain/password.h"
#include "domain/policy.h"
#include "domain/role.h"
#include "store/queries.h"
#include "text/slug.h"

/* Whoever comes second with the same new name finds it made: the unit is begun again. */
static enum err made_meanwhile(struct ctx *ctx)
{
    ctx->reason = (struct reason){0};
    return ctx_fail(ctx, ERR_STORE_RETRY, STR("gymId"), "made by another meanwhile");
}

/* A slug that is taken gets a number, so that it is looked once more whose name came first: after
 * the write, as nobody else makes one from there on. */
static enum err is_the_only_one(struct ctx *ctx, const struct organization *made)
{
    struct organization first;

    enum err e = organization_called(ctx, made->name, &first);
    if (e == ERR_OK && !id_eq(first.id, made->id)) {
        return made_meanwhile(ctx);
    }
    return e == ERR_MISSING ? ERR_OK : e;
}

static enum err make_gym(struct ctx *ctx, struct str name, struct organization *ret)
{
    struct new_organization new = {.name = name};

    if (slug_is_fine(name)) {
        new.slug = name;
    }
    enum err e = organization_create(ctx, &new, ret);
    if (e == ERR_TAKEN) {
        return made_meanwhile(ctx);
    }
    TRY(e);
    return is_the_only_one(ctx, ret);
}

static enum err find_or_make_gym(struct ctx *ctx, struct str name, struct organization *ret)
{
    struct id id;

    enum err e = organization_named(ctx, name, ret);
    if (e != ERR_MISSING || id_parse(name, &id) == ERR_OK) {
        return e;
    }
    e = organization_called(ctx, name, ret);
    return e == ERR_MISSING ? make_gym(ctx, name, ret) : e;
}

/* Before anything is written: no lock is held while a password is hashed. */
static enum err prepare(struct ctx *ctx, const struct new_user *in, struct password_hash *ret)
{
    const struct user user = {.username = in->username, .email = in->email};

    return in->password.hidden.ptr ? password_prepare(ctx, &user, in->password, ret) : ERR_OK;
}

static enum err holds_there(struct ctx *ctx, const struct user *user, struct id role, bool *ret)
{
    struct roles_of_row *rows;
    size_t count;

    *ret = false;
    TRY(q_roles_of(ctx->tx, user->id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        *ret =
            *ret || (id_eq(rows[i].role, role) && id_eq(rows[i].organization, user->organization));
    }
    return ERR_OK;
}

/* Whom the call is about, and where. */
struct wanted {
    const struct new_gym_admin *in;
    struct password_hash hash; /* of the password, if there is one */
    struct role_entry role;
    struct organization gym;
};

/* The account of this address, if it is what this call would make. ERR_MISSING: there is none. */
static enum err find_waiting(struct ctx *ctx, const struct wanted *wanted, struct user *ret)
{
    bool holds;

    TRY(q_user_by_login(ctx->tx, (struct str){0}, wanted->in->user.email.key, ret));
    bool waits = ret->state == USER_PENDING_ACTIVATION && id_eq(ret->organization, wanted->gym.id);
    TRY(holds_there(ctx, ret, wanted->role.id, &holds));
    if (!waits || !holds) {
        return ctx_fail(ctx, ERR_EMAIL_TAKEN, STR("email"), "address in use");
    }
    return policy_over(ctx, ret->id);
}

static enum err take_over_names(struct ctx *ctx, const struct new_user *in, struct user *user)
{
    const struct {
        struct str from, *to;
    } texts[] = {
        {in->first_name, &user->first_name},
        {in->last_name,  &user->last_name },
        {in->phone,      &user->phone     },
    };
    struct user old = *user;
    bool any = false;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i].from.len > 0) {
            *texts[i].to = texts[i].from;
            any = true;
        }
    }
    return any ? user_change(ctx, &old, user) : ERR_OK;
}

static enum err make_link(struct ctx *ctx, const struct wanted *wanted, const struct user *user,
                          struct gym_admin *ret)
{
    TRY(wanted->in->mail ? activation_mail(ctx, user, &ret->link)
                         : activation_make(ctx, user, &ret->link));
    ret->user = *user;
    return ERR_OK;
}

/* The link is made first, and then they are looked at once more: from that write on nobody
 * activates or changes them, and what was read before may be older than a password took to hash. */
static enum err invite_again(struct ctx *ctx, const struct wanted *wanted, struct user *user,
                             struct gym_admin *ret)
{
    struct id invited = user->id;

    TRY(make_link(ctx, wanted, user, ret));
    enum err e = find_waiting(ctx, wanted, user);
    if (e == ERR_MISSING || (e == ERR_OK && !id_eq(user->id, invited))) {
        return ctx_fail(ctx, ERR_STORE_RETRY, STR("email"), "no longer theirs");
    }
    TRY(e);
    TRY(take_over_names(ctx, &wanted->in->user, user));
    if (wanted->in->user.password.hidden.ptr) {
        TRY(password_store(ctx, user->id, &wanted->hash));
        TRY(event(ctx, EVENT_PASSWORD_CHANGED, user->id));
    }
    ret->user = *user;
    return ERR_OK;
}

static enum err make_waiting(struct ctx *ctx, const struct wanted *wanted, struct gym_admin *ret)
{
    struct new_user new = wanted->in->user;
    struct user user;

    new.password = (struct secret){0};
    new.state = USER_PENDING_ACTIVATION;
    new.organization = wanted->gym.id;
    TRY(user_create(ctx, &new, &user));
    if (wanted->in->user.password.hidden.ptr) {
        TRY(password_store(ctx, user.id, &wanted->hash));
    }
    TRY(role_grant(ctx, user.id, &wanted->role, wanted->gym.id));
    return make_link(ctx, wanted, &user, ret);
}

enum err gym_admin_create(struct ctx *ctx, const struct new_gym_admin *in, struct gym_admin *ret)
{
    struct wanted wanted = {.in = in};
    struct user user;

    TRY(role_find(ctx, role_name(ROLE_GYM_ADMIN), &wanted.role));
    TRY(policy_grant(ctx, &wanted.role, (struct id){0}));
    TRY(prepare(ctx, &in->user, &wanted.hash));
    TRY(find_or_make_gym(ctx, in->gym, &wanted.gym));
    enum err e = find_waiting(ctx, &wanted, &user);
    if (e == ERR_MISSING) {
        return make_waiting(ctx, &wanted, ret);
    }
    TRY(e);
    return invite_again(ctx, &wanted, &user, ret);
}
