/* Identifiers: UUIDs, version 7 (RFC 9562), so that they sort by the time they were made. */
#pragma once

#include "base/err.h"
#include "base/moment.h"
#include "base/str.h"

#include <stdint.h>

struct buf;

enum {
    ID_TEXT = 36
};

/* All zero means none. */
struct id {
    uint8_t bytes[16];
};

enum err id_make(struct moment now, struct id *ret);
bool id_is_set(struct id id);
bool id_eq(struct id a, struct id b);

/* Accepts either case, hyphens required; ERR_FIELD_VALUE for everything else, the zero id too. */
enum err id_parse(struct str text, struct id *ret);
void id_print(struct buf *out, struct id id); /* lower case */
