/* Document 000's /auth: read, one domain call, answer. */
#include "api/fitnexa/routes.h"
#include "api/fitnexa/shapes.h"
#include "domain/login.h"
#include "domain/logout.h"
#include "domain/organization.h"
#include "domain/recovery.h"
#include "domain/registration.h"
#include "web/device.h"

enum {
    GYMS = 2 /* that a login may name: in its body, and in a header */
};

/* Each of them has to be theirs. */
static struct text_list gyms_of(struct call *c, const struct credentials *in,
                                struct str names[GYMS])
{
    struct str header = str_trim(http_header(&c->x->request, STR("x-gym-id")));
    size_t count = 0;

    if (in->domain.len > 0) {
        names[count++] = in->domain;
    }
    if (header.len > 0) {
        names[count++] = header;
    }
    return (struct text_list){names, count};
}

static enum err answer_logged_in(struct call *c, const struct logged_in *in)
{
    struct logged_in_answer out = {.token = in->token.text, .refresh = in->refresh.hidden};

    device_remember(c, in->device);
    TRY(fitnexa_show(&c->ctx, &in->user, &out.user));
    return answer(c, &out);
}

/* POST /login */
enum err fitnexa_post_login(struct call *c)
{
    struct credentials in = {0};
    struct str names[GYMS];
    struct logged_in out;

    TRY(read_body(c, &in));
    struct login login_in = {in.email, in.password, device_shown(c), gyms_of(c, &in, names)};
    TRY(login(&c->ctx, &login_in, &out));
    return answer_logged_in(c, &out);
}

static enum err answer_self(struct call *c)
{
    struct user user;
    struct user_shown out;

    TRY(user_get(&c->ctx, c->ctx.actor.user, &user));
    TRY(fitnexa_show(&c->ctx, &user, &out));
    return answer(c, &out);
}

/* GET /me */
enum err fitnexa_get_auth_me(struct call *c)
{
    return answer_self(c);
}

/* GET /users/me */
enum err fitnexa_get_users_me(struct call *c)
{
    return answer_self(c);
}

/* POST /logout */
enum err fitnexa_post_logout(struct call *c)
{
    TRY(logout_self(&c->ctx, (struct secret){0}));
    return answer(c, &(struct message){STR("logged out")});
}

static enum err find_gym(struct call *c, struct str name, struct id *ret)
{
    struct organization gym = {0};

    if (name.len > 0) {
        TRY(organization_named(&c->ctx, name, &gym));
    }
    *ret = gym.id;
    return ERR_OK;
}

/* One who may not come in until their address is verified has no token. */
static enum err answer_registered(struct call *c, const struct user *user)
{
    struct logged_in_answer out = {0};

    TRY(fitnexa_show(&c->ctx, user, &out.user));
    return answer(c, &out);
}

/* Registration */
enum err fitnexa_post_register(struct call *c)
{
    struct registration_body in = {0};
    struct new_user new = {0};
    struct logged_in out;
    struct user user;

    TRY(read_body(c, &in));
    new.email = in.email;
    new.password = in.password;
    new.first_name = in.first_name;
    new.last_name = in.last_name;
    TRY(find_gym(c, in.gym, &new.organization));
    TRY(registration_of_member(&c->ctx, &new, &user));
    if (user.state != USER_ACTIVE) {
        return answer_registered(c, &user);
    }
    TRY(login_enter(&c->ctx, &user, &out));
    return answer_logged_in(c, &out);
}

/* Password resets: the letter */
enum err fitnexa_post_forgot_password(struct call *c)
{
    struct addressee in = {0};

    TRY(read_body(c, &in));
    TRY(recovery_ask(&c->ctx, &in.email));
    return answer(c, &(struct message){STR("if there is an account, a letter is on its way")});
}

/* and what its link is for */
enum err fitnexa_post_reset_password(struct call *c)
{
    struct link_body in = {0};
    struct user user;

    TRY(read_body(c, &in));
    TRY(recovery_use(&c->ctx, in.token, in.password, &user));
    return answer(c, &(struct message){STR("password changed")});
}
