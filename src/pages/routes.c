/* The pages. */
#include "pages/routes.h"

#define PAGE "text/html; charset=utf-8"

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler, what goes out; then for the contract */
const struct route pages_routes[PAGES_ROUTES] = {
    {GET, "/dev/mail",     MAY_ANYONE, TX_NONE, STORE, RATE_ANY, CALLS(get_mails), GIVES_TEXT(200, PAGE), FAILS(ERR_FORBIDDEN),
        TELLS("The mail that was caught", "A page with a line for each letter, the newest first.")},
    {GET, "/dev/mail/:id", MAY_ANYONE, TX_NONE, STORE, RATE_ANY, CALLS(get_mail),  GIVES_TEXT(200, PAGE), FAILS(ERR_MISSING, ERR_FORBIDDEN),
        TELLS("One letter", "Its headers, its text and where its links lead.")},
};
/* clang-format on */
