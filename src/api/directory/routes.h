/* The files of this face among themselves. */
#pragma once

#include "web/call.h"

/* handlers.c, in the document's order */
enum err directory_post_token(struct call *c);
enum err directory_post_introspect(struct call *c);
enum err directory_post_refresh(struct call *c);
enum err directory_post_logout(struct call *c);
enum err directory_post_user(struct call *c);
enum err directory_get_users(struct call *c);
enum err directory_get_user(struct call *c);
enum err directory_get_my_info(struct call *c);
enum err directory_put_user(struct call *c);
enum err directory_delete_user(struct call *c);
enum err directory_put_user_password(struct call *c);
enum err directory_post_role(struct call *c);
enum err directory_get_roles(struct call *c);
enum err directory_delete_role(struct call *c);
enum err directory_post_permission(struct call *c);
enum err directory_get_permissions(struct call *c);
enum err directory_delete_permission(struct call *c);

/* routes.c */
enum {
    DIRECTORY_ROUTES = 17
};
extern const struct route directory_routes[DIRECTORY_ROUTES];

/* errors.c: the status, code and text that this face has for an error. */
void directory_write_error(struct call *c, enum err e);
