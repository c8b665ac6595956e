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

bool key32_eq(const struct key32 *a, const struct key32 *b)
{
    return same_bytes(a->bytes, b->bytes, sizeof a->bytes);
}

void key32_wipe(struct key32 *key)
{
    explicit_bzero(key, sizeof *key);
}
