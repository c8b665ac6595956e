/* Document 001, endpoint by endpoint: Auth; the sessions, which it does not have; Roles &
 * Permissions. */
#include "api/gateway/routes.h"

#include "api/gateway/shapes.h"

#define READ_ROLES        MAY(PERMIT_ROLES_READ)
#define WRITE_ROLES       MAY(PERMIT_ROLES_WRITE)
#define ASSIGN_ROLES      MAY_SOMEWHERE(PERMIT_ROLES_ASSIGN)
#define READ_PERMISSIONS  MAY(PERMIT_PERMISSIONS_READ)
#define WRITE_PERMISSIONS MAY(PERMIT_PERMISSIONS_WRITE)
#define READ_USER         MAY_SELF_OR(PERMIT_USERS_READ)

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler, what comes in, what goes out; then for the contract */
const struct route gateway_routes[GATEWAY_ROUTES] = {
    {POST,   "/id/api/auth/login",                             MAY_ANYONE,        TX_LATE,  HASH,  RATE_LOGIN, CALLS(gateway_post_login),            TAKES(gateway_credentials_shape),        GIVES(200, gateway_login_answer_shape),
        FAILS(ERR_CREDENTIALS, ERR_ACCOUNT_STATE),
        TELLS("Logs in",
              "Every login opens a session of its own. `email` is an address or a username. The cookie makes this device a known one, whose failed logins are counted apart.")},
    {POST,   "/id/api/auth/refresh",                           MAY_ANYONE,        TX_LATE,  STORE, RATE_ANY, CALLS(gateway_post_refresh),            TAKES(gateway_refresh_shape),            GIVES(200, gateway_refresh_answer_shape),
        FAILS(ERR_TOKEN_INVALID, ERR_ACCOUNT_STATE),
        TELLS("A new pair of tokens for a refresh token",
              "It counts once. A lost answer is given again for 10 seconds, to the same address; shown again otherwise, it ends the session.")},
    {POST,   "/id/api/auth/logout",                            MAY_SIGNED_IN,     TX_WRITE, STORE, RATE_ANY, CALLS(gateway_post_logout),             TAKES_IF_ANY(gateway_logout_shape),      GIVES(200, gateway_nothing_shape),
        TELLS("Logs out",
              "Ends the session of the token, and that of the refresh token if it is one of the same user.")},

    {GET,    "/id/api/sessions",                               MAY_SIGNED_IN,     TX_READ,  STORE, RATE_ANY, CALLS(gateway_get_sessions),            ASKS(gateway_page_query_shape),          GIVES(200, gateway_sessions_answer_shape),
        TELLS("Lists one's own sessions",
              "Those that can go on, the newest first. `current` is that of the token.")},
    {DELETE, "/id/api/sessions/:id",                           MAY_SIGNED_IN,     TX_WRITE, STORE, RATE_ANY, CALLS(gateway_delete_session),                                                   GIVES(200, gateway_nothing_shape),
        FAILS(ERR_FIELD_VALUE, ERR_MISSING),
        TELLS("Ends one of one's own sessions",
              "Its tokens are refused from then on. Somebody else's is not found.")},

    {GET,    "/id/api/roles",                                  READ_ROLES,        TX_READ,  STORE, RATE_ANY, CALLS(gateway_get_roles),               ASKS(gateway_page_query_shape),          GIVES(200, gateway_roles_answer_shape),
        TELLS("Lists the roles",
              "By name, with the names of what they allow.")},
    {GET,    "/id/api/roles/:id",                              READ_ROLES,        TX_READ,  STORE, RATE_ANY, CALLS(gateway_get_role),                                                         GIVES(200, gateway_role_answer_shape),
        FAILS(ERR_FIELD_VALUE, ERR_MISSING),
        TELLS("One role",
              "With the names of what it allows.")},
    {POST,   "/id/api/roles",                                  WRITE_ROLES,       TX_WRITE, STORE, RATE_ANY, CALLS(gateway_post_role),               TAKES(gateway_new_role_shape),           GIVES(201, gateway_role_answer_shape),
        FAILS(ERR_TAKEN, ERR_PERMISSION_UNKNOWN),
        TELLS("Makes a role",
              "Of the service's own permissions it can allow only what its maker holds.")},
    {PUT,    "/id/api/roles/:id",                              WRITE_ROLES,       TX_WRITE, STORE, RATE_ANY, CALLS(gateway_put_role),                TAKES(gateway_role_update_shape),        GIVES(200, gateway_role_answer_shape),
        FAILS(ERR_MISSING, ERR_TAKEN, ERR_PERMISSION_UNKNOWN, ERR_BUILT_IN),
        TELLS("Changes a role",
              "What is not named stays. Its permissions are from here on those that are named, and no others, for all who hold it.")},
    {DELETE, "/id/api/roles/:id",                              WRITE_ROLES,       TX_WRITE, STORE, RATE_ANY, CALLS(gateway_delete_role),                                                      GIVES(200, gateway_nothing_shape),
        FAILS(ERR_FIELD_VALUE, ERR_MISSING, ERR_BUILT_IN),
        TELLS("Deletes a role",
              "It is taken from all who hold it.")},

    {GET,    "/id/api/permissions",                            READ_PERMISSIONS,  TX_READ,  STORE, RATE_ANY, CALLS(gateway_get_permissions),         ASKS(gateway_page_query_shape),          GIVES(200, gateway_permissions_answer_shape),
        TELLS("Lists the permissions",
              "By name.")},
    {GET,    "/id/api/permissions/:id",                        READ_PERMISSIONS,  TX_READ,  STORE, RATE_ANY, CALLS(gateway_get_permission),                                                   GIVES(200, gateway_permission_answer_shape),
        FAILS(ERR_FIELD_VALUE, ERR_MISSING),
        TELLS("One permission",
              "Its name and what it is for.")},
    {POST,   "/id/api/permissions",                            WRITE_PERMISSIONS, TX_WRITE, STORE, RATE_ANY, CALLS(gateway_post_permission),         TAKES(gateway_new_permission_shape),     GIVES(201, gateway_permission_answer_shape),
        FAILS(ERR_TAKEN),
        TELLS("Makes a permission",
              "A name may end with `:*`, for all of a kind.")},
    {PUT,    "/id/api/permissions/:id",                        WRITE_PERMISSIONS, TX_WRITE, STORE, RATE_ANY, CALLS(gateway_put_permission),          TAKES(gateway_permission_update_shape),  GIVES(200, gateway_permission_answer_shape),
        FAILS(ERR_MISSING, ERR_TAKEN, ERR_BUILT_IN, ERR_IN_USE),
        TELLS("Changes a permission",
              "What is not named stays. Its name stays while a role allows it.")},
    {DELETE, "/id/api/permissions/:id",                        WRITE_PERMISSIONS, TX_WRITE, STORE, RATE_ANY, CALLS(gateway_delete_permission),                                                GIVES(200, gateway_nothing_shape),
        FAILS(ERR_FIELD_VALUE, ERR_MISSING, ERR_BUILT_IN, ERR_IN_USE),
        TELLS("Deletes a permission",
              "Not while a role allows it.")},

    {GET,    "/id/api/roles/:roleId/permissions",              READ_ROLES,        TX_READ,  STORE, RATE_ANY, CALLS(gateway_get_role_permissions),    ASKS(gateway_page_query_shape),          GIVES(200, gateway_permissions_answer_shape),
        FAILS(ERR_MISSING),
        TELLS("Lists what a role allows",
              "By name.")},
    {POST,   "/id/api/permissions/assign",                     WRITE_ROLES,       TX_WRITE, STORE, RATE_ANY, CALLS(gateway_post_role_permission),    TAKES(gateway_allowance_shape),          GIVES(200, gateway_role_answer_shape),
        FAILS(ERR_MISSING, ERR_BUILT_IN),
        TELLS("Lets a role allow one thing more",
              "Nothing happens where it does already. Answers the role.")},
    {DELETE, "/id/api/roles/:roleId/permissions/:permissionId", WRITE_ROLES,      TX_WRITE, STORE, RATE_ANY, CALLS(gateway_delete_role_permission),                                           GIVES(200, gateway_nothing_shape),
        FAILS(ERR_FIELD_VALUE, ERR_MISSING, ERR_BUILT_IN),
        TELLS("Lets a role allow one thing less",
              "For all who hold it.")},

    {GET,    "/id/api/roles/user/:userId",                     READ_USER,         TX_READ,  STORE, RATE_ANY, CALLS(gateway_get_user_roles),          ASKS(gateway_page_query_shape),          GIVES(200, gateway_held_roles_answer_shape),
        FAILS(ERR_MISSING),
        TELLS("Lists the roles of a user",
              "The strongest first. Of a role that is held in one organization it says in which.")},
    {POST,   "/id/api/roles/assign",                           ASSIGN_ROLES,      TX_WRITE, STORE, RATE_ANY, CALLS(gateway_post_assignment),         TAKES(gateway_new_assignment_shape),     GIVES(200, gateway_assignment_answer_shape),
        FAILS(ERR_MISSING),
        TELLS("Gives a role to a user",
              "Everywhere, or in one organization. Nobody gives what they do not hold there. Nothing happens where they hold it already.")},
    {POST,   "/id/api/roles/assign-by-name",                   ASSIGN_ROLES,      TX_WRITE, STORE, RATE_ANY, CALLS(gateway_post_assignment_by_name), TAKES(gateway_assignment_by_name_shape), GIVES(200, gateway_assignment_answer_shape),
        FAILS(ERR_MISSING),
        TELLS("Gives a role to a user, by its name",
              "Everywhere, or in one organization. Nobody gives what they do not hold there. Nothing happens where they hold it already.")},
    {POST,   "/id/api/roles/user/:userId/remove-role",         ASSIGN_ROLES,      TX_WRITE, STORE, RATE_ANY, CALLS(gateway_post_removal),            TAKES(gateway_removal_shape),            GIVES(200, gateway_nothing_shape),
        FAILS(ERR_MISSING, ERR_LAST_ADMIN),
        TELLS("Takes a role from a user, by its name",
              "As it was given: everywhere, or in one organization.")},
    {DELETE, "/id/api/roles/user/:userId/role/:roleId",        ASSIGN_ROLES,      TX_WRITE, STORE, RATE_ANY, CALLS(gateway_delete_assignment),       ASKS(gateway_place_query_shape),         GIVES(200, gateway_nothing_shape),
        FAILS(ERR_MISSING, ERR_LAST_ADMIN),
        TELLS("Takes a role from a user",
              "As it was given: everywhere, or in one organization.")},
    {GET,    "/id/api/roles/check-permission/:userId/:permissionName", READ_USER, TX_NONE,  NOW,   RATE_ANY, CALLS(gateway_get_check),               ASKS(gateway_place_query_shape),         GIVES(200, gateway_check_answer_shape),
        FAILS(ERR_MISSING),
        TELLS("Whether a user holds a permission",
              "Everywhere, or in one organization. Who is stopped holds nothing, nor does whom there is not.")},
};
/* clang-format on */
