/* The way back from message.c. */
#include "mail/caught.h"

#include "mail/encode.h"

#include <string.h>

static bool cut_at(struct str text, struct str mark, struct str *ret_head, struct str *ret_tail)
{
    const char *found = text.len ? memmem(text.ptr, text.len, mark.ptr, mark.len) : NULL;

    if (!found) {
        return false;
    }
    size_t at = (size_t)(found - text.ptr);
    *ret_head = str_sub(text, 0, at);
    *ret_tail = str_skip(text, at + mark.len);
    return true;
}

/* A header's value, folded lines and all. */
static struct str header_of(struct str head, struct str name)
{
    struct str rest = head, line;

    while (rest.len > 0 && !str_starts(rest, name)) {
        if (!cut_at(rest, STR("\r\n"), &line, &rest)) {
            return (struct str){0};
        }
    }
    struct str value = str_skip(rest, name.len);
    size_t end = 0;
    while (end < value.len && !(value.ptr[end] == '\r' && str_sub(value, end, 3).len == 3 &&
                                value.ptr[end + 2] != ' ')) {
        end++;
    }
    return str_sub(value, 0, end);
}

static enum err take_header(struct arena *arena, struct str head, struct str name, struct str *ret)
{
    return decode_header(arena, header_of(head, name), ret);
}

static enum err take_part(struct arena *arena, struct str *rest, struct str *ret)
{
    struct str head, part;

    if (!cut_at(*rest, STR("\r\n\r\n"), &head, rest) ||
        !cut_at(*rest, STR("\r\n--=_part"), &part, rest)) {
        return ERR_FIELD_VALUE;
    }
    return decode_body(arena, part, ret);
}

enum err caught_parse(struct arena *arena, struct str message, struct caught *ret)
{
    struct caught caught;
    struct str head, rest;

    if (!cut_at(message, STR("\r\n\r\n"), &head, &rest) || !str_starts(head, STR("Date: "))) {
        return ERR_FIELD_VALUE;
    }
    TRY(take_header(arena, head, STR("Date: "), &caught.date));
    TRY(take_header(arena, head, STR("From: "), &caught.from));
    TRY(take_header(arena, head, STR("To: "), &caught.to));
    TRY(take_header(arena, head, STR("Subject: "), &caught.subject));
    TRY(take_part(arena, &rest, &caught.text));
    TRY(take_part(arena, &rest, &caught.html));
    *ret = caught;
    return ERR_OK;
}
