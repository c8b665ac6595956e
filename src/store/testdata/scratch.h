/* A store of the fixture's schema in a folder of its own, and what every test of it does. */
#pragma once

#include "base/err.h"
#include "base/id.h"
#include "store/store.h"

struct arena;

struct scratch {
    char folder[64];
    struct store_settings settings;
    struct store *store;
    struct seat *seat;   /* for the test's own thread */
    struct arena *arena; /* likewise */
};

/* Makes the folder, opens the store at `url` and migrates it. Fails the test if that fails. */
void scratch_make(struct scratch *scratch, const char *url);
void scratch_remove(struct scratch *scratch);

void scratch_close(struct scratch *scratch);
void scratch_open(struct scratch *scratch); /* again, after scratch_close */

/* A pair in a unit of its own: its two halves are there together or not at all. */
enum err scratch_put_pair(struct seat *seat, struct arena *arena, int64_t number);

/* How many pairs are there; fails the test if one has lost its other half. */
int64_t scratch_count_pairs(struct scratch *scratch);
bool scratch_has_pair(struct scratch *scratch, int64_t number);

/* An id that only this number makes. */
struct id scratch_id(uint8_t number);
