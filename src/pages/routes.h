/* The files of these pages among themselves. */
#pragma once

#include "web/call.h"

enum err get_mails(struct call *c);
enum err get_mail(struct call *c);

enum {
    PAGES_ROUTES = 2
};
extern const struct route pages_routes[PAGES_ROUTES];
