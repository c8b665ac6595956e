/* The fixed places of a service key's text, and its checksum. */
#include "model/key_text.h"

#include "base/buf.h"
#include "base/hex.h"

#include <string.h>

#define PREFIX STR("signet_")

enum {
    ID_AT = 7,
    ID_DIGITS = 32,
    POINT_AT = ID_AT + ID_DIGITS,
    SECRET_AT = POINT_AT + 1,
    SECRET_DIGITS = 64,
    SUM_AT = SECRET_AT + SECRET_DIGITS,
    SUM_DIGITS = 8
};
_Static_assert(SUM_AT + SUM_DIGITS == KEY_TEXT, "nothing stands behind the checksum");

/* CRC-32 as in zlib and Ethernet, so that scanners can compute it with what they have. */
static uint32_t checksum(struct str text)
{
    uint32_t sum = UINT32_MAX;

    for (size_t i = 0; i < text.len; i++) {
        sum ^= (uint8_t)text.ptr[i];
        for (int bit = 0; bit < 8; bit++) {
            sum = sum >> 1 ^ (sum & 1 ? UINT32_C(0xedb88320) : 0);
        }
    }
    return ~sum;
}

static void put_checksum(struct buf *out, struct str text)
{
    uint32_t sum = checksum(text);
    const uint8_t bytes[] = {(uint8_t)(sum >> 24), (uint8_t)(sum >> 16), (uint8_t)(sum >> 8),
                             (uint8_t)sum};

    buf_put_hex(out, bytes, sizeof bytes);
}

void key_text_print(struct buf *out, struct id id, const struct key32 *secret)
{
    char memory[SUM_AT];
    struct buf text = buf_over(memory, sizeof memory);

    buf_put(&text, PREFIX);
    buf_put_hex(&text, id.bytes, sizeof id.bytes);
    buf_put_char(&text, '.');
    buf_put_hex(&text, secret->bytes, sizeof secret->bytes);
    buf_put(out, buf_str(&text));
    put_checksum(out, buf_str(&text));
    explicit_bzero(memory, sizeof memory);
}

static bool sum_is_right(struct str text)
{
    char memory[SUM_DIGITS];
    struct buf sum = buf_over(memory, sizeof memory);

    put_checksum(&sum, str_sub(text, 0, SUM_AT));
    return str_eq(buf_str(&sum), str_skip(text, SUM_AT));
}

enum err key_text_parse(struct str text, struct id *ret)
{
    struct id id;

    if (text.len != KEY_TEXT || !str_starts(text, PREFIX) || text.ptr[POINT_AT] != '.' ||
        !hex_is_ours(str_sub(text, ID_AT, ID_DIGITS)) || !hex_is_ours(str_skip(text, SECRET_AT)) ||
        !sum_is_right(text)) {
        return ERR_FIELD_VALUE;
    }
    TRY(hex_parse(str_sub(text, ID_AT, ID_DIGITS), id.bytes, sizeof id.bytes));
    if (!id_is_set(id)) {
        return ERR_FIELD_VALUE;
    }
    *ret = id;
    return ERR_OK;
}
