/* A piece of a longer list. */
#pragma once

#include <stdint.h>

struct page {
    int64_t offset, limit;
};
