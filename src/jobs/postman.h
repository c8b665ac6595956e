/* Sends what waits in the outbox, one letter after the other. */
#pragma once

#include "base/str.h"
#include "domain/ctx.h"
#include "mail/settings.h"

struct buf;
struct postman;

struct postman_plan {
    const struct mail_settings *settings;
    struct str public_url; /* what links begin with; no text: letters with a link wait */
    struct str folder;     /* for mail.transport = file */
};

/* ERR_CONFIG with a reason. The plan's texts outlive it. */
enum err postman_create(const struct postman_plan *plan, struct reason *reason,
                        struct postman **ret);
void postman_destroy(struct postman *postman); /* NULL is fine */

/* What was asked for becomes letters; then all that is due, up to a bound; by one thread at a time.
 * A server that cannot be reached ends the round, so that it is not asked for each letter; it is no
 * error of the job. */
enum err postman_round(struct ctx *ctx, struct postman *postman, bool *ret_more);

/* Whether the SMTP server can be reached, talks TLS as it should, and lets us log in. ERR_MISSING
 * when there is none to ask; ERR_STORE_DOWN with what stood in the way. */
enum err postman_probe(struct postman *postman, struct reason *reason);

/* A metrics_source: what became of letters since the start. */
void postman_write_metrics(void *object, struct buf *out);
