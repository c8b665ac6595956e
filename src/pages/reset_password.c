/* Where the link to a new password leads. */
#include "domain/organization.h"
#include "domain/recovery.h"
#include "pages/hosted_routes.h"

static enum err show(struct call *c, struct str token, enum err refused)
{
    struct password_form form = {
        .title = STR("Choose a new password"),
        .action = STR(RECOVERY_PATH),
        .intro = STR("Wherever you are logged in now, you will have to log in again."),
        .button = STR("Change the password"),
        .token = token,
        .needs_password = true,
        .refused = refused,
    };
    struct user user;

    TRY(recovery_look(&c->ctx, token, &user));
    TRY(organization_brand(&c->ctx, user.organization, &form.brand));
    form.email = user.email.shown;
    return password_form_answer(c, &form);
}

enum err get_reset(struct call *c)
{
    struct link_asked in = {0};

    TRY(read_query(c, &in));
    return show(c, in.token, ERR_OK);
}

/* Unlike the account of an activation, this one has a password: none is not another. */
static enum err change(struct call *c, const struct link_form *in, struct user *ret)
{
    if (in->password.hidden.len == 0) {
        return ctx_fail(&c->ctx, ERR_FIELD_MISSING, STR("password"), "nothing was entered");
    }
    return recovery_use(&c->ctx, in->token, in->password, ret);
}

enum err post_reset(struct call *c)
{
    struct link_form in = {0};
    struct brand brand;
    struct user user;

    TRY(read_body(c, &in));
    TRY(page_sent_it(c));
    enum err e = change(c, &in, &user);
    if (password_form_again(c, e)) {
        return show(c, in.token, e);
    }
    TRY(e);
    TRY(organization_brand(&c->ctx, user.organization, &brand));
    return notice_answer(c, 200, &brand, STR("Your password was changed"),
                         STR("You can close this page, and log in with the new one. All other "
                             "sessions have ended."));
}
