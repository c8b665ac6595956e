/* Password hashing, where it hurts nobody else.
 *
 * Each hasher owns one thread of the kernel's idle class (SCHED_IDLE) and hands it one hash at a
 * time while its caller waits. So hashing takes what the processors have left, the caller itself
 * never runs at idle priority with a lock in its hand, and the memory that hashing can take is the
 * number of hashers times the cost of one. A hasher made with HASHER_DIRECT computes on the
 * caller's own thread: the floor under logins when other work leaves the idle class nothing. */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "crypto/password.h"

enum hasher_kind {
    HASHER_IDLE_CLASS,
    HASHER_DIRECT
};

/* For one caller at a time: a thread that hashes has its own. */
struct hasher;

/* ERR_CONFIG for a cost out of bounds. Takes the time of one hash. */
enum err hasher_create(enum hasher_kind kind, struct password_cost cost, struct hasher **ret);
void hasher_destroy(struct hasher *hasher);     /* NULL is fine */
void hasher_destroy_at(struct hasher **hasher); /* for CLEANUP */

/* `password` is already normalised. Hold no lock meanwhile: however urgent the caller is, the hash
 * is computed at idle priority, and whoever waits for that lock would wait for an idle thread. */
enum err hasher_make(struct hasher *hasher, struct str password, struct password_hash *ret);

/* *ret_right tells whether it matches. A hash that cannot be read or costs more than the bounds
 * (256 MiB, 10 passes) is ERR_CRYPTO. An empty `hash` takes the time of a right one and does not
 * match. */
enum err hasher_verify(struct hasher *hasher, struct str hash, struct str password,
                       bool *ret_right);

/* Whether a hash was made at another cost than today's and should be made again. */
bool password_hash_is_stale(const struct hasher *hasher, struct str hash);
