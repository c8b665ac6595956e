/* What a table holds, told by one digest: the same for the same rows on both engines. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "store/rows.h"

struct arena;
struct digester;
struct progress;
struct tx;

struct content {
    struct digester *digester;
    struct arena *arena;       /* of one row at a time */
    struct progress *progress; /* is told of rows that are measured in a store; may be NULL */
    struct key32 digest;       /* each row's, chained to those before */
    int64_t rows;
};

enum err content_create(struct digester *digester, struct content *ret);
void content_destroy(struct content *content); /* for CLEANUP too */

/* From here on another table. */
void content_begin(struct content *content);
enum err content_add(struct content *content, const struct store_table *table,
                     const struct value *row);

/* Reads all of a table. */
enum err content_measure(struct content *content, struct tx *tx, const struct store_table *table);

/* All tables' digests in one, for people: the first eight bytes of it. */
enum {
    CONTENT_TEXT = 17
};
enum err content_summary(struct digester *digester, const struct key32 *digests, size_t count,
                         char ret[CONTENT_TEXT]);
