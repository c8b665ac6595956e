/* The inside of struct web, for the files of this floor. */
#pragma once

#include "http/address.h"
#include "web/lane.h"
#include "web/web.h"

struct arena;

struct web {
    struct web_plan plan;
    struct router *router;
    struct metrics *metrics;
    struct arena *arena; /* of what lives as long as this */
    struct network_list proxies, scrapers;
    struct lane_line *lanes[LANES]; /* none for NOW */
};
