/* The settings, the log and the counter around confine/. */
#include "app/confinement.h"

#include "confine/privileges.h"
#include "ops/metrics.h"

#include <unistd.h>

#include <inttypes.h>

enum err confinement_privileges(const struct config *config, struct log *log, struct reason *reason)
{
    struct str user = config->app.user;

    TRY(privileges_give_up(user, reason));
    if (geteuid() == 0 && !config->options.dev) {
        log_event(log, LOG_WARNING,
                  "runs as root, without its privileges; name another user in process.user");
    }
    return ERR_OK;
}

const char *confinement_obstacle(void)
{
    switch (filter_support()) {
    case FILTER_CAN:
        return NULL;
    case FILTER_SANITIZED:
        return "this build has a sanitizer";
    case FILTER_NO_KERNEL:
        break;
    }
    return "the kernel, or what confines this process already, allows no seccomp filter";
}

/* Each call once: whoever tries one again and again shall not fill the log. */
static void tell(void *with, const struct filter_call *call)
{
    struct confinement *confinement = with;
    unsigned number = (unsigned)call->number % CONFINEMENT_CALLS;
    uint64_t bit = UINT64_C(1) << number % 64, *word = &confinement->told[number / 64];
    char memory[48];
    struct buf name = buf_over(memory, sizeof memory);

    if (*word & bit) {
        return;
    }
    *word |= bit;
    filter_name(&name, call->number);
    log_event(confinement->log, LOG_WARNING,
              "refused the system call %.*s, which is not one of a server's (thread %" PRId64
              "); told once",
              STR_ARG(buf_str(&name)), call->thread);
}

enum err confinement_open(const struct config *config, struct log *log, struct reason *reason,
                          struct confinement *ret)
{
    struct str wanted = config->app.confine;
    const char *obstacle = confinement_obstacle();

    ret->log = log;
    if (str_eq(wanted, STR("no"))) {
        log_event(log, LOG_WARNING, "not confined: process.confine is no");
        return ERR_OK;
    }
    if (obstacle && str_eq(wanted, STR("required"))) {
        return fail(reason, ERR_CONFIG, STR("process.confine"),
                    "process.confine is required, but %s", obstacle);
    }
    if (obstacle) {
        log_event(log, LOG_WARNING, "not confined: %s", obstacle);
        return ERR_OK;
    }
    struct serving_watch watch = {tell, ret};
    return serving_confine(&watch, reason, &ret->serving);
}

void confinement_close(struct confinement *confinement)
{
    serving_close(confinement->serving);
    confinement->serving = NULL;
}

void confinement_write_metrics(void *object, struct buf *out)
{
    struct confinement *confinement = object;

    metrics_write_help(out, "signet_confined", "gauge",
                       "1 when a filter of system calls is loaded");
    metrics_write_value(out, "signet_confined", NULL, confinement->serving != NULL);
    metrics_write_help(out, "signet_refused_system_calls_total", "counter",
                       "Calls that are not in the filter's table");
    metrics_write_value(out, "signet_refused_system_calls_total", NULL,
                        confinement->serving ? serving_refused(confinement->serving) : 0);
}
