/* rlimits and seccomp. */
#include "picture/confine.h"

#include "base/buf.h"

#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* The sanitizers bring an allocator and threads of their own, which no filter of ours can know. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static const struct {
    __rlimit_resource_t resource;
    rlim_t most;
} limits[] = {
    {RLIMIT_AS,     CONFINED_BYTES  },
    {RLIMIT_CPU,    CONFINED_SECONDS},
    {RLIMIT_CORE,   0               },
    {RLIMIT_FSIZE,  0               },
    {RLIMIT_NOFILE, 0               },
    {RLIMIT_NPROC,  0               },
};

/* What malloc asks for, and how a process ends. */
static const int allowed[] = {SCMP_SYS(brk),         SCMP_SYS(munmap),     SCMP_SYS(mremap),
                              SCMP_SYS(madvise),     SCMP_SYS(exit_group), SCMP_SYS(exit),
                              SCMP_SYS(rt_sigreturn)};

static enum err limit_all(void)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct rlimit limit = {limits[i].most, limits[i].most};
        if (setrlimit(limits[i].resource, &limit) != 0) {
            return ERR_SYSTEM;
        }
    }
    return ERR_OK;
}

static bool allow_all(scmp_filter_ctx filter)
{
    bool well = true;

    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        well = well && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    }
    /* Memory of its own that holds no code: the fifth argument is the file, of which there is none.
     */
    return well &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0),
                            SCMP_A4(SCMP_CMP_MASKED_EQ, UINT32_MAX, UINT32_MAX)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, 0)) ==
               0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, 1)) ==
               0;
}

static enum err filter_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);

    if (!filter) {
        return ERR_MEMORY;
    }
    bool well = allow_all(filter) && seccomp_load(filter) == 0; /* sets no_new_privs, too */
    if (!well) {
        seccomp_release(filter);
    }
    /* Loaded, it is not released: what that does need not be allowed. */
    return well ? ERR_OK : ERR_SYSTEM;
}

enum err confine(void)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0) {
        return ERR_SYSTEM;
    }
    if (SANITIZED) {
        return ERR_OK;
    }
    TRY(limit_all());
    return filter_calls();
}

void confine_library(struct buf *out)
{
    const struct scmp_version *version = seccomp_version();

    buf_print(out, "%u.%u.%u", version->major, version->minor, version->micro);
}
