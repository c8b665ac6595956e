/* An installation, opened: its directory, store, keys. What the server and every command stand on.
 */
#pragma once

#include "app/config.h"
#include "domain/service.h"

struct instance {
    const struct config *config;
    struct service service;
    struct arena *arena; /* of the units that commands run */
    struct desk *desk;   /* of the thread that opened it */
    int lock;            /* held by a server; -1 */
    const char *warning; /* of the last unit that was run, or NULL */
};

enum instance_use {
    INSTANCE_SERVE,   /* alone on the directory; makes what is missing */
    INSTANCE_COMMAND, /* beside a server that may be running; makes what is missing */
    INSTANCE_LOOK     /* likewise; makes and migrates nothing, fails where anything is missing */
};

/* Opens and migrates the store, reads or makes the master key. `reason` says in plain words what is
 * wrong. Standing and keyring are the server's to load. */
enum err instance_open(const struct config *config, enum instance_use use, struct reason *reason,
                       struct instance **ret);
void instance_close(struct instance *instance); /* NULL is fine */

/* Runs `work` as an operator in a unit of its own. On failure `reason` has what was noted where it
 * was found, for the log or, by cli_failed, for a person. */
enum err instance_run(struct instance *instance, enum unit_kind kind,
                      enum err (*work)(struct ctx *ctx, void *with), void *with,
                      struct reason *reason);
