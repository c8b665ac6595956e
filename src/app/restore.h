/* Bringing an installation back from a backup. */
#pragma once

#include "app/backup.h"

struct restore_told {
    struct backup_told backup;
    struct moment not_before; /* no token issued before then counts */
    bool key_replaced;        /* another master key was there; it is kept beside */
};

/* Into a data folder and a store that are empty, or whatever they hold if order->force. The file is
 * read and checked as a whole before anything is touched; then the store is filled in one unit and
 * read back before that is kept. What was issued or ended since the backup is void, for good:
 * neither sessions nor tokens come back. ERR_CONFIG with a reason in plain words. */
enum err restore_make(const struct backup_order *order, struct reason *reason,
                      struct restore_told *ret);
