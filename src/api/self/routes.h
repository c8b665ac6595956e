/* The files of this face among themselves. */
#pragma once

#include "web/call.h"

enum err get_livez(struct call *c);
enum err get_readyz(struct call *c);
enum err get_metrics(struct call *c);
enum err get_jwks(struct call *c);
enum err get_contract(struct call *c);
enum err get_avatar(struct call *c);

enum {
    SELF_ROUTES = 6
};
extern const struct route self_routes[SELF_ROUTES];
