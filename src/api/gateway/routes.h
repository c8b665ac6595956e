/* The files of this face among themselves. */
#pragma once

#include "web/call.h"

/* auth.c */
enum err gateway_post_login(struct call *c);
enum err gateway_post_refresh(struct call *c);
enum err gateway_post_logout(struct call *c);

/* magic.c */
enum err gateway_post_magic_link(struct call *c);
enum err gateway_post_verify_magic_link(struct call *c);

/* federation.c: what goes first, and what answers */
enum err gateway_begin(struct call *c);
enum err gateway_get_authorize(struct call *c);
enum err gateway_judge(struct call *c);
enum err gateway_post_vouched(struct call *c);
enum err gateway_get_identities(struct call *c);
enum err gateway_judge_link(struct call *c);
enum err gateway_post_identity(struct call *c);
enum err gateway_delete_identity(struct call *c);

/* sessions.c */
enum err gateway_get_sessions(struct call *c);
enum err gateway_delete_session(struct call *c);

/* users.c */
enum err gateway_get_users(struct call *c);
enum err gateway_get_me(struct call *c);
enum err gateway_get_user(struct call *c);
enum err gateway_post_user(struct call *c);
enum err gateway_put_user(struct call *c);
enum err gateway_delete_user(struct call *c);

/* organizations.c */
enum err gateway_post_organization(struct call *c);
enum err gateway_get_organization(struct call *c);
enum err gateway_put_organization(struct call *c);
enum err gateway_patch_organization(struct call *c);
enum err gateway_delete_organization(struct call *c);
enum err gateway_patch_branding(struct call *c);
enum err gateway_post_complete_setup(struct call *c);

/* roles.c */
enum err gateway_get_roles(struct call *c);
enum err gateway_get_role(struct call *c);
enum err gateway_post_role(struct call *c);
enum err gateway_put_role(struct call *c);
enum err gateway_delete_role(struct call *c);
enum err gateway_get_role_permissions(struct call *c);
enum err gateway_post_role_permission(struct call *c);
enum err gateway_delete_role_permission(struct call *c);

/* permissions.c */
enum err gateway_get_permissions(struct call *c);
enum err gateway_get_permission(struct call *c);
enum err gateway_post_permission(struct call *c);
enum err gateway_put_permission(struct call *c);
enum err gateway_delete_permission(struct call *c);

/* assignments.c */
enum err gateway_get_user_roles(struct call *c);
enum err gateway_post_assignment(struct call *c);
enum err gateway_post_assignment_by_name(struct call *c);
enum err gateway_post_removal(struct call *c);
enum err gateway_delete_assignment(struct call *c);
enum err gateway_get_check(struct call *c);

/* service_keys.c */
enum err gateway_get_service_keys(struct call *c);
enum err gateway_post_service_key(struct call *c);
enum err gateway_delete_service_key(struct call *c);

/* routes.c */
enum {
    GATEWAY_ROUTES = 51
};
extern const struct route gateway_routes[GATEWAY_ROUTES];

/* errors.c: the status, code and text that this face has for an error. */
void gateway_write_error(struct call *c, enum err e);
