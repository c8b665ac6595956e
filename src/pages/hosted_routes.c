/* The pages that links in letters lead to: GET shows, POST does. */
#include "pages/hosted_routes.h"

#include "domain/activation.h"
#include "domain/magic.h"
#include "domain/recovery.h"

#define PAGE "text/html; charset=utf-8"

enum {
    TOKEN = 1 << 10
};

/* clang-format off */
static const struct field link_asked_fields[] = {
    FIELD(struct link_asked, token, "token", REQUIRED, .most = TOKEN),
};
static const struct shape link_asked_shape = SHAPE(link_asked_fields, MOMENT_MILLIS);

static const struct field link_form_fields[] = {
    FIELD(struct link_form, token,    "token",    REQUIRED, .most = TOKEN),
    FIELD(struct link_form, password, "password", OPTIONAL),
};
static const struct shape link_form_shape = SHAPE(link_form_fields, MOMENT_MILLIS);

static const struct field magic_form_fields[] = {
    FIELD(struct magic_form, token, "token", REQUIRED, .most = TOKEN),
    FIELD(struct magic_form, code,  "code",  OPTIONAL),
};
static const struct shape magic_form_shape = SHAPE(magic_form_fields, MOMENT_MILLIS);

/* method, path, who may call, unit of work, lane, rate class, handler, what comes in, what goes out; then for the contract */
const struct route hosted_routes[HOSTED_ROUTES] = {
    {GET,  ACTIVATION_PATH, MAY_ANYONE, TX_READ, STORE, RATE_LINK, CALLS(get_activation),  ASKS(link_asked_shape),      GIVES_TEXT(200, PAGE),
        FAILS(ERR_LINK),
        TELLS("The page where an account is activated", "Nothing is used up by looking at it.")},
    {POST, ACTIVATION_PATH, MAY_ANYONE, TX_LATE, HASH,  RATE_LINK, CALLS(post_activation), TAKES_FORM(link_form_shape), GIVES_TEXT(200, PAGE),
        FAILS(ERR_LINK, ERR_FORBIDDEN, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Activates the account", "What its form sends. A password that will not do is told on the page itself.")},
    {GET,  RECOVERY_PATH,   MAY_ANYONE, TX_READ, STORE, RATE_LINK, CALLS(get_reset),       ASKS(link_asked_shape),      GIVES_TEXT(200, PAGE),
        FAILS(ERR_LINK),
        TELLS("The page where a new password is chosen", "Nothing is used up by looking at it.")},
    {POST, RECOVERY_PATH,   MAY_ANYONE, TX_LATE, HASH,  RATE_LINK, CALLS(post_reset),      TAKES_FORM(link_form_shape), GIVES_TEXT(200, PAGE),
        FAILS(ERR_LINK, ERR_FORBIDDEN, ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON),
        TELLS("Sets the new password", "What its form sends; all sessions of the user end.")},
    {GET,  MAGIC_PATH,      MAY_ANYONE, TX_READ, STORE, RATE_LINK, CALLS(get_magic),       ASKS(link_asked_shape),      GIVES_TEXT(200, PAGE),
        FAILS(ERR_LINK),
        TELLS("The page of a link that logs in", "One press in the browser that asked for it, the code of the letter in another. Nothing is used up by looking at it.")},
    {POST, MAGIC_PATH,      MAY_ANYONE, TX_WRITE, STORE, RATE_LINK, CALLS(post_magic),     TAKES_FORM(magic_form_shape), GIVES_NOTHING(303), SETS("Location"),
        FAILS(ERR_LINK, ERR_FORBIDDEN, ERR_ACCOUNT_STATE),
        TELLS("Leads on to the application", "With a new token, which counts once, for `verify-magic-link`. The link is used up.")},
};
/* clang-format on */
