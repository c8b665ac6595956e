/* What a generated query function hands to the engine. Of the floors above, only what moves whole
 * tables (store/rows.h) knows values. */
#pragma once

#include "base/err.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/str.h"

#include <stdint.h>

struct tx;

enum value_kind {
    VALUE_TEXT,
    VALUE_BYTES,
    VALUE_JSON, /* a text that the store keeps as JSON */
    VALUE_INT,
    VALUE_BOOL,
    VALUE_ID,
    VALUE_MOMENT,
    VALUE_KEY32,
    VALUE_ENUM /* in the store a number like any other; in a row struct an unsigned int */
};

/* A parameter. What has no value (no text, the zero id, the zero moment, the zero key) is NULL in
 * the store. */
struct value {
    enum value_kind kind;
    bool none; /* NULL whatever the number: for those of which none has that meaning */
    union {
        struct str text;
        int64_t number;
        struct id id;
        struct key32 key;
    };
};

/* The parameter of each kind. */
struct value value_text(struct str text);
struct value value_bytes(struct str bytes);
struct value value_json(struct str text);
struct value value_int(int64_t number);
struct value value_bool(bool yes);
struct value value_id(struct id id);
struct value value_moment(struct moment at);
struct value value_key32(struct key32 key);
struct value value_enum(unsigned int number);

/* The parameter that a struct member makes; a member of any other type does not compile. */
/* clang-format off */
#define VALUE(member)                                                                              \
    _Generic((member), struct str: value_text, int64_t: value_int, bool: value_bool,               \
             struct id: value_id, struct moment: value_moment, struct key32: value_key32,          \
             unsigned int: value_enum)(member)

/* The kind of a struct member, found in the same way. */
#define KIND(type, member)                                                                         \
    _Generic(((type *)0)->member, struct str: VALUE_TEXT, int64_t: VALUE_INT, bool: VALUE_BOOL,    \
             struct id: VALUE_ID, struct moment: VALUE_MOMENT, struct key32: VALUE_KEY32,          \
             unsigned int: VALUE_ENUM)

/* Where a column goes in the row struct. */
#define COLUMN(type, member) {#member, KIND(type, member), offsetof(type, member)}
#define COLUMN_BYTES(type, member)                                                                 \
    {#member, _Generic(((type *)0)->member, struct str: VALUE_BYTES), offsetof(type, member)}
/* clang-format on */

struct column {
    const char *name;
    enum value_kind kind;
    size_t offset;
};

struct statement {
    const char *name;
    const char *sqlite, *postgres; /* the same SQL, parameters numbered as each wants them */
    uint16_t number; /* its place among all statements: the key of the prepared ones */
    uint8_t parameters;
    const enum value_kind *kinds; /* of the parameters */
    bool writes;
    const struct column *columns;
    size_t column_count, row_size;
};

/* Every statement there is, in the order of their numbers. */
extern const struct statement *const statements[];
extern const size_t statement_count;

/* Runs and counts the rows changed. ERR_TAKEN when a unique key stands against it. */
enum err statement_run(struct tx *tx, const struct statement *s, const struct value *values,
                       int64_t *ret_changed);
/* The first row: ERR_MISSING when there is none. Members without a column are zero. */
enum err statement_one(struct tx *tx, const struct statement *s, const struct value *values,
                       void *ret_row);
/* Remembers what tx_commit runs last: ERR_STORE_RETRY there when it changes nothing. One for each
 * unit; the texts of the values live as long as that. */
enum err statement_last(struct tx *tx, const struct statement *s, const struct value *values);
/* All rows, in the unit's arena. */
enum err statement_many(struct tx *tx, const struct statement *s, const struct value *values,
                        void **ret_rows, size_t *ret_count);
