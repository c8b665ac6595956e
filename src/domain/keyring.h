/* The keys that sign and verify tokens: made, sealed under the master key, rotated, published. */
#pragma once

#include "domain/ctx.h"

struct buf;
struct jose_key;
struct keyring;
struct signing_key;

enum err keyring_create(struct keyring **ret);
void keyring_destroy(struct keyring *keyring); /* NULL is fine */

/* Reads all keys from the store, opens them, and swaps them in. ERR_CRYPTO with a plain reason when
 * the master key is not the one they were sealed under. Needs a unit that reads. */
enum err keyring_load(struct ctx *ctx);

/* Makes a key that signs from `signs_from` on; those before it verify until their last token has
 * expired, and those announced for later are dropped. Needs a unit that writes. */
enum err keyring_rotate(struct ctx *ctx, struct moment signs_from);

/* Makes the first key, or the next one when the newest has reached its age. True if it made one. */
enum err keyring_keep(struct ctx *ctx, bool *ret_made);

/* A shared secret for the faces that sign with HS256. Before anything is answered. */
enum err keyring_add_secret(struct keyring *keyring, struct str face, struct str secret);

/* The key that signs for this face now. It lives as long as the desk reads (domain/desk.h). */
const struct jose_key *keyring_signer(const struct keyring *keyring, struct str face,
                                      struct moment now);
/* The key of that name, if its tokens still count. NULL otherwise. */
const struct jose_key *keyring_find(const struct keyring *keyring, struct str id,
                                    struct moment now);

/* The published key set (RFC 7517): one JSON object. */
void keyring_publish(const struct keyring *keyring, struct moment now, struct buf *out);

/* For `signet key list`: what the store has, newest first. */
enum err keyring_list(struct ctx *ctx, struct signing_key **ret, size_t *ret_count);
