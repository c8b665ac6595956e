/* For tests: a web floor with one face, over a real service, seen from one I/O thread. */
#pragma once

#include "domain/fixture.h"
#include "domain/settings.h"
#include "web/local.h"
#include "web/mock.h"
#include "web/web.h"

#include <stdatomic.h>

/* What the handler of most routes does. */
struct script {
    struct face_settings face; /* as every face's settings begin */
    enum err answer;           /* what it ends with */
    unsigned retries;          /* how often it asks to be run again before */
    bool broken_header;        /* its first run adds a header that cannot be */
    bool becomes_someone;      /* it takes somebody for the actor, as a login does */
    bool tells;                /* it writes an event */
    enum actor_kind seen;      /* whom it found when it began its last run */
    _Atomic unsigned runs;
    sem_t *gate; /* it waits there; NULL: it does not */
};

struct stage {
    struct fixture *fixture;
    struct script script;
    struct web *web;
    struct log *log;
    int log_file;
    struct local *local;
    struct mock mock; /* the newest request */
};

/* Routes by what they ask: see the table in stage.c. Errors are "!" and the error's name, their
 * status is STATUS_OF its class. 10.0.0.0/8 are trusted proxies; 192.0.2.8 may read the metrics;
 * the public URL is https://id.example.com.
 * One worker in each lane. For cmocka's setup and teardown. */
#define STATUS_OF(class) (400 + (int)(class))
int stage_set_up(void **state);
int stage_tear_down(void **state);

/* The next request, with nothing of the one before; then stage_send answers it and gives the
 * status. */
struct mock *stage_ask(struct stage *stage, enum http_method method, const char *path);
int stage_send(struct stage *stage);

/* Both at once, without and with an Authorization, whose text has to outlive the request. */
int stage_get(struct stage *stage, enum http_method method, const char *path);
int stage_get_as(struct stage *stage, const char *authorization, enum http_method method,
                 const char *path);

/* "Bearer …" of a user made for it; `role` ROLES is none. */
const char *stage_bearer(struct stage *stage, const char *name, enum role role);

/* What was logged since the last call. */
const char *stage_logged(struct stage *stage);

extern const struct face stage_face;
enum {
    STAGE_OPEN = 0,
    STAGE_NONE = 1
}; /* the places of /now and /none among its routes */
