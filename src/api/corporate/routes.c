/* Document 004, endpoint by endpoint. */
#include "api/corporate/routes.h"

#include "api/corporate/shapes.h"

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler, what comes in, what goes out; then for the contract */
const struct route corporate_routes[CORPORATE_ROUTES] = {
    {POST, "/api/v1/auth/register",                MAY_ANYONE,    TX_LATE,  HASH,  RATE_REGISTER, CALLS(corporate_post_register),     TAKES(corporate_registration_shape), GIVES(201, corporate_member_shape),
        FAILS(ERR_EMAIL_TAKEN, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Registers a new user",
              "Their address is still to be verified.")},
    {POST, "/api/v1/auth/login",                   MAY_ANYONE,    TX_LATE,  HASH,  RATE_LOGIN,    CALLS(corporate_post_login),        TAKES(corporate_credentials_shape),  GIVES(200, corporate_bearer_shape),
        FAILS(ERR_CREDENTIALS, ERR_ACCOUNT_STATE),
        TELLS("An address and the password, for a token",
              "Each login is a session of its own.")},
    {POST, "/api/v1/auth/send-verification-email", MAY_ANYONE,    TX_WRITE, STORE, RATE_LETTER,   CALLS(corporate_post_verification), TAKES(corporate_addressee_shape),    GIVES(200, corporate_outcome_shape),
        FAILS(ERR_TOO_MANY),
        TELLS("Has a link mailed that verifies the address",
              "The answer is the same for an address that nobody has registered with. A newer link voids the older one.")},
    {GET,  CORPORATE_VERIFY_EMAIL,                 MAY_ANYONE,    TX_WRITE, STORE, RATE_LINK,     CALLS(corporate_get_verification),  ASKS(corporate_link_query_shape),    GIVES(200, corporate_outcome_shape),
        FAILS(ERR_LINK),
        TELLS("Verifies an address by the link that was mailed there",
              "Once; HEAD only says whether it would.")},
    {GET,  "/api/v1/users/me",                     MAY_SIGNED_IN, TX_READ,  STORE, RATE_ANY,      CALLS(corporate_get_me),                                                 GIVES(200, corporate_member_shape),
        FAILS(ERR_MISSING),
        TELLS("Who shows the token",
              "By a token of any face.")},
    {GET,  "/actuator/health",                     MAY_ANYONE,    TX_NONE,  NOW,   RATE_ANY,      CALLS(corporate_get_health),                                             GIVES(200, corporate_health_shape), OR_GIVES(503, corporate_health_shape),
        TELLS("Whether the service is up",
              "`DOWN` and 503 when the store has not answered for two seconds.")},
};
/* clang-format on */
