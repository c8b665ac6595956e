/* Argon2id by libsodium, computed right here on the caller's thread; hasher.h decides on which
 * thread that is. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

#include <stdint.h>

enum {
    PASSWORD_HASH_TEXT = 128,
    PASSWORD_SALT = 16
};

/* The cost of a new hash; verification reads it from the hash, bounded before use. */
struct password_cost {
    int64_t memory_kib; /* 19456 */
    int64_t passes;     /* 2 */
};

/* A PHC string: $argon2id$v=19$m=19456,t=2,p=1$… */
struct password_hash {
    char text[PASSWORD_HASH_TEXT];
};

/* libsodium's own start; any number of times, from any thread, before everything else here. */
enum err password_start(void);

/* ERR_CONFIG for a cost outside of what verification would later accept. */
enum err password_cost_check(struct password_cost cost);

/* What a hash cost. ERR_CRYPTO when it cannot be read or costs more than the bounds (256 MiB,
 * 10 passes, 1 lane). */
enum err password_cost_of(struct str hash, struct password_cost *ret);

/* A hash with a salt of its own. */
enum err password_make(struct password_cost cost, struct str password, struct password_hash *ret);

/* What looks like a hash of that cost and takes as long to verify, made of random bytes at no cost:
 * no password is known that it is right for. */
enum err password_imitate(struct password_cost cost, struct password_hash *ret);

/* ERR_CRYPTO as password_cost_of. */
enum err password_verify(struct str hash, struct str password, bool *ret_right);

/* A key out of a passphrase, the same for the same salt and cost: for what is sealed under one. */
enum err password_stretch(struct password_cost cost, struct str passphrase,
                          const char salt[PASSWORD_SALT], struct key32 *ret);

/* The version of libsodium, which is linked in. */
const char *password_library(void);
