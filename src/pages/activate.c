/* Where the link of an activation leads. */
#include "domain/activation.h"
#include "domain/organization.h"
#include "pages/hosted_routes.h"

static enum err show(struct call *c, struct str token, enum err refused)
{
    struct password_form form = {
        .title = STR("Activate your account"),
        .action = STR(ACTIVATION_PATH),
        .button = STR("Activate"),
        .token = token,
        .refused = refused,
    };
    struct activation found;

    TRY(activation_look(&c->ctx, token, &found));
    TRY(organization_brand(&c->ctx, found.user.organization, &form.brand));
    form.email = found.user.email.shown;
    form.needs_password = found.needs_password || refused != ERR_OK;
    form.intro = form.needs_password
                     ? STR("An account was made for you. Choose a password, and it is yours.")
                     : STR("An account was made for you. Activate it, and log in with the password "
                           "that you were given.");
    return password_form_answer(c, &form);
}

enum err get_activation(struct call *c)
{
    struct link_asked in = {0};

    TRY(read_query(c, &in));
    return show(c, in.token, ERR_OK);
}

enum err post_activation(struct call *c)
{
    struct link_form in = {0};
    struct brand brand;
    struct user user;

    TRY(read_body(c, &in));
    TRY(page_sent_it(c));
    enum err e = activation_use(&c->ctx, in.token, in.password, &user);
    if (password_form_again(c, e)) {
        return show(c, in.token, e);
    }
    TRY(e);
    TRY(organization_brand(&c->ctx, user.organization, &brand));
    return notice_answer(c, 200, &brand, STR("Your account is active"),
                         STR("You can close this page, and log in with your address and your "
                             "password."));
}
