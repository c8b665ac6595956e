/* A setting as its module declares it: one row, from which the reading, the checking, the help, the
 * example file and the reference page all come. ops/settings walks the tables. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

enum setting_kind {
    SETTING_TEXT,    /* struct str */
    SETTING_WORDS,   /* struct str: words with spaces between, each checked by `check` */
    SETTING_SECRET,  /* struct secret: never shown; `least` is the fewest bytes of one that is given
                      */
    SETTING_NUMBER,  /* int64_t within least..most */
    SETTING_SECONDS, /* int64_t; written 90, 90s, 15m, 12h, 30d */
    SETTING_BYTES,   /* int64_t; written 65536, 64k, 1m */
    SETTING_SWITCH,  /* bool; yes or no */
    SETTING_CHOICE   /* struct str: one of the words in `choices` */
};

/* Whether a text, or one of the words, is what the module can use. Empty text is never asked about.
 */
typedef enum err setting_check(struct str value);

struct setting {
    const char *section, *key;
    enum setting_kind kind;
    size_t offset;       /* into the module's settings struct */
    const char *initial; /* the default, written as in the file */
    int64_t least, most; /* numbers, seconds, bytes */
    const char *choices; /* "ES256 HS256" */
    bool reloadable;     /* taken over at SIGHUP */
    const char *help;    /* one line */
    const char *expects; /* what texts and words look like, "ADDRESS:PORT"; NULL when any will do */
    setting_check *check; /* for texts and words; NULL when any will do */
};

/* What one module declares; `size` is that of the struct the offsets point into. */
struct setting_table {
    const struct setting *rows;
    size_t count, size;
};
