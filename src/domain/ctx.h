/* What every domain call is given: one request's memory, unit of work, actor and time. */
#pragma once

#include "base/err.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"
#include "domain/actor.h"
#include "model/event.h"

struct arena;
struct desk;
struct service;
struct tx;

/* What is written even though the request fails: see domain/note.h. */
struct note;

/* What is counted before the unit is run again: see domain/note.h. */
struct claim;

/* Which password has been compared already: see domain/password.c. */
struct compared;

/* Seconds that the clocks of two nodes may be apart: what one of them says of a time is borne by
 * the other for so long. */
enum {
    CLOCKS_APART = 60
};

/* An event of this unit that standing has to hear of when it is durable. */
struct told {
    struct told *next;
    enum event_verb verb;
    struct id subject;
    struct moment at;
};

struct ctx {
    struct arena *arena;
    struct service *service;
    struct desk *desk;
    struct tx *tx; /* NULL outside a unit of work */
    struct actor actor;
    struct moment now;       /* one for the whole request */
    struct str face, source; /* where it came from: the face and the address */
    struct reason reason;
    const char *warning; /* what was done although it should not be, for the log; or NULL */
    struct told *told;
    struct note *notes;
    struct claim *claim;
    struct compared *compared; /* by this or an earlier run of the unit */
    struct str picture_left;   /* by this unit: a file that goes when it is durable */
    bool wrote_letter;         /* in this unit: whoever sends is woken when it is durable */
};

/* fail() with this request's reason. */
#define ctx_fail(ctx, error, field, ...) fail(&(ctx)->reason, error, field, __VA_ARGS__)
