/* What a unit of work may do to the store. */
#pragma once

enum unit_kind {
    TX_NONE,  /* never touches the store */
    TX_READ,  /* one consistent view */
    TX_WRITE, /* takes its turn at writing at once */
    TX_LATE   /* reads first; takes its turn at its first write, so that a password is hashed
                 before any lock is held */
};
