/* Document 000, endpoint by endpoint; behind them what it promises without naming a route. */
#include "api/fitnexa/routes.h"

#include "api/fitnexa/shapes.h"
#include "domain/picture.h"

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler, what comes in, what goes out; then for the contract */
const struct route fitnexa_routes[FITNEXA_ROUTES] = {
    {POST, "/auth/login",    MAY_ANYONE,     TX_LATE, HASH,  RATE_LOGIN,    CALLS(fitnexa_post_login),    TAKES(fitnexa_credentials_shape),  GIVES(200, fitnexa_logged_in_answer_shape),
        FAILS(ERR_CREDENTIALS, ERR_ACCOUNT_STATE, ERR_ELSEWHERE),
        TELLS("An address and the password, for a token",
              "`domain`, or the header `X-Gym-Id`, names the gym: whoever is of another one gets 403, after the right password alone. Super administrators are of every gym.")},
    {GET,  "/auth/me",       MAY_SIGNED_IN,  TX_READ, STORE, RATE_ANY,      CALLS(fitnexa_get_auth_me),                                      GIVES(200, fitnexa_user_shape),
        FAILS(ERR_MISSING),
        TELLS("Who shows the token",
              "By a token of any face.")},
    {POST, "/auth/logout",   MAY_SIGNED_IN,  TX_LATE, STORE, RATE_ANY,      CALLS(fitnexa_post_logout),                                      GIVES(200, fitnexa_message_shape),
        TELLS("Ends the session of the token that is shown",
              "Everywhere and at once. A body with a `token` is for the face `directory`, where that is served.")},

    {GET,  "/users/me",      MAY_SIGNED_IN,  TX_READ, STORE, RATE_ANY,      CALLS(fitnexa_get_users_me),                                     GIVES(200, fitnexa_user_shape),
        FAILS(ERR_MISSING),
        TELLS("Who shows the token",
              "The same as `/auth/me`.")},
    {PUT,  "/users/profile", MAY_SIGNED_IN,  TX_LATE, STORE, RATE_ANY,      CALLS(fitnexa_put_profile),   TAKES(fitnexa_profile_shape),      GIVES(200, fitnexa_user_shape),
        FAILS(ERR_MISSING),
        TELLS("Changes what one says of oneself",
              "What is absent stays, null clears.")},
    {POST, "/users/profile/upload", MAY_SIGNED_IN, TX_LATE, DRAW, RATE_ANY, CALLS(fitnexa_post_picture), FIRST(fitnexa_draw_picture), TAKES_FILE("file", PICTURE_UPLOAD), GIVES(200, fitnexa_user_shape),
        FAILS(ERR_MISSING, ERR_PICTURE_TYPE, ERR_PICTURE_LARGE),
        TELLS("Takes a picture of oneself",
              "PNG, JPEG, WebP or GIF of at most 5 MiB and 16 megapixels. It is drawn anew, of at most 512 × 512 pixels and without metadata; `avatar` is where it is from then on.")},

    {POST, "/users/create-gym-admin", MAY(PERMIT_ORGS_WRITE), TX_LATE, HASH, RATE_ANY, CALLS(fitnexa_post_gym_admin), TAKES(fitnexa_new_gym_admin_shape), GIVES(201, fitnexa_gym_admin_answer_shape),
        FAILS(ERR_EMAIL_TAKEN, ERR_MISSING, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Makes the administrator of a gym, who has to be activated",
              "`gymId` names the gym by its slug or its id; one that is not there is made, of that name. The token counts once, for 24 hours, and stands in the letter that `sendEmail` has sent. Who still waits gets a new one by the same call. Whoever calls holds all that a `GYM_ADMIN` does.")},
    {POST, "/users/activate", MAY_ANYONE, TX_LATE, HASH, RATE_LINK, CALLS(fitnexa_post_activate), TAKES(fitnexa_activation_shape), GIVES(200, fitnexa_activated_answer_shape),
        FAILS(ERR_LINK, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Activates an account by its token",
              "`password` is required where none was set when the account was made.")},
    {GET,  "/users/all",     MAY_EVERYTHING, TX_READ, STORE, RATE_ANY,      CALLS(fitnexa_get_all),       ASKS(fitnexa_users_query_shape),   GIVES(200, fitnexa_users_answer_shape),
        TELLS("Lists the users of all gyms, page by page",
              "In the order in which they came. `search` is looked for in usernames, addresses and names.")},

    {POST, "/auth/register", MAY_ANYONE,     TX_LATE, HASH,  RATE_REGISTER, CALLS(fitnexa_post_register), TAKES(fitnexa_registration_shape), GIVES(201, fitnexa_logged_in_answer_shape),
        FAILS(ERR_ACCOUNT_STATE, ERR_EMAIL_TAKEN, ERR_MISSING, ERR_ACCOUNT_STATE, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Makes a member, and logs them in",
              "The role is `MEMBER`, whatever else is asked for. Where logins wait for verified addresses (`login.require_verified`) there is no token yet.")},
    {POST, "/auth/forgot-password", MAY_ANYONE, TX_WRITE, STORE, RATE_LETTER, CALLS(fitnexa_post_forgot_password), TAKES(fitnexa_addressee_shape), GIVES(202, fitnexa_message_shape),
        FAILS(ERR_TOO_MANY),
        TELLS("Has a link mailed by which a new password can be chosen",
              "The answer is the same for an address that nobody has registered with. The link counts once, for 30 minutes; a newer one voids the older.")},
    {POST, "/auth/reset-password", MAY_ANYONE, TX_LATE, HASH, RATE_LINK, CALLS(fitnexa_post_reset_password), TAKES(fitnexa_reset_shape), GIVES(200, fitnexa_message_shape),
        FAILS(ERR_LINK, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Chooses a new password by the link that was mailed",
              "All sessions of the user end.")},
};
/* clang-format on */
