/* The inside of struct web, for the files of this floor. */
#pragma once

#include "http/address.h"
#include "web/lane.h"
#include "web/web.h"

struct arena;
struct contracts;
struct hasher;

struct web {
    struct web_plan plan;
    struct router *router;
    struct metrics *metrics;
    struct contracts *contracts;
    struct arena *arena; /* of what lives as long as this */
    struct network_list proxies, scrapers;
    struct hasher *hasher;          /* lent to all who work in HASH but the reserve */
    struct lane_line *lanes[LANES]; /* none for NOW */
};
