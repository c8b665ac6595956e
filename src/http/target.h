/* The request target in its one form: what is routed is what is authorised. */
#pragma once

#include "http/request.h"

struct arena;

/* Fills path and query from method and target. Takes the origin form, and `*` for OPTIONS; refuses
 * what two programs could read in two ways: escaped slashes, backslashes and controls, dot
 * segments, empty segments, fragments, broken escapes, bytes that are no UTF-8. A path with escapes
 * is decoded into the arena. ERR_REQUEST_MALFORMED, or ERR_MEMORY. */
enum err target_read(struct http_request *request, struct arena *arena);
