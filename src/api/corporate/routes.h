/* The files of this face among themselves. */
#pragma once

#include "web/call.h"

/* handlers.c, in the document's order */
enum err corporate_post_register(struct call *c);
enum err corporate_post_login(struct call *c);
enum err corporate_post_verification(struct call *c);
enum err corporate_get_verification(struct call *c);
enum err corporate_get_me(struct call *c);
enum err corporate_get_health(struct call *c);

/* routes.c */
enum {
    CORPORATE_ROUTES = 6
};
extern const struct route corporate_routes[CORPORATE_ROUTES];
#define CORPORATE_VERIFY_EMAIL "/api/v1/auth/verify-email"

/* errors.c: the status and the seven members that this face has for an error. */
void corporate_write_error(struct call *c, enum err e);
