/* The files of this face among themselves. */
#pragma once

#include "web/call.h"

/* handlers.c, in the document's order */
enum err get_health(struct call *c);
enum err post_login(struct call *c);
enum err any_auth(struct call *c);
enum err post_admin(struct call *c);
enum err put_password(struct call *c);
enum err get_admins(struct call *c);
enum err delete_admin(struct call *c);

/* routes.c */
enum {
    EDGE_ROUTES = 7
};
extern const struct route edge_routes[EDGE_ROUTES];

/* errors.c: the status and text that the document has for an error. */
void edge_write_error(struct call *c, enum err e);
