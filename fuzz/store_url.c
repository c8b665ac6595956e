/* store.url, as far as it is PostgreSQL's: libpq reads it, and what it does not take is told. */
#include "base/arena.h"
#include "fuzz/harness.h"
#include "store/postgres_address.h"
#include "store/store.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct store_settings settings = {
        .url = {(const char *)data, size},
          .connect_s = 1
    };
    struct postgres_address address = {0};
    struct reason reason = {0};

    enum err e = postgres_address_read(&settings, &reason, &address);
    PROMISE(e == ERR_OK || (e == ERR_CONFIG && reason.err == e && reason.detail[0] != '\0'));
    PROMISE(e != ERR_OK || str_eq(str_of(address.url), settings.url));
    postgres_address_release(&address);
    PROMISE(!address.url);
    return 0;
}
