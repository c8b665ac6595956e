/* A template rather than JSON and HTTP: what is asked of a peer is as its manual prints it. */
#include "bench/asking.h"

#include <string.h>

#define LINE   STR("{line}")
#define LENGTH STR("{length}")

static size_t find(struct str text, struct str what)
{
    const char *found = text.len ? memmem(text.ptr, text.len, what.ptr, what.len) : NULL;

    return found ? (size_t)(found - text.ptr) : text.len;
}

static bool has(struct str text, struct str what)
{
    return find(text, what) < text.len;
}

enum err asking_parse(struct str request, struct asking *ret)
{
    size_t end = find(request, STR("\r\n\r\n"));

    if (end == request.len) {
        return ERR_REQUEST_MALFORMED;
    }
    struct str head = str_sub(request, 0, end + 4), body = str_skip(request, end + 4);
    *ret = (struct asking){head, body, has(request, LINE)};
    return ERR_OK;
}

/* How long the text is when the line stands in it. */
static size_t length_with(struct str text, struct str line)
{
    size_t length = text.len;

    for (size_t at; (at = find(text, LINE)) < text.len; text = str_skip(text, at + LINE.len)) {
        length += line.len - LINE.len;
    }
    return length;
}

static void put_with(struct buf *out, struct str text, struct str line)
{
    for (size_t at; (at = find(text, LINE)) < text.len; text = str_skip(text, at + LINE.len)) {
        buf_put(out, str_sub(text, 0, at));
        buf_put(out, line);
    }
    buf_put(out, text);
}

void asking_print(const struct asking *asking, struct str line, struct buf *out)
{
    size_t at = find(asking->head, LENGTH);

    put_with(out, str_sub(asking->head, 0, at), line);
    if (at < asking->head.len) {
        buf_put_int(out, (int64_t)length_with(asking->body, line));
        put_with(out, str_skip(asking->head, at + LENGTH.len), line);
    }
    put_with(out, asking->body, line);
}

bool asking_member(struct str answer, struct str name, struct str *ret)
{
    struct str rest = answer;

    for (size_t at; (at = find(rest, name)) < rest.len;) {
        bool opened = at > 0 && rest.ptr[at - 1] == '"';
        rest = str_skip(rest, at + name.len);
        if (opened && str_starts(rest, STR("\":\""))) {
            struct str text, behind;
            bool closed = str_cut(str_skip(rest, 3), '"', &text, &behind);
            *ret = text;
            return closed && text.len > 0;
        }
    }
    return false;
}
