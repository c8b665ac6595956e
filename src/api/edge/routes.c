/* Document 002, endpoint by endpoint. */
#include "api/edge/routes.h"

#include "api/edge/shapes.h"

#define READ_ADMINS  MAY(PERMIT_ADMINS_READ)
#define WRITE_ADMINS MAY(PERMIT_ADMINS_WRITE)

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler, what comes in, what goes out */
const struct route edge_routes[EDGE_ROUTES] = {
    {GET,    "/health",                 MAY_ANYONE,    TX_NONE,  NOW,   RATE_ANY,   get_health,                              GIVES(200, health_shape)},
    {POST,   "/api/v1/login",           MAY_ANYONE,    TX_LATE,  HASH,  RATE_LOGIN, post_login,   TAKES(credentials_shape),  GIVES(200, bearer_shape)},
    {ANY,    "/api/v1/auth",            MAY_SIGNED_IN, TX_NONE,  NOW,   RATE_ANY,   any_auth,                                GIVES_NOTHING(200)},
    {POST,   "/api/v1/admin/create",    WRITE_ADMINS,  TX_LATE,  HASH,  RATE_ANY,   post_admin,   TAKES(new_admin_shape),    GIVES(201, message_shape)},
    {PUT,    "/api/v1/admin/password",  MAY_SIGNED_IN, TX_LATE,  HASH,  RATE_LOGIN, put_password, TAKES(new_password_shape), GIVES(200, message_shape)},
    {GET,    "/api/v1/admin/list",      READ_ADMINS,   TX_READ,  STORE, RATE_ANY,   get_admins,                              GIVES(200, admin_page_shape)},
    {DELETE, "/api/v1/admin/:username", WRITE_ADMINS,  TX_WRITE, STORE, RATE_ANY,   delete_admin,                            GIVES(200, message_shape)},
};
/* clang-format on */
