/* Growing text with a limit and a sticky failure. */
#include "base/buf.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct buf buf_in_arena(struct arena *arena, size_t limit)
{
    return (struct buf){.arena = arena, .limit = limit};
}

struct buf buf_over(char *memory, size_t size)
{
    return (struct buf){.data = memory, .size = size, .limit = size};
}

static bool grow(struct buf *buf, size_t needed)
{
    size_t size = buf->size < 256 ? 256 : buf->size;

    while (size < needed) {
        size *= 2; /* needed is at most limit, which is far from overflow */
    }
    if (size > buf->limit) {
        size = buf->limit;
    }
    char *data = buf->arena ? arena_alloc(buf->arena, size) : NULL;
    if (!data) {
        return false;
    }
    if (buf->len > 0) {
        memcpy(data, buf->data, buf->len);
    }
    buf->data = data;
    buf->size = size;
    return true;
}

char *buf_reserve(struct buf *buf, size_t count)
{
    if (buf->failed) {
        return NULL;
    }
    if (count > buf->size - buf->len &&
        (count > buf->limit - buf->len || !grow(buf, buf->len + count))) {
        buf->failed = true;
        return NULL;
    }
    return buf->data + buf->len;
}

void buf_put(struct buf *buf, struct str text)
{
    if (text.len == 0) {
        return;
    }
    char *at = buf_reserve(buf, text.len);
    if (at) {
        memcpy(at, text.ptr, text.len);
        buf->len += text.len;
    }
}

void buf_put_char(struct buf *buf, char c)
{
    char *at = buf_reserve(buf, 1);

    if (at) {
        *at = c;
        buf->len++;
    }
}

void buf_put_int(struct buf *buf, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    buf_put(buf, (struct str){digits + at, sizeof digits - at});
}

void buf_put_hex(struct buf *buf, const void *bytes, size_t count)
{
    static const char digit[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *at = buf_reserve(buf, 2 * count);

    if (!at) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        at[2 * i] = digit[from[i] >> 4];
        at[2 * i + 1] = digit[from[i] & 15];
    }
    buf->len += 2 * count;
}

void buf_print(struct buf *buf, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text) {
        buf->failed = true;
        return;
    }
    buf_put(buf, (struct str){text, (size_t)length});
}

enum err buf_end(const struct buf *buf, struct str *ret)
{
    if (buf->failed) {
        return ERR_MEMORY;
    }
    *ret = buf_str(buf);
    return ERR_OK;
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->data ? buf->data : "", buf->len};
}
