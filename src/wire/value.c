/* Texts, by kind. */
#include "wire/value.h"

#include "base/arena.h"
#include "text/normal.h"

bool value_is_too_long(const struct field *field, struct str text)
{
    size_t length;

    if (field->most == 0) {
        return text.len > FIELD_TEXT_MOST;
    }
    if (text.len <= field->most) {
        return false; /* no character has less than a byte */
    }
    return text_length(text, &length) != ERR_OK || length > field->most;
}

static enum err moment_read(struct str text, struct moment *ret)
{
    TRY(moment_parse(text, ret));
    return moment_is_set(*ret) ? ERR_OK : ERR_FIELD_VALUE;
}

enum err value_parse(struct arena *arena, enum field_kind kind, struct str text, void *ret)
{
    switch (kind) {
    case KIND_TEXT:
        return arena_copy(arena, text, ret);
    case KIND_SECRET:
        return arena_copy(arena, text, &((struct secret *)ret)->hidden);
    case KIND_EMAIL:
        return email_parse(arena, text, ret);
    case KIND_USERNAME:
        return username_parse(arena, text, ret);
    case KIND_ID:
        return id_parse(text, ret);
    case KIND_MOMENT:
        return moment_read(text, ret);
    case KIND_INT:
    case KIND_BOOL:
    case KIND_TEXTS:
    case KIND_LIST:
    case KIND_OBJECT:
        break;
    }
    return ERR_FIELD_TYPE;
}
