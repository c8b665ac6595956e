/* Values on PostgreSQL's wire. The numbers of its own types never change. */
#include "store/postgres_value.h"

#include "base/arena.h"

#include <endian.h>
#include <limits.h>
#include <string.h>

enum type {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_JSON = 114,
    TYPE_VARCHAR = 1043,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_UUID = 2950,
    TYPE_JSONB = 3802
};

enum {
    JSONB_VERSION = 1
};

static const int64_t epoch_ms = 946684800000; /* 2000-01-01, where its time begins */

static void put_number(struct postgres_value *value, int64_t number)
{
    uint64_t wire = htobe64((uint64_t)number);

    memcpy(value->space, &wire, sizeof wire);
    value->bytes = value->space;
    value->size = sizeof wire;
}

static enum err put_bytes(struct postgres_value *value, const char *bytes, size_t size)
{
    if (size > INT_MAX / 2) {
        return ERR_MEMORY;
    }
    value->bytes = bytes;
    value->size = (int)size;
    return ERR_OK;
}

static enum err put_json(struct postgres_value *value, struct str text, struct arena *arena)
{
    if (!str_is_set(text)) {
        return ERR_OK;
    }
    char *bytes = arena_alloc(arena, text.len + 1);
    if (!bytes) {
        return ERR_MEMORY;
    }
    bytes[0] = JSONB_VERSION;
    memcpy(bytes + 1, text.ptr, text.len);
    return put_bytes(value, bytes, text.len + 1);
}

static void put_bool(struct postgres_value *value, bool yes)
{
    value->space[0] = yes;
    value->bytes = value->space;
    value->size = 1;
}

static void put_moment(struct postgres_value *value, int64_t ms)
{
    if (ms != 0) {
        put_number(value, (ms - epoch_ms) * 1000);
    }
}

static uint32_t type_of(enum value_kind kind)
{
    switch (kind) {
    case VALUE_TEXT:
        return TYPE_TEXT;
    case VALUE_BYTES:
    case VALUE_KEY32:
        return TYPE_BYTEA;
    case VALUE_JSON:
        return TYPE_JSONB;
    case VALUE_INT: /* narrower columns take it as it is, and refuse what does not fit */
    case VALUE_ENUM:
        return TYPE_INT8;
    case VALUE_BOOL:
        return TYPE_BOOL;
    case VALUE_ID:
        return TYPE_UUID;
    case VALUE_MOMENT:
        return TYPE_TIMESTAMPTZ;
    }
    return 0;
}

enum err postgres_encode(const struct value *value, struct arena *arena, struct postgres_value *ret)
{
    ret->type = type_of(value->kind);
    ret->bytes = NULL;
    ret->size = 0;
    if (value->none) {
        return ERR_OK;
    }
    switch (value->kind) {
    case VALUE_TEXT:
    case VALUE_BYTES:
        return put_bytes(ret, value->text.ptr, value->text.len);
    case VALUE_JSON:
        return put_json(ret, value->text, arena);
    case VALUE_INT:
    case VALUE_ENUM:
        put_number(ret, value->number);
        return ERR_OK;
    case VALUE_BOOL:
        put_bool(ret, value->number != 0);
        return ERR_OK;
    case VALUE_MOMENT:
        put_moment(ret, value->number);
        return ERR_OK;
    case VALUE_ID:
        return id_is_set(value->id) ? put_bytes(ret, (const char *)value->id.bytes, 16) : ERR_OK;
    case VALUE_KEY32:
        return key32_eq(&value->key, &(struct key32){0})
                   ? ERR_OK
                   : put_bytes(ret, (const char *)value->key.bytes, 32);
    }
    return ERR_STORE;
}

static enum err read_int(uint32_t type, struct str bytes, int64_t *ret)
{
    uint16_t small;
    uint32_t middle;
    uint64_t large;

    if (type == TYPE_INT8 && bytes.len == sizeof large) {
        memcpy(&large, bytes.ptr, sizeof large);
        *ret = (int64_t)be64toh(large);
        return ERR_OK;
    }
    if (type == TYPE_INT4 && bytes.len == sizeof middle) {
        memcpy(&middle, bytes.ptr, sizeof middle);
        *ret = (int32_t)be32toh(middle);
        return ERR_OK;
    }
    if (type == TYPE_INT2 && bytes.len == sizeof small) {
        memcpy(&small, bytes.ptr, sizeof small);
        *ret = (int16_t)be16toh(small);
        return ERR_OK;
    }
    return ERR_FIELD_VALUE;
}

static enum err read_text(uint32_t type, struct str bytes, struct arena *arena, struct str *ret)
{
    if (type == TYPE_JSONB) {
        if (bytes.len == 0 || bytes.ptr[0] != JSONB_VERSION) {
            return ERR_FIELD_VALUE;
        }
        return arena_copy(arena, str_skip(bytes, 1), ret);
    }
    if (type != TYPE_TEXT && type != TYPE_VARCHAR && type != TYPE_JSON) {
        return ERR_FIELD_VALUE;
    }
    return arena_copy(arena, bytes, ret);
}

/* Its microseconds are cut off towards the past. "infinity" is no moment. */
static enum err read_moment(uint32_t type, struct str bytes, struct moment *ret)
{
    uint64_t wire;

    if (type != TYPE_TIMESTAMPTZ || bytes.len != sizeof wire) {
        return ERR_FIELD_VALUE;
    }
    memcpy(&wire, bytes.ptr, sizeof wire);
    int64_t us = (int64_t)be64toh(wire);
    if (us == INT64_MAX || us == INT64_MIN) {
        return ERR_FIELD_VALUE;
    }
    *ret = (struct moment){us / 1000 - (us % 1000 < 0) + epoch_ms};
    return ERR_OK;
}

static enum err read_exactly(bool right_type, struct str bytes, size_t size, void *ret)
{
    if (!right_type || bytes.len != size) {
        return ERR_FIELD_VALUE;
    }
    memcpy(ret, bytes.ptr, size);
    return ERR_OK;
}

static enum err read_bool(uint32_t type, struct str bytes, bool *ret)
{
    if (type != TYPE_BOOL || bytes.len != 1) {
        return ERR_FIELD_VALUE;
    }
    *ret = bytes.ptr[0] != 0;
    return ERR_OK;
}

static enum err read_enum(uint32_t type, struct str bytes, unsigned int *ret)
{
    int64_t number;

    TRY(read_int(type, bytes, &number));
    *ret = (unsigned int)number;
    return ERR_OK;
}

enum err postgres_decode(uint32_t type, struct str bytes, const struct column *column,
                         struct arena *arena, void *ret_row)
{
    void *member = (char *)ret_row + column->offset;

    switch (column->kind) {
    case VALUE_TEXT:
    case VALUE_JSON:
        return read_text(type, bytes, arena, member);
    case VALUE_BYTES:
        return type == TYPE_BYTEA ? arena_copy(arena, bytes, member) : ERR_FIELD_VALUE;
    case VALUE_INT:
        return read_int(type, bytes, member);
    case VALUE_ENUM:
        return read_enum(type, bytes, member);
    case VALUE_BOOL:
        return read_bool(type, bytes, member);
    case VALUE_MOMENT:
        return read_moment(type, bytes, member);
    case VALUE_ID:
        return read_exactly(type == TYPE_UUID, bytes, sizeof(struct id), member);
    case VALUE_KEY32:
        return read_exactly(type == TYPE_BYTEA, bytes, sizeof(struct key32), member);
    }
    return ERR_FIELD_VALUE;
}
