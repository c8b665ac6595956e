/* Text under construction, with a hard limit. Writers never fail one by one: put, put, put, and one
 * check at the end. After the first failure nothing more is written. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct arena;

struct buf {
    char *data;
    size_t len, size, limit;
    struct arena *arena; /* NULL: the memory was given and does not grow */
    bool failed;
};

/* Grows in `arena` up to `limit` bytes. */
struct buf buf_in_arena(struct arena *arena, size_t limit);

/* Writes into memory of the caller's. */
struct buf buf_over(char *memory, size_t size);

void buf_put(struct buf *buf, struct str text);
void buf_put_char(struct buf *buf, char c);
void buf_put_int(struct buf *buf, int64_t number);
void buf_put_hex(struct buf *buf, const void *bytes, size_t count); /* lower case */
void buf_print(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for `count` bytes that the caller fills and then adds to `len`; NULL after a failure. */
char *buf_reserve(struct buf *buf, size_t count);

/* What was written, or ERR_MEMORY if something did not fit. */
enum err buf_end(const struct buf *buf, struct str *ret);

/* What was written so far, even if it is not whole. */
struct str buf_str(const struct buf *buf);
