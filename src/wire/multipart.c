/* Multipart bodies, part by part. */
#include "wire/multipart.h"

#include "base/buf.h"

#include <string.h>

enum {
    MOST_BOUNDARY = 70 /* RFC 2046, 5.1.1 */
};

/* What is read, and where the reading is. */
struct reading {
    struct str rest;
    struct str delimiter; /* CR LF, two hyphens, the boundary */
    struct reason *reason;
    char memory[4 + MOST_BOUNDARY];
};

static enum err malformed(const struct reading *reading, const char *what)
{
    return fail(reading->reason, ERR_FORM_MALFORMED, STR(""), "%s", what);
}

static bool is_word_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.' || c == '*';
}

static bool is_word(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_word_char(text.ptr[i])) {
            return false;
        }
    }
    return text.len > 0;
}

/* A quoted text without escapes, which no browser sends: they escape with %. */
static bool unquote(struct str *text)
{
    struct str inner = str_sub(*text, 1, text->len - 2);

    if (text->len < 2 || text->ptr[0] != '"' || !str_ends(*text, STR("\"")) ||
        str_contains(inner, '"') || str_contains(inner, '\\')) {
        return false;
    }
    *text = inner;
    return true;
}

/* Up to the next semicolon that is not within quotes. */
static struct str take_parameter(struct str *rest)
{
    bool quoted = false;
    size_t at = 0;

    while (at < rest->len && (quoted || rest->ptr[at] != ';')) {
        quoted = quoted != (rest->ptr[at] == '"');
        at++;
    }
    struct str taken = str_sub(*rest, 0, at);
    *rest = str_skip(*rest, at + 1);
    return str_trim(taken);
}

/* The value of the parameter `name` behind a header's first word, no text when it has none. False
 * when a parameter cannot be read or that one stands twice. */
static bool find_parameter(struct str parameters, struct str name, struct str *ret)
{
    struct str found = {0};

    while (parameters.len > 0) {
        struct str parameter = take_parameter(&parameters), key, value;
        if (!str_cut(parameter, '=', &key, &value) || !is_word(key) ||
            (!is_word(value) && !unquote(&value))) {
            return false;
        }
        if (!str_eq_nocase(key, name)) {
            continue;
        }
        if (str_is_set(found)) {
            return false;
        }
        found = value;
    }
    *ret = found;
    return true;
}

static bool is_boundary(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_word_char(text.ptr[i]) && !str_contains(STR("'()+,/:=? "), text.ptr[i])) {
            return false;
        }
    }
    return text.len > 0 && text.len <= MOST_BOUNDARY && text.ptr[text.len - 1] != ' ';
}

static enum err begin(struct str type, struct reading *reading)
{
    struct buf delimiter = buf_over(reading->memory, sizeof reading->memory);
    struct str essence, parameters, boundary;

    str_cut(type, ';', &essence, &parameters);
    if (!str_eq_nocase(str_trim(essence), STR("multipart/form-data"))) {
        return fail(reading->reason, ERR_FORM_TYPE, STR(""), "content-type is %.*s",
                    STR_ARG(str_sub(type, 0, 64)));
    }
    if (!find_parameter(parameters, STR("boundary"), &boundary) || !is_boundary(boundary)) {
        return malformed(reading, "no boundary, or none that can be");
    }
    buf_put(&delimiter, STR("\r\n--"));
    buf_put(&delimiter, boundary);
    reading->delimiter = buf_str(&delimiter);
    /* The first one has no line before it. */
    struct str first = str_skip(reading->delimiter, 2);
    if (!str_starts(reading->rest, first)) {
        return malformed(reading, "the body does not begin with its boundary");
    }
    reading->rest = str_skip(reading->rest, first.len);
    return ERR_OK;
}

/* Takes the next line without its end. */
static enum err take_line(struct reading *reading, struct str *ret)
{
    struct str near = str_sub(reading->rest, 0, MULTIPART_LINE + 2);
    const char *end = near.len > 0 ? memmem(near.ptr, near.len, "\r\n", 2) : NULL;

