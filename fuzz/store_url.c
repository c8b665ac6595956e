/* store.url, as far as it is PostgreSQL's: libpq reads it, and what it does not take is told. */
#include "base/arena.h"
#include "fuzz/harness.h"
#include "store/postgres_address.h"
#include "store/store.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 24);
    struct store_settings settings = {.connect_s = 1};
    struct postgres_address address = {0};
    struct reason reason = {0};

    /* Ended by a zero: the sanitizers let strndup() look for one, whatever its limit. */
    PROMISE(arena_copy(arena, (struct str){(const char *)data, size}, &settings.url) == ERR_OK);
    enum err e = postgres_address_read(&settings, &reason, &address);
    PROMISE(e == ERR_OK || (e == ERR_CONFIG && reason.err == e && reason.detail[0] != '\0'));
    PROMISE(e != ERR_OK || str_eq(str_of(address.url), settings.url));
    postgres_address_release(&address);
    PROMISE(!address.url);
    return 0;
}
