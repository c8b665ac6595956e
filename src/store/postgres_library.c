/* Finding libpq when the program runs. */
#include "store/postgres_library.h"

#include "base/buf.h"
#include "store/postgres.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* The name by which programs are linked with it: this number has stood for its interface since
 * 2006. */
#define LIBRARY "libpq.so.5"

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
#define FUNCTION(name, function) {#function, offsetof(struct postgres_library, name)},
    POSTGRES_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

enum err postgres_library_load(struct reason *reason, struct postgres_library *ret)
{
    /* Never closed: libraries that it brings along do not bear being unloaded. */
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        return fail(reason, ERR_CONFIG, STR("store.url"),
                    "PostgreSQL needs " LIBRARY " to be installed (Debian: libpq5): %s", dlerror());
    }
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        void *found = dlsym(library, functions[i].name);
        if (!found) {
            return fail(reason, ERR_CONFIG, STR("store.url"),
                        LIBRARY " is older than version 14: it has no %s", functions[i].name);
        }
        memcpy((char *)ret + functions[i].offset, &found, sizeof found);
    }
    return ERR_OK;
}

void postgres_library(struct buf *out)
{
    struct postgres_library library = {0};

    if (postgres_library_load(NULL, &library) == ERR_OK && library.version) {
        buf_print(out, "%d.%d", library.version() / 10000, library.version() % 10000);
    }
}
