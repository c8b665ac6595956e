/* Document 003, endpoint by endpoint. */
#include "api/directory/routes.h"

#include "api/directory/shapes.h"

#define LIST_USERS        MAY(PERMIT_USERS_READ)
#define READ_USER         MAY_SELF_OR(PERMIT_USERS_READ)
#define WRITE_USER        MAY_SELF_OR(PERMIT_USERS_WRITE)
#define DELETE_USER       MAY_SOMEWHERE(PERMIT_USERS_WRITE)
#define READ_ROLES        MAY(PERMIT_ROLES_READ)
#define WRITE_ROLES       MAY(PERMIT_ROLES_WRITE)
#define READ_PERMISSIONS  MAY(PERMIT_PERMISSIONS_READ)
#define WRITE_PERMISSIONS MAY(PERMIT_PERMISSIONS_WRITE)

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler, what comes in, what goes out */
const struct route directory_routes[DIRECTORY_ROUTES] = {
    {POST,   "/auth/token",                    MAY_ANYONE,        TX_LATE,  HASH,  RATE_LOGIN, directory_post_token,        TAKES(directory_credentials_shape),     GIVES(200, directory_authenticated_answer_shape)},
    {POST,   "/auth/introspect",               MAY_ANYONE,        TX_NONE,  NOW,   RATE_ANY,   directory_post_introspect,   TAKES(directory_token_shape),           GIVES(200, directory_introspected_answer_shape)},
    {POST,   "/auth/refresh",                  MAY_ANYONE,        TX_LATE,  STORE, RATE_ANY,   directory_post_refresh,      TAKES(directory_token_shape),           GIVES(200, directory_authenticated_answer_shape)},
    {POST,   "/auth/logout",                   MAY_ANYONE,        TX_LATE,  STORE, RATE_ANY,   directory_post_logout,       TAKES(directory_token_shape),           GIVES(200, directory_nothing_shape)},

    {POST,   "/users/createUser",              MAY_ANYONE_KNOWN,  TX_LATE,  HASH,  RATE_LOGIN, directory_post_user,         TAKES(directory_new_user_shape),        GIVES(200, directory_user_answer_shape)},
    {GET,    "/users",                         LIST_USERS,        TX_READ,  STORE, RATE_ANY,   directory_get_users,         ASKS(directory_page_query_shape),       GIVES(200, directory_users_answer_shape)},
    {GET,    "/users/:userId",                 READ_USER,         TX_READ,  STORE, RATE_ANY,   directory_get_user,                                        GIVES(200, directory_user_answer_shape)},
    {GET,    "/users/my-info",                 MAY_SIGNED_IN,     TX_READ,  STORE, RATE_ANY,   directory_get_my_info,                                     GIVES(200, directory_user_answer_shape)},
    {PUT,    "/users/:userId",                 WRITE_USER,        TX_LATE,  HASH,  RATE_ANY,   directory_put_user,          TAKES(directory_user_update_shape),     GIVES(200, directory_user_answer_shape)},
    {DELETE, "/users/:userId",                 DELETE_USER,       TX_WRITE, STORE, RATE_ANY,   directory_delete_user,                                     GIVES(200, directory_text_answer_shape)},
    {PUT,    "/users/:userId/change-password", MAY_SIGNED_IN,     TX_LATE,  HASH,  RATE_LOGIN, directory_put_user_password, TAKES(directory_password_change_shape), GIVES(200, directory_user_answer_shape)},

    {POST,   "/roles",                         WRITE_ROLES,       TX_WRITE, STORE, RATE_ANY,   directory_post_role,         TAKES(directory_new_role_shape),        GIVES(200, directory_role_answer_shape)},
    {GET,    "/roles",                         READ_ROLES,        TX_READ,  STORE, RATE_ANY,   directory_get_roles,         ASKS(directory_page_query_shape),       GIVES(200, directory_roles_answer_shape)},
    {DELETE, "/roles/:role",                   WRITE_ROLES,       TX_WRITE, STORE, RATE_ANY,   directory_delete_role,                                     GIVES(200, directory_nothing_shape)},

    {POST,   "/permissions",                   WRITE_PERMISSIONS, TX_WRITE, STORE, RATE_ANY,   directory_post_permission,   TAKES(directory_new_permission_shape),  GIVES(200, directory_permission_answer_shape)},
    {GET,    "/permissions",                   READ_PERMISSIONS,  TX_READ,  STORE, RATE_ANY,   directory_get_permissions,   ASKS(directory_page_query_shape),       GIVES(200, directory_permissions_answer_shape)},
    {DELETE, "/permissions/:permission",       WRITE_PERMISSIONS, TX_WRITE, STORE, RATE_ANY,   directory_delete_permission,                               GIVES(200, directory_nothing_shape)},
};
/* clang-format on */
