/* Finding libgd when the child begins. */
#include "picture/library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define LIBRARY "libgd.so.3"

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
#define FUNCTION(name, function) {#function, offsetof(struct picture_library, name)},
    PICTURE_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

enum err picture_library_load(struct reason *reason, struct picture_library *ret)
{
    /* Bound at once: later there is no opening of files any more. */
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        return fail(reason, ERR_CONFIG, STR(""),
                    "pictures need " LIBRARY " to be installed (Debian: libgd3): %s", dlerror());
    }
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        void *found = dlsym(library, functions[i].name);
        if (!found) {
            return fail(reason, ERR_CONFIG, STR(""), LIBRARY " has no %s", functions[i].name);
        }
        memcpy((char *)ret + functions[i].offset, &found, sizeof found);
    }
    return ERR_OK;
}
