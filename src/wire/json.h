/* JSON in and out of structs, by table. The strictest reading there is: one object, UTF-8, no
 * duplicate members, no \u0000, nothing behind it, at most 32 levels deep, with at most 1000
 * members and items of arrays in all. */
#pragma once

#include "base/err.h"
#include "wire/fields.h"

struct arena;
struct buf;

/* Reads one object into *ret, which starts zeroed and is written even in part; members no row names
 * are ignored, and so is null, but for what a presence tells. On failure `reason` names the member
 * (of an object inside it, the inner one):
 *     ERR_BODY_MALFORMED  it is no such text, or has a number that no int64_t or double can hold
 *     ERR_FIELD_MISSING   REQUIRED, and absent, null, or an empty text
 *     ERR_FIELD_TYPE      1.0 and true are no numbers, "1" is none, and so on
 *     ERR_FIELD_VALUE     too long, or refused by the parse function of its kind; a moment of
 * 1970-01-01 at midnight, too, for that is our sign for none The reason's detail never holds
 * anything that was sent. What is read lies in the arena. */
enum err json_read(struct arena *arena, struct str body, const struct shape *shape, void *ret,
                   struct reason *reason);

/* Whether the body is an object that has this member, and not as null. */
bool json_has(struct arena *arena, struct str body, const char *member);

/* Writes one object. */
void json_write(struct buf *out, const struct shape *shape, const void *object);

/* Writes a string with its quotes: for the few places that are no shape. What is not UTF-8 in it
 * becomes U+FFFD, so that the answer as a whole stays JSON. */
void json_write_text(struct buf *out, struct str text);

/* Writes the same JSON in the one way that does not depend on who kept it: members in order of
 * their names, no blanks. False when it is none, or too much for json_read; then nothing is
 * written.
 */
bool json_normalise(struct arena *arena, struct str text, struct buf *out);
