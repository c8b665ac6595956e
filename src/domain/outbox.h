/* Letters on their way: put in by the unit that causes them, claimed and settled by whoever sends.
 *
 * A letter is sent at most once for its token. The order that sees to it: a claim is durable before
 * anything is sent; just before the end of the letter is sent, `outbox_hand` makes durable that it
 * may have arrived; from there on only the server's own answer can bring it back. What was lost
 * before that point is sent again; what was lost after it is dead, and says so. */
#pragma once

#include "domain/ctx.h"
#include "model/letter.h"

struct outbox;

/* `most` letters may wait; beyond, outbox_put answers ERR_BUSY. */
enum err outbox_create(int64_t most, struct outbox **ret);
void outbox_destroy(struct outbox *outbox); /* NULL is fine */

/* ERR_BUSY when too many wait already. For those who answer alike whether a letter is sent or not:
 * they ask before they look whom it would go to. */
enum err outbox_has_room(struct ctx *ctx);

/* Writes a letter in the unit at hand; whoever sends is woken when it is durable. ERR_BUSY when too
 * many wait, ERR_TAKEN when there is one for this token already, ERR_FIELD_VALUE for what has no
 * place in a letter. */
enum err outbox_put(struct ctx *ctx, const struct letter *letter, struct id *ret);

/* One attempt to send a letter. */
struct claimed {
    struct letter letter;
    struct id claim;
    int64_t attempts; /* with this one */
};

/* The oldest letter that is due, for `seconds`: whoever has not handed it over by then has lost it.
 * *ret_found is false when there is none, or when it cannot be opened and is dead by now. */
enum err outbox_claim(struct ctx *ctx, int64_t seconds, struct claimed *ret, bool *ret_found);

/* Makes known that the end of the letter is about to be sent. ERR_MISSING: the claim was lost to
 * somebody else, and nothing may be sent. */
enum err outbox_hand(struct ctx *ctx, const struct claimed *claimed, int64_t seconds);

enum outbox_end {
    OUTBOX_SENT,
    OUTBOX_AGAIN,  /* it did not arrive; after a while, which grows with its attempts, it may */
    OUTBOX_AWAY,   /* the server could not be asked, which says nothing about the letter */
    OUTBOX_DEAD,   /* it will never arrive */
    OUTBOX_UNKNOWN /* it is dead too, as nobody knows whether it arrived */
};

/* What became of the attempt, and why in plain words. ERR_MISSING when it was lost meanwhile. */
enum err outbox_settle(struct ctx *ctx, const struct claimed *claimed, enum outbox_end end,
                       struct str error);

/* The letters of which nobody knows whether they arrived, and those that have expired, become dead;
 * and looks whether any is due. */
enum err outbox_tidy(struct ctx *ctx);
enum err outbox_look(struct ctx *ctx, bool *ret_due);

/* How many wait and how many are dead, as they were last looked at; needs a unit that reads. */
struct outbox_size {
    int64_t waiting, dead;
};
enum err outbox_measure(struct ctx *ctx);
struct outbox_size outbox_size(const struct outbox *outbox);

/* Until a letter was put in here, or `ms` have passed, or it is rung. */
void outbox_wait(struct outbox *outbox, int64_t ms);
void outbox_ring(struct outbox *outbox); /* from any thread */

/* Whoever sends should come to an end: from here on every wait is over at once. From any thread. */
void outbox_end(struct outbox *outbox);
bool outbox_is_ending(const struct outbox *outbox);

/* For operators. ERR_MISSING when there is no such letter, or none in a state for that. */
enum err outbox_list(struct ctx *ctx, struct outbox_row **ret, size_t *ret_count);
enum err outbox_retry(struct ctx *ctx, struct id id);
enum err outbox_retry_all(struct ctx *ctx, int64_t *ret_count);
enum err outbox_drop(struct ctx *ctx, struct id id);
