/* base64url: writing it, and reading it in its one canonical spelling. */
#include "wire/base64.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The value of each digit plus one, so that whatever is no digit is 0. */
// clang-format off
static const uint8_t value_and_one[256] = {
    ['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
             14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    ['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
             40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
    ['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, ['-'] = 63, ['_'] = 64,
};
// clang-format on

void base64_put(struct buf *out, const void *bytes, size_t count)
{
    const uint8_t *from = bytes;

    if (count == 0) {
        return;
    }
    char *at = count > SIZE_MAX / 4 ? NULL : buf_reserve(out, (count * 4 + 2) / 3);
    if (!at) {
        out->failed = true;
        return;
    }
    uint32_t bits = 0;
    unsigned held = 0; /* how many of the low bits are still to be written */
    for (size_t i = 0; i < count; i++) {
        bits = bits << 8 | from[i];
        for (held += 8; held >= 6; out->len++) {
            held -= 6;
            *at++ = digits[bits >> held & 63];
        }
    }
    if (held > 0) {
        *at = digits[bits << (6 - held) & 63];
        out->len++;
    }
}

static char first_alphabet(char digit)
{
    if (digit == '-') {
        return '+';
    }
    return digit == '_' ? '/' : digit;
}

void base64_put_padded(struct buf *out, const void *bytes, size_t count)
{
    size_t from = out->len;

    base64_put(out, bytes, count);
    for (size_t i = from; !out->failed && i < out->len; i++) {
        out->data[i] = first_alphabet(out->data[i]);
    }
    while (!out->failed && (out->len - from) % 4 != 0) {
        buf_put_char(out, '=');
    }
}

enum err base64_parse(struct arena *arena, struct str text, struct str *ret_bytes)
{
    /* A single digit behind the last group of four holds less than a byte. */
    if (text.len % 4 == 1) {
        return ERR_FIELD_VALUE;
    }
    size_t count = text.len / 4 * 3 + (text.len % 4 * 3) / 4;
    char *bytes = arena_alloc(arena, count + 1);
    if (!bytes) {
        return ERR_MEMORY;
    }
    uint32_t bits = 0;
    unsigned held = 0;
    char *at = bytes;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = value_and_one[(uint8_t)text.ptr[i]];
        if (digit == 0) {
            return ERR_FIELD_VALUE;
        }
        bits = bits << 6 | (digit - 1);
        held += 6;
        if (held >= 8) {
            held -= 8;
            *at++ = (char)(uint8_t)(bits >> held);
        }
    }
    /* Bits left over would give one value several spellings. */
    if ((bits & ((1U << held) - 1)) != 0) {
        return ERR_FIELD_VALUE;
    }
    *ret_bytes = (struct str){bytes, count};
    return ERR_OK;
}
