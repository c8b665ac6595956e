/* The pages. */
#include "pages/routes.h"

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler */
const struct route pages_routes[PAGES_ROUTES] = {
    {GET, "/dev/mail",     MAY_ANYONE, TX_NONE, STORE, RATE_ANY, get_mails},
    {GET, "/dev/mail/:id", MAY_ANYONE, TX_NONE, STORE, RATE_ANY, get_mail },
};
/* clang-format on */
