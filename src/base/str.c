/* Slices: comparing and cutting. */
#include "base/str.h"

#include <string.h>

struct str str_of(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

bool str_is_set(struct str s)
{
    return s.ptr != NULL;
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_skip(s, s.len - suffix.len), suffix);
}

bool str_contains(struct str s, char c)
{
    return s.len > 0 && memchr(s.ptr, c, s.len) != NULL;
}

struct str str_skip(struct str s, size_t n)
{
    return str_sub(s, n, s.len);
}

struct str str_sub(struct str s, size_t from, size_t n)
{
    if (from > s.len) {
        from = s.len;
    }
    if (n > s.len - from) {
        n = s.len - from;
    }
    return (struct str){from > 0 ? s.ptr + from : s.ptr, n}; /* NULL stays NULL */
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_blank(s.ptr[0])) {
        s = str_skip(s, 1);
    }
    while (s.len > 0 && is_blank(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

bool str_cut(struct str s, char separator, struct str *ret_head, struct str *ret_tail)
{
    const char *at = s.len ? memchr(s.ptr, separator, s.len) : NULL;

    if (!at) {
        *ret_head = s;
        *ret_tail = (struct str){0};
        return false;
    }
    size_t head = (size_t)(at - s.ptr);
    *ret_head = str_sub(s, 0, head);
    *ret_tail = str_skip(s, head + 1);
    return true;
}

bool str_next(struct str *rest, char separator, struct str *ret_word)
{
    while (rest->len > 0) {
        str_cut(*rest, separator, ret_word, rest);
        if (ret_word->len > 0) {
            return true;
        }
    }
    return false;
}
