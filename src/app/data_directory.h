/* The directory that holds the store, the master key and the lock. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

/* Makes it (0700) where it is missing. */
enum err data_directory_make(struct str path, struct reason *reason);

/* Holds the directory for one server at a time; ERR_SYSTEM with the other's process id in plain
 * words. The lock goes with the process. */
enum err data_directory_lock(struct str path, struct reason *reason, int *ret_descriptor);

/* Reads DIR/master.key (64 hexadecimal digits, 0600). ERR_MISSING when there is none; ERR_CONFIG
 * when others may read it or it is no key. */
enum err master_key_read(struct str path, struct reason *reason, struct key32 *ret);

/* Draws one and writes it, durably, before anything is sealed under it. */
enum err master_key_make(struct str path, struct reason *reason, struct key32 *ret);

/* Makes it this one, durably. One that is there already and differs is kept beside it, under a name
 * of its own. */
enum err master_key_put(struct str path, const struct key32 *key, struct reason *reason);

/* The process that holds the directory now, as it was said when it took the lock; 0 when nobody
 * does. Makes nothing. */
int64_t data_directory_holder(struct str path);

struct data_directory_state {
    unsigned mode, owner; /* of the directory */
    char stranger[64];    /* a file that belongs to somebody else than the directory does, or "" */
    char open[64];        /* a file that others may read or write, or "" */
};

/* Looks at the directory and the files in it. ERR_MISSING when there is none; ERR_SYSTEM with a
 * reason when it cannot be read. */
enum err data_directory_look(struct str path, struct reason *reason,
                             struct data_directory_state *ret);
