/* Some of a kind, one behind the other: what a table of fields can read or write as an array. */
#pragma once

#include "base/str.h"

struct text_list {
    const struct str *items; /* NULL: there is no list, which is written as an empty one */
    size_t count;
};

/* Objects of one struct. */
struct list {
    const void *items;
    size_t count, size;
};

/* LIST(users, count): what an array of structs is as a list. */
#define LIST(array, length)                                                                        \
    (struct list)                                                                                  \
    {                                                                                              \
        .items = (array), .count = (length), .size = sizeof *(array)                               \
    }
