/* The files of the hosted pages among themselves. */
#pragma once

#include "base/secret.h"
#include "pages/page.h"

/* activate.c */
enum err get_activation(struct call *c);
enum err post_activation(struct call *c);

/* reset_password.c */
enum err get_reset(struct call *c);
enum err post_reset(struct call *c);

/* magic_link.c */
enum err get_magic(struct call *c);
enum err post_magic(struct call *c);

/* hosted_routes.c */
enum {
    HOSTED_ROUTES = 6
};
extern const struct route hosted_routes[HOSTED_ROUTES];

/* What a link asks, and what a form sends. */
struct link_asked {
    struct str token;
};
struct link_form {
    struct str token;
    struct secret password;
};

struct magic_form {
    struct str token;
    struct secret code;
};

/* password_form.c: a page on which a password is chosen, or nothing is but to go on. */
struct password_form {
    struct str title, action, intro, button;
    struct str token;
    struct str email; /* whose account it is */
    bool needs_password;
    enum err refused; /* of the password that was sent; ERR_OK: none was */
    struct brand brand;
};
enum err password_form_answer(struct call *c, const struct password_form *form);

/* Whether this is about the password that was sent, so that the form is shown again. Nothing has
 * been written then. */
bool password_form_again(struct call *c, enum err e);

/* A page that says how it ended. */
enum err notice_answer(struct call *c, int status, const struct brand *brand, struct str title,
                       struct str text);
