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
/* method, path, who may call, unit of work, lane, rate class, handler, what comes in, what goes out; then for the contract */
const struct route directory_routes[DIRECTORY_ROUTES] = {
    {POST,   "/auth/token",                    MAY_ANYONE,        TX_LATE,  HASH,  RATE_LOGIN, CALLS(directory_post_token),        TAKES(directory_credentials_shape),     GIVES(200, directory_authenticated_answer_shape),
        FAILS(ERR_CREDENTIALS, ERR_ACCOUNT_STATE),
        TELLS("A username or an address, and the password, for a token",
              "Each login is a session of its own.")},
    {POST,   "/auth/introspect",               MAY_ANYONE,        TX_NONE,  NOW,   RATE_ANY,   CALLS(directory_post_introspect),   TAKES(directory_token_shape),           GIVES(200, directory_introspected_answer_shape),
        FAILS(ERR_STORE_DOWN),
        TELLS("Whether a token is good",
              "Any text may be asked about. What is no token, or no longer one, is not valid.")},
    {POST,   "/auth/refresh",                  MAY_ANYONE,        TX_LATE,  STORE, RATE_ANY,   CALLS(directory_post_refresh),      TAKES(directory_token_shape),           GIVES(200, directory_authenticated_answer_shape),
        FAILS(ERR_TOKEN_INVALID, ERR_ACCOUNT_STATE),
        TELLS("A token for a newer one",
              "Once, also a while after it has expired (the setting `session.renewal`). The old one dies; shown again it ends all that followed on it.")},
    {POST,   "/auth/logout",                   MAY_ANYONE,        TX_LATE,  STORE, RATE_ANY,   CALLS(directory_post_logout),       ONLY_WITH("token"), TAKES(directory_token_shape),           GIVES(200, directory_nothing_shape),
        TELLS("Ends the session of a token",
              "Any text will do.")},

    {POST,   "/users/createUser",              MAY_ANYONE_KNOWN,  TX_LATE,  HASH,  RATE_LOGIN, CALLS(directory_post_user),         TAKES(directory_new_user_shape),        GIVES(200, directory_user_answer_shape),
        FAILS(ERR_FORBIDDEN, ERR_USERNAME_TAKEN, ERR_EMAIL_TAKEN, ERR_ROLE_UNKNOWN, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Makes a user",
              "Whoever shows no token that may give roles names none but `USER`. The address is the username, when that is one and no other is given.")},
    {GET,    "/users",                         LIST_USERS,        TX_READ,  STORE, RATE_ANY,   CALLS(directory_get_users),         ASKS(directory_page_query_shape),       GIVES(200, directory_users_answer_shape),
        TELLS("Lists the users, page by page",
              "In the order in which they came.")},
    {GET,    "/users/:userId",                 READ_USER,         TX_READ,  STORE, RATE_ANY,   CALLS(directory_get_user),                                        GIVES(200, directory_user_answer_shape),
        FAILS(ERR_MISSING),
        TELLS("One user",
              "With their roles, and what those allow.")},
    {GET,    "/users/my-info",                 MAY_SIGNED_IN,     TX_READ,  STORE, RATE_ANY,   CALLS(directory_get_my_info),                                     GIVES(200, directory_user_answer_shape),
        FAILS(ERR_MISSING),
        TELLS("Who shows the token",
              "With their roles, and what those allow.")},
    {PUT,    "/users/:userId",                 WRITE_USER,        TX_LATE,  HASH,  RATE_ANY,   CALLS(directory_put_user),          TAKES(directory_user_update_shape),     GIVES(200, directory_user_answer_shape),
        FAILS(ERR_MISSING, ERR_ROLE_UNKNOWN, ERR_LAST_ADMIN, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Changes a user",
              "What is not named stays; null clears it. Roles are for those who may give them. A new password ends all other sessions.")},
    {DELETE, "/users/:userId",                 DELETE_USER,       TX_WRITE, STORE, RATE_ANY,   CALLS(directory_delete_user),                                     GIVES(200, directory_text_answer_shape),
        FAILS(ERR_MISSING, ERR_LAST_ADMIN),
        TELLS("Deletes a user",
              "With their sessions and roles.")},
    {PUT,    "/users/:userId/change-password", MAY_SIGNED_IN,     TX_LATE,  HASH,  RATE_LOGIN, CALLS(directory_put_user_password), TAKES(directory_password_change_shape), GIVES(200, directory_user_answer_shape),
        FAILS(ERR_MISSING, ERR_FORBIDDEN, ERR_CURRENT_PASSWORD, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Changes one's own password",
              "By the current one. All other sessions end.")},

    {POST,   "/roles",                         WRITE_ROLES,       TX_WRITE, STORE, RATE_ANY,   CALLS(directory_post_role),         TAKES(directory_new_role_shape),        GIVES(200, directory_role_answer_shape),
        FAILS(ERR_TAKEN, ERR_PERMISSION_UNKNOWN),
        TELLS("Makes a role",
              "Of the service's own permissions it can allow only what its maker holds.")},
    {GET,    "/roles",                         READ_ROLES,        TX_READ,  STORE, RATE_ANY,   CALLS(directory_get_roles),         ASKS(directory_page_query_shape),       GIVES(200, directory_roles_answer_shape),
        TELLS("Lists the roles, page by page",
              "By name, with what they allow.")},
    {DELETE, "/roles/:role",                   WRITE_ROLES,       TX_WRITE, STORE, RATE_ANY,   CALLS(directory_delete_role),                                     GIVES(200, directory_nothing_shape),
        FAILS(ERR_MISSING, ERR_BUILT_IN),
        TELLS("Deletes a role",
              "It is taken from all who hold it.")},

    {POST,   "/permissions",                   WRITE_PERMISSIONS, TX_WRITE, STORE, RATE_ANY,   CALLS(directory_post_permission),   TAKES(directory_new_permission_shape),  GIVES(200, directory_permission_answer_shape),
        FAILS(ERR_TAKEN),
        TELLS("Makes a permission",
              "A name may end with `:*`, for all of a kind.")},
    {GET,    "/permissions",                   READ_PERMISSIONS,  TX_READ,  STORE, RATE_ANY,   CALLS(directory_get_permissions),   ASKS(directory_page_query_shape),       GIVES(200, directory_permissions_answer_shape),
        TELLS("Lists the permissions, page by page",
              "By name.")},
    {DELETE, "/permissions/:permission",       WRITE_PERMISSIONS, TX_WRITE, STORE, RATE_ANY,   CALLS(directory_delete_permission),                               GIVES(200, directory_nothing_shape),
        FAILS(ERR_MISSING, ERR_BUILT_IN, ERR_IN_USE),
        TELLS("Deletes a permission",
              "Not while a role allows it.")},
};
/* clang-format on */
