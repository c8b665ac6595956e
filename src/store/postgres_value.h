/* Values as PostgreSQL sends and takes them: binary, each with the number of its type. */
#pragma once

#include "base/err.h"
#include "store/statement.h"

struct arena;

/* What a parameter looks like on the wire. It may point into the value, the arena, or itself. */
struct postgres_value {
    uint32_t type;
    const char *bytes; /* NULL for no value */
    int size;
    char space[16];
};

/* ERR_MEMORY only. Neither `value` nor *ret may move while it is in use. */
enum err postgres_encode(const struct value *value, struct arena *arena,
                         struct postgres_value *ret);

/* A column's bytes, of the type that it really has, into the member of a row. ERR_FIELD_VALUE when
 * it is not what the member holds, by its type or by its size; ERR_MEMORY. */
enum err postgres_decode(uint32_t type, struct str bytes, const struct column *column,
                         struct arena *arena, void *ret_row);
