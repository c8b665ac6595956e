/* base64url without padding (RFC 4648, 5), the form of tokens and keys. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;
struct buf;

/* Any bytes; the buffer fails when it has no room for all of them. */
void base64_put(struct buf *out, const void *bytes, size_t count);

/* The same with the first alphabet and padded (RFC 4648, 4), as HTTP has it. */
void base64_put_padded(struct buf *out, const void *bytes, size_t count);

/* Strict: no padding, no other alphabet, no bits left over. ERR_FIELD_VALUE otherwise. */
enum err base64_parse(struct arena *arena, struct str text, struct str *ret_bytes);
