/* Every module's settings, as one run of the program has them. */
#pragma once

#include "api/corporate/corporate.h"
#include "api/directory/directory.h"
#include "api/edge/edge.h"
#include "api/fitnexa/fitnexa.h"
#include "api/gateway/gateway.h"
#include "domain/providers.h"
#include "domain/settings.h"
#include "http/server.h"
#include "mail/settings.h"
#include "ops/log.h"
#include "ops/settings.h"
#include "pages/pages.h"
#include "store/store.h"

struct app_settings {
    struct str metrics_from; /* words: who may read the metrics without a token */
    int64_t store_workers, hash_workers;
    struct str user;    /* to become; no text: whoever started it */
    struct str confine; /* yes, required, no */
};

/* What the command line says of settings. */
struct config_options {
    bool dev;              /* the presets of `signet dev` */
    struct str file;       /* --config */
    struct str data;       /* --data */
    const struct str *set; /* --set section.key=value */
    size_t set_count;
};

struct config {
    struct arena *arena;
    struct config_options options;
    struct app_settings app;
    struct store_settings store;
    struct http_settings http;
    struct domain_settings domain;
    struct federation_settings federation;
    struct log_settings log;
    struct mail_settings mail;
    struct edge_settings edge;
    struct directory_settings directory;
    struct corporate_settings corporate;
    struct gateway_settings gateway;
    struct fitnexa_settings fitnexa;
    struct pages_settings pages; /* of DIR/mail */
    struct settings *loaded;     /* where each value came from */
};

/* The faces that settings can switch on and off, the one first whose shape an error takes that
 * belongs to none. */
enum {
    CONFIG_FACES = 5
};
struct config_face {
    const struct face *face;
    const struct face_settings *settings; /* the beginning of the face's own */
};
void config_faces(const struct config *config, struct config_face ret[CONFIG_FACES]);

/* Reads all settings. ERR_CONFIG with a reason in plain words, also for values that are each right
 * but do not go together. The options' texts outlive it. */
enum err config_load(const struct config_options *options, struct reason *reason,
                     struct config **ret);
void config_free(struct config *config); /* NULL is fine */

/* Reads everything again. What only a restart can change stays as it is in `current` and is named
 * in `waiting`. */
enum err config_reload(const struct config *current, struct buf *waiting, struct reason *reason,
                       struct config **ret);

/* Whether there is a setting of that name, "section.key", whose value is a secret. */
bool config_is_secret(struct str name);

/* The tables alone, without values: for the example file, the reference page, the manual. */
void config_describe(struct buf *out, enum settings_view view);
