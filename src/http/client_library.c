/* Finding libcurl when the program runs. */
#include "http/client_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* The name by which programs are linked with the one over OpenSSL, which is loaded here already. */
#define LIBRARY "libcurl.so.4"

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
#define FUNCTION(name, function) {#function, offsetof(struct client_library, name)},
    CLIENT_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

enum err client_library_load(struct reason *reason, struct client_library *ret)
{
    /* Never closed: libraries that it brings along do not bear being unloaded. */
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        return fail(reason, ERR_CONFIG, STR(""),
                    "sending needs " LIBRARY " to be installed (Debian: libcurl4): %s", dlerror());
    }
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        void *found = dlsym(library, functions[i].name);
        if (!found) {
            return fail(reason, ERR_CONFIG, STR(""), LIBRARY " has no %s", functions[i].name);
        }
        memcpy((char *)ret + functions[i].offset, &found, sizeof found);
    }
    /* Before 7.84 several threads could not make it ready at once, nor were protocols named so. */
    if (!(ret->version_info(CURLVERSION_NOW)->features & CURL_VERSION_THREADSAFE) ||
        ret->version_info(CURLVERSION_NOW)->version_num < 0x075500) {
        return fail(reason, ERR_CONFIG, STR(""), LIBRARY " is older than 7.85");
    }
    return ERR_OK;
}
