/* What we take from OpenSSL: digests, keyed digests, and sealing. One instance a thread. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct arena;
struct digester; /* OpenSSL's contexts, fetched once and used again */

enum err digester_create(struct digester **ret);
void digester_destroy(struct digester *d);     /* NULL is fine */
void digester_destroy_at(struct digester **d); /* for CLEANUP */

/* SHA-256. */
enum err digest_sha256(struct digester *d, struct str data, struct key32 *ret);

/* HMAC-SHA-256. */
enum err digest_keyed(struct digester *d, const struct key32 *key, struct str data,
                      struct key32 *ret);

/* Derives a key for one purpose ("device cookie") from the master key: HKDF-Expand with SHA-256
 * (RFC 5869), the purpose as its info. A master key is used for nothing else. */
enum err key_derive(struct digester *d, const struct key32 *master, struct str purpose,
                    struct key32 *ret);

/* Seals under a key, bound to `context` (AES-256-GCM, random nonce in front); opening with another
 * key or context is ERR_CRYPTO. */
enum err seal_close(struct arena *arena, const struct key32 *key, struct str context,
                    struct str clear, struct str *ret_sealed);
enum err seal_open(struct arena *arena, const struct key32 *key, struct str context,
                   struct str sealed, struct str *ret_clear);

/* The version of OpenSSL that was loaded. */
const char *digest_library(void);
