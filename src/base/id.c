/* UUIDs: making, reading, printing. */
#include "base/id.h"

#include "base/buf.h"
#include "base/hex.h"
#include "base/random.h"

#include <string.h>

enum err id_make(struct moment now, struct id *ret)
{
    struct id id;

    TRY(random_fill(&id, sizeof id));
    for (int i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)((uint64_t)now.ms >> (8 * (5 - i)));
    }
    id.bytes[6] = (uint8_t)(0x70 | (id.bytes[6] & 0x0f)); /* version 7 */
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f)); /* variant 10 */
    *ret = id;
    return ERR_OK;
}

bool id_is_set(struct id id)
{
    return !id_eq(id, (struct id){0});
}

bool id_eq(struct id a, struct id b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Where the groups of 8-4-4-4-12 begin in the text, and how many bytes each holds. */
static const struct {
    size_t at, bytes;
} groups[] = {
    {0,  4},
    {9,  2},
    {14, 2},
    {19, 2},
    {24, 6}
};

enum err id_parse(struct str text, struct id *ret)
{
    struct id id;
    size_t filled = 0;

    if (text.len != ID_TEXT) {
        return ERR_FIELD_VALUE;
    }
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        if (groups[i].at > 0 && text.ptr[groups[i].at - 1] != '-') {
            return ERR_FIELD_VALUE;
        }
        TRY(hex_parse(str_sub(text, groups[i].at, 2 * groups[i].bytes), id.bytes + filled,
                      groups[i].bytes));
        filled += groups[i].bytes;
    }
    if (!id_is_set(id)) {
        return ERR_FIELD_VALUE;
    }
    *ret = id;
    return ERR_OK;
}

void id_print(struct buf *out, struct id id)
{
    size_t printed = 0;

    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        if (i > 0) {
            buf_put_char(out, '-');
        }
        buf_put_hex(out, id.bytes + printed, groups[i].bytes);
        printed += groups[i].bytes;
    }
}
