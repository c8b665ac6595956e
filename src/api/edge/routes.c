/* Document 002, endpoint by endpoint. */
#include "api/edge/routes.h"

#include "api/edge/shapes.h"

#define READ_ADMINS  MAY(PERMIT_ADMINS_READ)
#define WRITE_ADMINS MAY(PERMIT_ADMINS_WRITE)

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler, what comes in, what goes out; then for the contract */
const struct route edge_routes[EDGE_ROUTES] = {
    {GET,    "/health",                 MAY_ANYONE,    TX_NONE,  NOW,   RATE_ANY,   CALLS(get_health),                              GIVES(200, health_shape), OR_GIVES(503, health_shape),
        TELLS("Whether the service is well", "`ok`, or with 503 `degraded` when the store has not answered for two seconds.")},
    {POST,   "/api/v1/login",           MAY_ANYONE,    TX_LATE,  HASH,  RATE_LOGIN, CALLS(post_login),   TAKES(credentials_shape),  GIVES(200, bearer_shape),
        FAILS(ERR_CREDENTIALS, ERR_ACCOUNT_STATE),
        TELLS("A username or an address, and the password, for a token", "Each login is a session of its own.")},
    {ANY,    "/api/v1/auth",            MAY_SIGNED_IN, TX_NONE,  NOW,   RATE_ANY,   CALLS(any_auth),                                GIVES_NOTHING(200),
        SETS("X-User", "X-Auth-Service"),
        TELLS("Forward-auth, for gateways", "Whether the token is good, and whose it is. The setting `face.edge.identity_headers` adds "
              "`X-User-Id`, `X-User-Email` and `X-User-Roles`.")},
    {POST,   "/api/v1/admin/create",    WRITE_ADMINS,  TX_LATE,  HASH,  RATE_ANY,   CALLS(post_admin),   TAKES(new_admin_shape),    GIVES(201, message_shape),
        FAILS(ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON, ERR_USERNAME_TAKEN, ERR_EMAIL_TAKEN),
        TELLS("Makes an administrator", "A username with an @ has to be the address.")},
    {PUT,    "/api/v1/admin/password",  MAY_SIGNED_IN, TX_LATE,  HASH,  RATE_LOGIN, CALLS(put_password), TAKES(new_password_shape), GIVES(200, message_shape),
        FAILS(ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON, ERR_CURRENT_PASSWORD, ERR_FORBIDDEN, ERR_MISSING),
        TELLS("Changes an administrator's password", "One's own, or as a super administrator another's. All other sessions of the account end.")},
    {GET,    "/api/v1/admin/list",      READ_ADMINS,   TX_READ,  STORE, RATE_ANY,   CALLS(get_admins),                              GIVES(200, admin_page_shape),
        TELLS("Lists the administrators", "In the order of making, those who were deactivated too.")},
    {DELETE, "/api/v1/admin/:username", WRITE_ADMINS,  TX_WRITE, STORE, RATE_ANY,   CALLS(delete_admin),                            GIVES(200, message_shape),
        FAILS(ERR_FIELD_MISSING, ERR_MISSING, ERR_LAST_ADMIN),
        TELLS("Deactivates an administrator", "Ends all sessions of the account. Doing it twice is no error.")},
};
/* clang-format on */
