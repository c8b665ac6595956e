/* The contract of a face, in OpenAPI 3.1, written from the very rows and shapes that serve it. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;
struct router_face;

/* The whole document, in the arena. Each row is an operation, each shape a schema; what a row may
 * answer with an error is what it FAILS with and what the pipeline itself may say of it, each under
 * the status that the face gives it
 * under its settings. ERR_CONFIG when two shapes of a face have one name. */
enum err openapi_write(struct arena *arena, const struct router_face *served, struct reason *reason,
                       struct str *ret);
