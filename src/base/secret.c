/* Comparing and wiping what must not be seen. */
#include "base/secret.h"

#include <string.h>

static bool same_bytes(const void *a, const void *b, size_t size)
{
    const volatile unsigned char *x = a, *y = b;
    unsigned char difference = 0;

    for (size_t i = 0; i < size; i++) {
        difference |= x[i] ^ y[i];
    }
    return difference == 0;
}

bool secret_eq(struct str a, struct str b)
{
    return a.len == b.len && same_bytes(a.ptr, b.ptr, a.len);
}

static bool repeats_after(struct str text, size_t period)
{
    return text.len >= 2 * period && memcmp(text.ptr, text.ptr + period, text.len - period) == 0;
}

static bool goes_in_steps(struct str text)
{
    for (size_t i = 2; i < text.len; i++) {
        int step = text.ptr[i] - text.ptr[i - 1], first = text.ptr[1] - text.ptr[0];
        if (((step - first) & 0xff) != 0) {
            return false;
        }
    }
    return text.len > 2;
}

bool secret_is_pattern(struct str text)
{
    for (size_t period = 1; period <= text.len / 2; period++) {
        if (repeats_after(text, period)) {
            return true;
        }
    }
    return goes_in_steps(text);
}

bool key32_eq(const struct key32 *a, const struct key32 *b)
{
    return same_bytes(a->bytes, b->bytes, sizeof a->bytes);
}

void key32_wipe(struct key32 *key)
{
    explicit_bzero(key, sizeof *key);
}