    if (!end) {
        return malformed(reading, "a line of a part's headers is too long, or the body ends in it");
    }
    *ret = (struct str){near.ptr, (size_t)(end - near.ptr)};
    reading->rest = str_skip(reading->rest, ret->len + 2);
    for (size_t i = 0; i < ret->len; i++) {
        unsigned char c = (unsigned char)ret->ptr[i];
        if (c < 0x20 || c == 0x7f) {
            return malformed(reading, "a control character in a part's headers");
        }
    }
    return ERR_OK;
}

static enum err note_disposition(const struct reading *reading, struct str value,
                                 struct str *ret_name)
{
    struct str kind, parameters, name;

    str_cut(value, ';', &kind, &parameters);
    if (str_is_set(*ret_name) || !str_eq_nocase(str_trim(kind), STR("form-data")) ||
        !find_parameter(parameters, STR("name"), &name) || !str_is_set(name)) {
        return malformed(reading, "a part without one name");
    }
    *ret_name = name;
    return ERR_OK;
}

/* Only the bytes as they are: another encoding would make something else of them. */
static bool is_plain_encoding(struct str value)
{
    return str_eq_nocase(value, STR("binary")) || str_eq_nocase(value, STR("8bit")) ||
           str_eq_nocase(value, STR("7bit"));
}

static enum err read_headers(struct reading *reading, struct str *ret_name)
{
    struct str line = {0}, key, value, name = {0};

    for (int i = 0; i <= MULTIPART_HEADERS; i++) {
        TRY(take_line(reading, &line));
        if (line.len == 0) {
            *ret_name = name;
            return str_is_set(name) ? ERR_OK : malformed(reading, "a part without a name");
        }
        if (!str_cut(line, ':', &key, &value) || !is_word(key)) {
            return malformed(reading, "a part's header that is none");
        }
        value = str_trim(value);
        if (str_eq_nocase(key, STR("content-disposition"))) {
            TRY(note_disposition(reading, value, &name));
        } else if (str_eq_nocase(key, STR("content-transfer-encoding")) &&
                   !is_plain_encoding(value)) {
            return malformed(reading, "a part in another encoding");
        }
    }
    return malformed(reading, "a part with too many headers");
}

static enum err take_content(struct reading *reading, struct str *ret)
{
    struct str rest = reading->rest, delimiter = reading->delimiter;
    const char *end =
        rest.len > 0 ? memmem(rest.ptr, rest.len, delimiter.ptr, delimiter.len) : NULL;

    if (!end) {
        return malformed(reading, "the body ends within a part");
    }
    *ret = (struct str){rest.ptr, (size_t)(end - rest.ptr)};
    reading->rest = str_skip(rest, ret->len + delimiter.len);
    return ERR_OK;
}

/* Behind a boundary: a line's end and another part, or two hyphens and nothing more. */
static enum err goes_on(struct reading *reading, bool *ret)
{
    struct str rest = reading->rest;

    *ret = str_starts(rest, STR("\r\n"));
    if (*ret) {
        reading->rest = str_skip(rest, 2);
        return ERR_OK;
    }
    return str_eq(rest, STR("--")) || str_eq(rest, STR("--\r\n"))
               ? ERR_OK
               : malformed(reading, "something other behind a boundary");
}

enum err multipart_read(struct str type, struct str body, struct str name, struct reason *reason,
                        struct str *ret)
{
    struct reading reading = {.rest = body, .reason = reason};
    struct str found = {0}, whose = {0}, content = {0};
    bool more = true;

    TRY(begin(type, &reading));
    for (int i = 0; i <= MULTIPART_PARTS; i++) {
        TRY(goes_on(&reading, &more));
        if (!more) {
            *ret = found;
            return str_is_set(found) ? ERR_OK
                                     : fail(reason, ERR_FIELD_MISSING, name, "no such part");
        }
        TRY(read_headers(&reading, &whose));
        TRY(take_content(&reading, &content));
        if (!str_eq(whose, name)) {
            continue;
        }
        if (str_is_set(found)) {
            return malformed(&reading, "two parts of that name");
        }
        found = content;
    }
    return malformed(&reading, "too many parts");
}
