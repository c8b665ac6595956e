/* The one file that knows libseccomp. */
#include "confine/filter.h"

#include "base/buf.h"
#include "base/sanitized.h"
#include "base/str.h"

#include <unistd.h>

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum {
    NAME_MOST = 40,
    NEEDED = 3,      /* of seccomp_api_get: since 4.14 it can end the whole process */
    BINARY_TREE = 2, /* of SCMP_FLTATR_CTL_OPTIMIZE */
    BY_A_FILTER = 1  /* SYS_SECCOMP, which glibc does not have yet */
};

static uint32_t action_of(const struct filter_row *row)
{
    switch (row->verdict) {
    case FILTER_ALLOW:
        return SCMP_ACT_ALLOW;
    case FILTER_REFUSE:
        return SCMP_ACT_ERRNO((unsigned)row->error);
    case FILTER_KILL:
        break;
    }
    return SCMP_ACT_KILL_PROCESS;
}

static unsigned conditions_of(const struct filter_row *row,
                              struct scmp_arg_cmp ret[FILTER_CONDITIONS])
{
    unsigned count = 0;

    for (; count < FILTER_CONDITIONS && row->only[count].mask; count++) {
        const struct filter_condition *only = &row->only[count];
        ret[count] =
            (struct scmp_arg_cmp){.arg = only->argument,
                                  .op = SCMP_CMP_MASKED_EQ,
                                  .datum_a = only->mask,
                                  .datum_b = only->own_process ? (uint64_t)getpid() : only->value};
    }
    return count;
}

/* The number of a call here; one of libseccomp's own, less than 0, when this architecture has none
 * of that name. */
static int number_of(struct str name)
{
    char text[NAME_MOST] = "";
    struct buf out = buf_over(text, sizeof text - 1);

    buf_put(&out, name);
    return out.failed ? __NR_SCMP_ERROR : seccomp_syscall_resolve_name(text);
}

static bool add_row(scmp_filter_ctx filter, const struct filter_row *row)
{
    struct scmp_arg_cmp conditions[FILTER_CONDITIONS];
    unsigned count = conditions_of(row, conditions);
    struct str rest = str_of(row->calls), name;

    while (str_next(&rest, ' ', &name)) {
        int number = number_of(name);
        if (number >= 0 &&
            seccomp_rule_add_array(filter, action_of(row), number, count, conditions) != 0) {
            return false;
        }
    }
    return true;
}

static scmp_filter_ctx filter_of(const struct filter_table *table)
{
    scmp_filter_ctx filter =
        seccomp_init(table->rest == FILTER_REST_SIGNAL ? SCMP_ACT_TRAP : SCMP_ACT_KILL_PROCESS);
    bool well = filter &&
                seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
                seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
                seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE) == 0;

    for (size_t i = 0; i < table->count && well; i++) {
        well = add_row(filter, &table->rows[i]);
    }
    if (filter && !well) {
        seccomp_release(filter);
    }
    return well ? filter : NULL;
}

enum filter_support filter_support(void)
{
    if (SANITIZED) { /* no filter of ours can know what it calls */
        return FILTER_SANITIZED;
    }
    return seccomp_api_get() >= NEEDED ? FILTER_CAN : FILTER_NO_KERNEL;
}

enum err filter_load(const struct filter_table *table)
{
    scmp_filter_ctx filter = filter_of(table);

    if (!filter) {
        return ERR_MEMORY;
    }
    enum err e = seccomp_load(filter) == 0 ? ERR_OK : ERR_SYSTEM;
    seccomp_release(filter);
    return e;
}

/* Where the thread will find what the call returned. */
static void set_result(ucontext_t *thread, long result)
{
#if defined(__aarch64__)
    thread->uc_mcontext.regs[0] = (unsigned long long)result;
#else
    thread->uc_mcontext.gregs[REG_RAX] = result; /* x86-64; no other has it */
#endif
}

bool filter_refuse(const siginfo_t *info, void *context, struct filter_call *ret)
{
    if (info->si_code != BY_A_FILTER) {
        return false;
    }
    *ret = (struct filter_call){info->si_syscall, gettid()};
    set_result(context, -ENOSYS);
    return true;
}

void filter_name(struct buf *out, int number)
{
    char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

    if (name) {
        buf_put(out, str_of(name));
        free(name);
    } else {
        buf_print(out, "call %d", number);
    }
}

bool filter_knows(const struct filter_table *table, struct buf *ret_unknown)
{
    for (size_t i = 0; i < table->count; i++) {
        struct str rest = str_of(table->rows[i].calls), name;
        while (str_next(&rest, ' ', &name)) {
            if (number_of(name) == __NR_SCMP_ERROR) {
                buf_put(ret_unknown, name);
                return false;
            }
        }
    }
    return true;
}

void filter_library(struct buf *out)
{
    const struct scmp_version *version = seccomp_version();

    buf_print(out, "%u.%u.%u", version->major, version->minor, version->micro);
}
