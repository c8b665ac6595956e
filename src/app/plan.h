/* What the settings say is served, and where. */
#pragma once

#include "app/config.h"
#include "web/router.h"

enum {
    PLAN_LISTENERS = 16,
    PLAN_FACES = CONFIG_FACES + 3 /* and the pages, the service's own, and that of `signet dev` */
};

struct plan {
    struct router_face faces[PLAN_FACES];
    size_t face_count;
    struct http_listener listeners[PLAN_LISTENERS];
    unsigned listener_faces[PLAN_LISTENERS]; /* bits of `faces` */
    size_t listener_count;
};

/* The faces alone, with those that only `signet dev` serves: for the list of routes. */
void plan_every_face(const struct config *config, struct plan *ret);

/* ERR_CONFIG with a reason that names the word of http.listen that cannot be. What it gives points
 * into `config`. */
enum err plan_make(const struct config *config, struct reason *reason, struct plan *ret);
