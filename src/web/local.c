/* Each thread's own things. */
#include "web/local.h"

#include "base/random.h"
#include "ops/log.h"
#include "ops/metrics.h"
#include "web/away.h"
#include "web/web_private.h"

#include <stdlib.h>

static enum err furnish(struct web *web, enum desk_kind kind, struct local *local)
{
    local->web = web;
    TRY(random_fill(&local->request_base, sizeof local->request_base));
    TRY(log_buffer_create(web->plan.log, &local->log));
    TRY(metrics_block_create(web->metrics, &local->metrics));
    return desk_open(web->plan.service, kind, &local->desk);
}

enum err local_open(struct web *web, enum desk_kind kind, struct local **ret)
{
    struct local *local = calloc(1, sizeof *local);

    if (!local) {
        return ERR_MEMORY;
    }
    enum err e = furnish(web, kind, local);
    if (e != ERR_OK) {
        local_close(local);
        return e;
    }
    *ret = local;
    return ERR_OK;
}

void local_close(struct local *local)
{
    if (local) {
        desk_close(local->web->plan.service, local->desk);
        away_destroy(local->away);
        log_buffer_destroy(local->log);
        free(local);
    }
}
