/* Password hashing, where it hurts nobody else.
 *
 * A hasher owns companions, threads of the kernel's idle class (SCHED_IDLE), each of which computes
 * one hash at a time while its caller waits. So hashing takes what the processors have left, the
 * caller itself never runs at idle priority with a lock in its hand, and the memory that hashing
 * can take is the number of companions times the cost of one. Where more callers ask than there are
 * companions they are served in the order they came. A hasher without companions computes on the
 * caller's own thread: the floor under logins when other work leaves the idle class nothing.
 *
 * What a hash leaves in that memory is written over by the next one, or wiped when nobody waits. */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "crypto/password.h"

/* For as many callers at a time as there are; without companions for one. */
struct hasher;

/* ERR_CONFIG for a cost, or a number of companions, out of bounds. */
enum err hasher_create(unsigned companions, struct password_cost cost, struct hasher **ret);
void hasher_destroy(struct hasher *hasher);     /* when nobody calls it any more; NULL is fine */
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
