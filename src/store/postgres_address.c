/* Addresses are read by libpq itself. */
#include "store/postgres_address.h"

#include "store/postgres_library.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

static enum err check(const char *url, struct reason *reason)
{
    struct postgres_library pq;
    char *words = NULL;

    TRY(postgres_library_load(reason, &pq));
    PQconninfoOption *options = pq.conninfo_parse(url, &words);
    bool right = options != NULL;
    pq.conninfo_free(options);
    pq.free(words); /* they may have the password in them */
    return right ? ERR_OK
                 : fail(reason, ERR_CONFIG, STR("store.url"),
                        "store.url is no address of PostgreSQL: postgresql://HOST/DATABASE");
}

enum err postgres_address_read(const struct store_settings *settings, struct reason *reason,
                               struct postgres_address *ret)
{
    if (str_contains(settings->url, '\0')) {
        return fail(reason, ERR_CONFIG, STR("store.url"), "store.url has a zero byte in it");
    }
    struct postgres_address address = {
        .url = strndup(settings->url.ptr, settings->url.len),
        .connect_s = settings->connect_s,
        .statement_ms = settings->statement_ms,
        .lock_ms = settings->lock_ms,
        .pooler = settings->pooler,
        .prepare = settings->prepare,
    };
    enum err err = address.url ? check(address.url, reason) : ERR_MEMORY;
    if (err != ERR_OK) {
        postgres_address_release(&address);
        return err;
    }
    *ret = address;
    return ERR_OK;
}

void postgres_address_release(struct postgres_address *address)
{
    free(address->url);
    address->url = NULL;
}
