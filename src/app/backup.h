/* Backups: a whole installation in one sealed file, whichever engine it is on. */
#pragma once

#include "app/record.h"

struct config;
struct content;
struct digester;
struct progress;

/* What went into a file, or came out of it. */
struct backup_told {
    struct record_head head;
    struct key32 digests[RECORD_TABLES];
    int64_t rows;
};

struct backup_order {
    const struct config *config;
    const char *path;
    struct secret passphrase;
    bool force;
    struct progress *progress;
};

/* Writes PATH beside the running service: one consistent view of the store and the master key. It
 * is there, whole and read back, or not at all. ERR_CONFIG with a reason in plain words. */
enum err backup_make(const struct backup_order *order, struct reason *reason,
                     struct backup_told *ret);

/* Reads all of a file, checking all there is to check; gives every row to `take`, which may be
 * NULL. ERR_CONFIG with a reason in plain words: another passphrase, damaged, cut off, written by
 * another version. */
struct backup_reading {
    const char *path;
    struct secret passphrase;
    struct digester *digester;
    struct progress *progress;
    enum err (*take)(void *with, const struct store_table *table, const struct value *row);
    void *with;
};
enum err backup_read(const struct backup_reading *reading, struct reason *reason,
                     struct backup_told *ret);

/* One line for people: rows, when it was made, by what. */
void backup_tell(struct buf *out, const struct backup_told *told);
