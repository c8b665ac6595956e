/* Normal forms by libunistring, and the short way for what is ASCII, which nearly everything is. */
#include "text/normal.h"

#include "base/arena.h"
#include "base/buf.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <unistring/version.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How long the ASCII text at its beginning is, eight bytes at a time. */
static size_t ascii_length(struct str text)
{
    size_t at = 0;
    uint64_t eight;

    for (; at + sizeof eight <= text.len; at += sizeof eight) {
        memcpy(&eight, text.ptr + at, sizeof eight);
        if (eight & UINT64_C(0x8080808080808080)) {
            break;
        }
    }
    while (at < text.len && (unsigned char)text.ptr[at] < 0x80) {
        at++;
    }
    return at;
}

static const uint8_t *units(struct str text)
{
    return (const uint8_t *)text.ptr;
}

size_t text_well_formed(struct str text)
{
    size_t ascii = ascii_length(text);

    if (ascii == text.len) {
        return ascii;
    }
    const uint8_t *bad = u8_check(units(text) + ascii, text.len - ascii);
    return bad ? (size_t)(bad - units(text)) : text.len;
}

bool text_is_ascii(struct str text)
{
    return ascii_length(text) == text.len;
}

static bool is_visible(ucs4_t character)
{
    return uc_is_general_category_withtable(character, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                           UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_P |
                                                           UC_CATEGORY_MASK_S) &&
           !uc_is_property_default_ignorable_code_point(character);
}

bool text_is_visible(struct str text)
{
    if (text_well_formed(text) != text.len) {
        return false;
    }
    for (size_t at = 0; at < text.len;) {
        ucs4_t character;
        int length = u8_mbtouc(&character, units(text) + at, text.len - at);
        if (!is_visible(character)) {
            return false;
        }
        at += (size_t)length;
    }
    return true;
}

/* How many bytes of what is left are a character that cannot stand in one line; 0 for one that can.
 */
static size_t no_part_of_a_line(struct str left)
{
    unsigned char first = (unsigned char)left.ptr[0];

    if (first < 0x20 || first == 0x7f) {
        return 1;
    }
    if (first == 0xc2 && (unsigned char)left.ptr[1] < 0xa0) { /* the controls of C1 */
        return 2;
    }
    bool separates = str_starts(left, STR("\xe2\x80\xa8")) || /* U+2028 and U+2029 */
                     str_starts(left, STR("\xe2\x80\xa9"));
    return separates ? 3 : 0;
}

bool text_is_one_line(struct str text)
{
    if (text_well_formed(text) != text.len) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (no_part_of_a_line(str_skip(text, i)) > 0) {
            return false;
        }
    }
    return true;
}

enum err text_as_one_line(struct arena *arena, struct str text, struct str *ret)
{
    if (text_is_one_line(text)) {
        *ret = text;
        return ERR_OK;
    }
    if (text_well_formed(text) != text.len) {
        return ERR_FIELD_VALUE;
    }
    struct buf line = buf_in_arena(arena, text.len);
    for (size_t i = 0; i < text.len;) {
        size_t length = no_part_of_a_line(str_skip(text, i));
        buf_put_char(&line, length > 0 ? ' ' : text.ptr[i]);
        i += length > 0 ? length : 1;
    }
    return buf_end(&line, ret);
}

enum err text_length(struct str text, size_t *ret)
{
    if (text_well_formed(text) != text.len) {
        return ERR_FIELD_VALUE;
    }
    *ret = text.len > 0 ? u8_mbsnlen(units(text), text.len) : 0;
    return ERR_OK;
}

/* The most that UTF-8 grows by, in times of its length (UAX #15, 14: Stabilised strings and sizes;
 * CaseFolding.txt). With so much room libunistring need not allocate, and leaves no copy behind. */
enum {
    GROWTH_NFC = 3,
    GROWTH_NFKC = 11, /* and NFKD */
    GROWTH_FOLD = 3
};

/* One call of libunistring. It writes into `room` if the result fits, else into memory of its own.
 */
typedef uint8_t *change(const uint8_t *text, size_t length, uint8_t *room, size_t *ret_length);

static uint8_t *to_nfc(const uint8_t *text, size_t length, uint8_t *room, size_t *ret_length)
{
    return u8_normalize(UNINORM_NFC, text, length, room, ret_length);
}

static uint8_t *to_nfkc(const uint8_t *text, size_t length, uint8_t *room, size_t *ret_length)
{
    return u8_normalize(UNINORM_NFKC, text, length, room, ret_length);
}

static uint8_t *to_nfkd(const uint8_t *text, size_t length, uint8_t *room, size_t *ret_length)
{
    return u8_normalize(UNINORM_NFKD, text, length, room, ret_length);
}

static uint8_t *to_folded(const uint8_t *text, size_t length, uint8_t *room, size_t *ret_length)
{
    return u8_casefold(text, length, NULL, UNINORM_NFC, room, ret_length);
}

static enum err changed(struct arena *arena, struct str text, change *apply, size_t growth,
                        struct str *ret)
{
    size_t size;

    if (text_well_formed(text) != text.len) {
        return ERR_FIELD_VALUE;
    }
    if (__builtin_mul_overflow(text.len, growth, &size) || size == SIZE_MAX) {
        return ERR_MEMORY;
    }
    uint8_t *room = arena_alloc(arena, size + 1);
    if (!room) {
        return ERR_MEMORY;
    }
    uint8_t *result = apply(units(text), text.len, room, &size);
    if (result != room) {
        free(result); /* NULL, or larger than Unicode allows */
        return errno == ENOMEM ? ERR_MEMORY : ERR_SYSTEM;
    }
    room[size] = '\0';
    *ret = (struct str){(const char *)room, size};
    return ERR_OK;
}

enum err text_nfc(struct arena *arena, struct str text, struct str *ret)
{
    return text_is_ascii(text) ? arena_copy(arena, text, ret)
                               : changed(arena, text, to_nfc, GROWTH_NFC, ret);
}

enum err text_nfkc(struct arena *arena, struct str text, struct str *ret)
{
    return text_is_ascii(text) ? arena_copy(arena, text, ret)
                               : changed(arena, text, to_nfkc, GROWTH_NFKC, ret);
}

enum err text_nfkd(struct arena *arena, struct str text, struct str *ret)
{
    return text_is_ascii(text) ? arena_copy(arena, text, ret)
                               : changed(arena, text, to_nfkd, GROWTH_NFKC, ret);
}

/* Lower case letters, in the arena. */
static enum err fold_ascii(struct arena *arena, struct str text, struct str *ret)
{
    char *folded = arena_alloc(arena, text.len + 1);

    if (!folded) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        folded[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    *ret = (struct str){folded, text.len};
    return ERR_OK;
}

enum err text_fold(struct arena *arena, struct str text, struct str *ret)
{
    return text_is_ascii(text) ? fold_ascii(arena, text, ret)
                               : changed(arena, text, to_folded, GROWTH_FOLD, ret);
}

void text_library(struct buf *out)
{
    unsigned version = (unsigned)_libunistring_version;

    buf_print(out, "%u.%u.%u", version >> 16, version >> 8 & 0xff, version & 0xff);
}
