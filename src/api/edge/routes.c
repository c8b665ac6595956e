/* Document 002, endpoint by endpoint. */
#include "api/edge/routes.h"

#define READ_ADMINS  MAY(PERMIT_ADMINS_READ)
#define WRITE_ADMINS MAY(PERMIT_ADMINS_WRITE)

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler */
const struct route edge_routes[EDGE_ROUTES] = {
    {GET,    "/health",                 MAY_ANYONE,    TX_NONE,  NOW,   RATE_ANY,   get_health},
    {POST,   "/api/v1/login",           MAY_ANYONE,    TX_LATE,  HASH,  RATE_LOGIN, post_login},
    {ANY,    "/api/v1/auth",            MAY_SIGNED_IN, TX_NONE,  NOW,   RATE_ANY,   any_auth},
    {POST,   "/api/v1/admin/create",    WRITE_ADMINS,  TX_LATE,  HASH,  RATE_ANY,   post_admin},
    {PUT,    "/api/v1/admin/password",  MAY_SIGNED_IN, TX_LATE,  HASH,  RATE_LOGIN, put_password},
    {GET,    "/api/v1/admin/list",      READ_ADMINS,   TX_READ,  STORE, RATE_ANY,   get_admins},
    {DELETE, "/api/v1/admin/:username", WRITE_ADMINS,  TX_WRITE, STORE, RATE_ANY,   delete_admin},
};
/* clang-format on */
