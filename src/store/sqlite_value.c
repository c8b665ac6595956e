/* Values in SQLite's own types: see sqlite_value.h. */
#include "store/sqlite_value.h"

#include "base/arena.h"
#include "base/buf.h"

#include <string.h>

static int bind_text(sqlite3_stmt *prepared, int at, struct str text)
{
    if (!str_is_set(text)) {
        return sqlite3_bind_null(prepared, at);
    }
    /* The caller's text outlives the statement, which ends within the same call. */
    return sqlite3_bind_text64(prepared, at, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_bytes(sqlite3_stmt *prepared, int at, struct str bytes)
{
    if (!str_is_set(bytes)) {
        return sqlite3_bind_null(prepared, at);
    }
    return sqlite3_bind_blob64(prepared, at, bytes.ptr, bytes.len, SQLITE_STATIC);
}

static int bind_id(sqlite3_stmt *prepared, int at, struct id id)
{
    char text[ID_TEXT];
    struct buf out = buf_over(text, sizeof text);

    if (!id_is_set(id)) {
        return sqlite3_bind_null(prepared, at);
    }
    id_print(&out, id);
    return sqlite3_bind_text64(prepared, at, text, sizeof text, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static int bind_key(sqlite3_stmt *prepared, int at, const struct key32 *key)
{
    if (key32_eq(key, &(struct key32){0})) {
        return sqlite3_bind_null(prepared, at);
    }
    return sqlite3_bind_blob64(prepared, at, key->bytes, sizeof key->bytes, SQLITE_STATIC);
}

int sqlite_bind(sqlite3_stmt *prepared, int at, const struct value *value)
{
    if (value->none) {
        return sqlite3_bind_null(prepared, at);
    }
    switch (value->kind) {
    case VALUE_TEXT:
    case VALUE_JSON:
        return bind_text(prepared, at, value->text);
    case VALUE_BYTES:
        return bind_bytes(prepared, at, value->text);
    case VALUE_MOMENT:
        return value->number == 0 ? sqlite3_bind_null(prepared, at)
                                  : sqlite3_bind_int64(prepared, at, value->number);
    case VALUE_INT:
    case VALUE_BOOL:
    case VALUE_ENUM:
        return sqlite3_bind_int64(prepared, at, value->number);
    case VALUE_ID:
        return bind_id(prepared, at, value->id);
    case VALUE_KEY32:
        return bind_key(prepared, at, &value->key);
    }
    return SQLITE_MISUSE;
}

static enum err read_text(sqlite3_stmt *prepared, int at, struct arena *arena, struct str *ret)
{
    const char *bytes = sqlite3_column_blob(prepared, at); /* text comes as its bytes */
    int size = sqlite3_column_bytes(prepared, at);

    /* What is empty comes without a place, but it is there all the same. */
    return arena_copy(arena, (struct str){bytes ? bytes : "", (size_t)size}, ret);
}

static enum err read_id(sqlite3_stmt *prepared, int at, struct id *ret)
{
    struct str text = {sqlite3_column_blob(prepared, at),
                       (size_t)sqlite3_column_bytes(prepared, at)};

    return id_parse(text, ret);
}

static enum err read_key(sqlite3_stmt *prepared, int at, struct key32 *ret)
{
    const void *bytes = sqlite3_column_blob(prepared, at);

    if (sqlite3_column_bytes(prepared, at) != sizeof ret->bytes) {
        return ERR_FIELD_VALUE;
    }
    memcpy(ret->bytes, bytes, sizeof ret->bytes);
    return ERR_OK;
}

static int type_of(enum value_kind kind)
{
    switch (kind) {
    case VALUE_TEXT:
    case VALUE_JSON:
    case VALUE_ID:
        return SQLITE_TEXT;
    case VALUE_BYTES:
    case VALUE_KEY32:
        return SQLITE_BLOB;
    case VALUE_INT:
    case VALUE_BOOL:
    case VALUE_MOMENT:
    case VALUE_ENUM:
        return SQLITE_INTEGER;
    }
    return SQLITE_NULL;
}

enum err sqlite_column(sqlite3_stmt *prepared, int at, enum value_kind kind, struct arena *arena,
                       void *ret)
{
    int type = sqlite3_column_type(prepared, at);

    if (type == SQLITE_NULL) {
        return ERR_OK;
    }
    if (type != type_of(kind)) {
        return ERR_FIELD_VALUE;
    }
    switch (kind) {
    case VALUE_TEXT:
    case VALUE_JSON:
    case VALUE_BYTES:
        return read_text(prepared, at, arena, ret);
    case VALUE_ID:
        return read_id(prepared, at, ret);
    case VALUE_KEY32:
        return read_key(prepared, at, ret);
    case VALUE_INT:
        *(int64_t *)ret = sqlite3_column_int64(prepared, at);
        return ERR_OK;
    case VALUE_MOMENT:
        *(struct moment *)ret = (struct moment){sqlite3_column_int64(prepared, at)};
        return ERR_OK;
    case VALUE_BOOL:
        *(bool *)ret = sqlite3_column_int64(prepared, at) != 0;
        return ERR_OK;
    case VALUE_ENUM:
        *(unsigned int *)ret = (unsigned int)sqlite3_column_int64(prepared, at);
        return ERR_OK;
    }
    return ERR_FIELD_VALUE;
}
