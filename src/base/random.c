/* The kernel's generator; there is no other. */
#include "base/random.h"

#include <errno.h>
#include <sys/random.h>

enum err random_fill(void *memory, size_t size)
{
    char *at = memory;

    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return ERR_SYSTEM;
        }
        at += got;
        size -= (size_t)got;
    }
    return ERR_OK;
}
