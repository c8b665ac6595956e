/* A store, opened for its data alone: what backups, restores and copies read from and write to. */
#pragma once

#include "app/config.h"
#include "base/secret.h"

struct depot {
    struct store *store;
    struct seat *seat;
    struct arena *arena;
    struct digester *digester;
    struct tx *tx; /* the one unit; NULL before depot_begin */
};

enum depot_use {
    DEPOT_READ, /* it has to be there, with this binary's schema */
    DEPOT_FILL  /* it is made and migrated */
};

enum err depot_open(const struct store_settings *settings, struct str data, enum depot_use use,
                    struct reason *reason, struct depot **ret);
void depot_close(struct depot *depot); /* NULL is fine; what was not kept is undone */
void depot_close_at(struct depot **depot);

/* Begins the unit: one view of all tables, or the one that writes. */
enum err depot_begin(struct depot *depot, enum unit_kind kind);
enum err depot_keep(struct depot *depot, struct reason *reason);

/* Passes an error of the store on, with its reason. */
enum err depot_said(const struct depot *depot, enum err e, struct reason *reason);

/* ERR_CONFIG, with the tables named, when anybody or anything is in it already. */
enum err depot_is_empty(struct depot *depot, struct reason *reason);

/* Takes all rows out. */
enum err depot_clear(struct depot *depot);
