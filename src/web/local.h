/* What each thread of the web floor works with. */
#pragma once

#include "domain/desk.h"
#include "domain/service.h"

#include <stdint.h>

struct away;
struct log_buffer;
struct metrics_block;
struct web;

struct local {
    struct web *web;
    struct desk *desk;
    struct away *away; /* of threads that may ask other services */
    struct log_buffer *log;
    struct metrics_block *metrics;
    uint64_t request_base, request_next; /* request ids: a random start, counted on */
};

enum err local_open(struct web *web, enum desk_kind kind, struct local **ret);
void local_close(struct local *local); /* NULL is fine */
