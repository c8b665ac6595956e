/* A column as PostgreSQL sends it: the first byte says of which type it really is, the second which
 * kind of member it goes into. What is taken is sent back as the same value; nothing is written
 * beside the member. */
#include "store/postgres_value.h"

#include "base/arena.h"
#include "fuzz/harness.h"

#include <string.h>

static const uint32_t types[] = {0, 16, 17, 20, 21, 23, 25, 114, 1043, 1184, 2950, 3802};

/* A member of each kind, between two guards. */
struct row {
    uint64_t before;
    union {
        struct str text;
        int64_t number;
        unsigned int choice;
        bool yes;
        struct id id;
        struct moment moment;
        struct key32 key;
    };
    uint64_t behind;
};

static struct value value_of(enum value_kind kind, const struct row *row)
{
    switch (kind) {
    case VALUE_TEXT:
        return value_text(row->text);
    case VALUE_BYTES:
        return value_bytes(row->text);
    case VALUE_JSON:
        return value_json(row->text);
    case VALUE_INT:
        return value_int(row->number);
    case VALUE_BOOL:
        return value_bool(row->yes);
    case VALUE_ID:
        return value_id(row->id);
    case VALUE_MOMENT:
        return value_moment(row->moment);
    case VALUE_KEY32:
        return value_key32(row->key);
    case VALUE_ENUM:
        return value_enum(row->choice);
    }
    abort();
}

static bool same(enum value_kind kind, const struct row *a, const struct row *b)
{
    bool is_text = kind == VALUE_TEXT || kind == VALUE_BYTES || kind == VALUE_JSON;

    return is_text
               ? str_eq(a->text, b->text)
               : memcmp((const char *)a + offsetof(struct row, text),
                        (const char *)b + offsetof(struct row, text), sizeof(struct key32)) == 0;
}

/* As moments are sent, those of some ten thousand years around ours. */
static bool can_be_sent(enum value_kind kind, const struct row *row)
{
    const int64_t most = INT64_C(250000000000000);

    return kind != VALUE_MOMENT || (row->moment.ms < most && row->moment.ms > -most);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 24);
    struct row row = {.before = 1, .behind = 2}, again = {0};
    struct str bytes = str_skip((struct str){(const char *)data, size}, 2);
    struct column column = {.name = "column", .offset = offsetof(struct row, text)};
    struct postgres_value sent = {0};

    if (size < 2) {
        return 0;
    }
    column.kind = (enum value_kind)(data[1] % (VALUE_ENUM + 1));
    enum err e = postgres_decode(types[data[0] % ARRAY_LEN(types)], bytes, &column, arena, &row);
    PROMISE(e == ERR_OK || e == ERR_FIELD_VALUE);
    PROMISE(row.before == 1 && row.behind == 2);
    if (e != ERR_OK || !can_be_sent(column.kind, &row)) {
        return 0;
    }
    struct value value = value_of(column.kind, &row);
    PROMISE(postgres_encode(&value, arena, &sent) == ERR_OK);
    if (sent.bytes) { /* else it is what has no value */
        struct str wire = {sent.bytes, (size_t)sent.size};
        PROMISE(postgres_decode(sent.type, wire, &column, arena, &again) == ERR_OK);
        PROMISE(same(column.kind, &row, &again));
    }
    return 0;
}
