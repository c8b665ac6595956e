/* One member of every kind that a column can have. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/str.h"

#include <stdint.h>

enum colour {
    COLOUR_NONE,
    COLOUR_RED,
    COLOUR_GREEN
};

struct label {
    struct str shown, key;
};

struct thing {
    struct id id;
    struct label name;
    struct str picture;
    int64_t weight;
    bool heavy;
    struct moment made;
    struct key32 digest;
    enum colour colour;
    int64_t in_no_column;
};
