/* Document 004's endpoints, in its order: read, one domain call, answer. */
#include "api/corporate/routes.h"
#include "api/corporate/shapes.h"
#include "base/arena.h"
#include "domain/asking.h"
#include "domain/login.h"
#include "domain/registration.h"
#include "domain/verification.h"
#include "web/device.h"
#include "web/health.h"

static struct str status_of(enum user_state state)
{
    switch (state) {
    case USER_PENDING_ACTIVATION:
        return STR("PENDING_ACTIVATION");
    case USER_PENDING_VERIFICATION:
        return STR("PENDING_VERIFICATION");
    case USER_ACTIVE:
        return STR("ACTIVE");
    case USER_INACTIVE:
        return STR("INACTIVE");
    case USER_SUSPENDED:
        return STR("SUSPENDED");
    }
    return STR("INACTIVE");
}

/* Document 004 has one name where the others have two: it is cut at its first space. */
static enum err split_name(struct call *c, struct str full, struct new_user *user)
{
    struct str last;

    (void)str_cut(str_trim(full), ' ', &user->first_name, &last);
    user->last_name = str_trim(last);
    if (user->first_name.len == 0) {
        return ctx_fail(&c->ctx, ERR_FIELD_MISSING, STR("fullName"), "nothing but spaces");
    }
    return ERR_OK;
}

static enum err join_name(struct call *c, const struct user *user, struct str *ret)
{
    bool both = str_is_set(user->first_name) && str_is_set(user->last_name);

    if (!both) {
        *ret = str_is_set(user->first_name) ? user->first_name : user->last_name;
        return ERR_OK;
    }
    return arena_print(c->ctx.arena, ret, "%.*s %.*s", STR_ARG(user->first_name),
                       STR_ARG(user->last_name));
}

static enum err answer_member(struct call *c, const struct user *user)
{
    struct member out = {
        .id = user->id,
        .email = user->email.shown,
        .phone = user->phone,
        .status = status_of(user->state),
        .corporate = user->corporate,
    };

    TRY(join_name(c, user, &out.full_name));
    return answer(c, &out);
}

/* Register */
enum err corporate_post_register(struct call *c)
{
    struct registration_body in = {0};
    struct new_user new = {0};
    struct user user;

    TRY(read_body(c, &in));
    TRY(split_name(c, in.full_name, &new));
    new.email = in.email;
    new.password = in.password;
    new.phone = in.phone;
    TRY(registration(&c->ctx, &new, &user));
    return answer_member(c, &user);
}

/* Login */
enum err corporate_post_login(struct call *c)
{
    struct credentials in = {0};
    struct logged_in out;

    TRY(read_body(c, &in));
    TRY(login(&c->ctx, &(struct login){in.email, in.password, device_shown(c)}, &out));
    device_remember(c, out.device);
    return answer(c, &(struct bearer){out.token.text});
}

static enum err answer_success(struct call *c, struct str message)
{
    return answer(c, &(struct outcome){STR("success"), message});
}

/* Send Verification Email */
enum err corporate_post_verification(struct call *c)
{
    struct addressee in = {0};
    struct str message;

    TRY(read_body(c, &in));
    TRY(asking_put(
        &c->ctx, &(struct asked_letter){LINK_VERIFY_EMAIL, in.email, STR(CORPORATE_VERIFY_EMAIL)}));
    TRY(arena_print(c->ctx.arena, &message, "Verification email sent successfully to %.*s",
                    STR_ARG(in.email.shown)));
    return answer_success(c, message);
}

/* Verify Email. HEAD is safe (RFC 9110, 9.2.1), and what looks ahead at links in mail sends it. */
enum err corporate_get_verification(struct call *c)
{
    bool looks = c->x->request.method == HEAD;
    struct link_query in = {0};

    TRY(read_query(c, &in));
    TRY(looks ? verification_look(&c->ctx, in.token) : verification_confirm(&c->ctx, in.token));
    return answer_success(c, STR("Email verified successfully"));
}

/* Get My Profile */
enum err corporate_get_me(struct call *c)
{
    struct user user;

    TRY(user_get(&c->ctx, c->ctx.actor.user, &user));
    return answer_member(c, &user);
}

/* Health */
enum err corporate_get_health(struct call *c)
{
    bool well = health_store_is_reachable(c);
    struct health health = {well ? STR("UP") : STR("DOWN")};

    return well ? answer(c, &health) : answer_or(c, &health);
}
