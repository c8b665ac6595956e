/* The files of this face among themselves. */
#pragma once

#include "web/call.h"

/* auth.c, in the document's order; what it promises without a route comes last */
enum err fitnexa_post_login(struct call *c);
enum err fitnexa_get_auth_me(struct call *c);
enum err fitnexa_post_logout(struct call *c);
enum err fitnexa_post_register(struct call *c);
enum err fitnexa_post_forgot_password(struct call *c);
enum err fitnexa_post_reset_password(struct call *c);

/* users.c */
enum err fitnexa_get_users_me(struct call *c);
enum err fitnexa_put_profile(struct call *c);
enum err fitnexa_post_gym_admin(struct call *c);
enum err fitnexa_post_activate(struct call *c);
enum err fitnexa_get_all(struct call *c);

/* picture.c */
enum err fitnexa_draw_picture(struct call *c); /* what goes first */
enum err fitnexa_post_picture(struct call *c);

/* routes.c */
enum {
    FITNEXA_ROUTES = 12
};
extern const struct route fitnexa_routes[FITNEXA_ROUTES];

/* errors.c: the status, and {"error", "statusCode", "service"}. */
void fitnexa_write_error(struct call *c, enum err e);
