/* The contracts of the faces, as texts that are kept. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;
struct contracts;
struct router_face;

enum err contracts_create(struct contracts **ret);
void contracts_destroy(struct contracts *contracts); /* NULL is fine */

/* What openapi_write says of the face, as long as `contracts` lives. It is written when it is first
 * asked for, which takes milliseconds, and kept, as rows, shapes and settings of a face stay as
 * they were at the start. `arena` is for the writing alone; any thread may ask. Errors as
 * openapi_write.
 */
enum err contracts_get(struct contracts *contracts, const struct router_face *face,
                       struct arena *arena, struct reason *reason, struct str *ret);
