/* rlimits and a filter. */
#include "confine/drawing.h"

#include "base/str.h"
#include "confine/filter.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static const struct {
    __rlimit_resource_t resource;
    rlim_t most;
} limits[] = {
    {RLIMIT_AS,     DRAWING_BYTES  },
    {RLIMIT_CPU,    DRAWING_SECONDS},
    {RLIMIT_CORE,   0              },
    {RLIMIT_FSIZE,  0              },
    {RLIMIT_NOFILE, 0              },
    {RLIMIT_NPROC,  0              },
};

/* clang-format off */
static const struct filter_row rows[] = {
    {"brk munmap mremap madvise", .why = "what malloc asks for"},
    {"mmap", .only = {{2, PROT_EXEC, 0}, {4, UINT32_MAX, UINT32_MAX}},
     .when = "no file, no code", .why = "likewise"},
    {"read", .only = {{0, UINT32_MAX, 0}}, .when = "from descriptor 0", .why = "what was sent"},
    {"write", .only = {{0, UINT32_MAX, 1}}, .when = "to descriptor 1", .why = "what was drawn"},
    {"exit exit_group rt_sigreturn", .why = "how a process ends"},
};
/* clang-format on */

static enum err limit_all(void)
{
    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        struct rlimit limit = {limits[i].most, limits[i].most};
        if (setrlimit(limits[i].resource, &limit) != 0) {
            return ERR_SYSTEM;
        }
    }
    return ERR_OK;
}

enum err drawing_confine(void)
{
    static const struct filter_table table = {rows, ARRAY_LEN(rows), FILTER_REST_KILL};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0) {
        return ERR_SYSTEM;
    }
    if (filter_support() == FILTER_SANITIZED) {
        return ERR_OK;
    }
    TRY(limit_all());
    return filter_load(&table);
}
