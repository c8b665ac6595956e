/* A message that message_write wrote, read again: for the page on which developers look at what
 * would have been sent. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;

struct caught {
    struct str date, from, to, subject;
    struct str text, html;
};

/* ERR_FIELD_VALUE for what has another form. In the arena. */
enum err caught_parse(struct arena *arena, struct str message, struct caught *ret);
