/* Digests, keyed digests and sealing by OpenSSL: the one file that works with it. Algorithms are
 * fetched once; looking them up by name for each call costs more than hashing a short input. */
#include "crypto/digest.h"

#include "base/arena.h"
#include "base/random.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdlib.h>
#include <string.h>

struct digester {
    EVP_MD *sha256;
    EVP_MD_CTX *plain;
    EVP_MAC_CTX *keyed;
    struct key32 key; /* what `keyed` is set up for: the same key comes again and again */
    bool has_key;
};

static EVP_MAC_CTX *hmac_sha256(void)
{
    char digest[] = "SHA256"; /* not const: so OSSL_PARAM has it */
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;

    EVP_MAC_free(mac); /* the context holds its own reference */
    if (context && EVP_MAC_CTX_set_params(context, parameters) != 1) {
        EVP_MAC_CTX_free(context);
        return NULL;
    }
    return context;
}

enum err digester_create(struct digester **ret)
{
    struct digester *d = calloc(1, sizeof *d);

    if (!d) {
        return ERR_MEMORY;
    }
    d->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    d->plain = EVP_MD_CTX_new();
    d->keyed = hmac_sha256();
    if (!d->sha256 || !d->plain || !d->keyed) {
        digester_destroy(d);
        return ERR_CRYPTO;
    }
    *ret = d;
    return ERR_OK;
}

void digester_destroy(struct digester *d)
{
    if (d) {
        EVP_MAC_CTX_free(d->keyed);
        EVP_MD_CTX_free(d->plain);
        EVP_MD_free(d->sha256);
        key32_wipe(&d->key);
        free(d);
    }
}

void digester_destroy_at(struct digester **d)
{
    digester_destroy(*d);
}

/* No text has no pointer, and OpenSSL is promised one. */
static const unsigned char *bytes_of(struct str text)
{
    return (const unsigned char *)(text.ptr ? text.ptr : "");
}

enum err digest_sha256(struct digester *d, struct str data, struct key32 *ret)
{
    struct key32 digest;

    if (EVP_DigestInit_ex2(d->plain, d->sha256, NULL) != 1 ||
        EVP_DigestUpdate(d->plain, bytes_of(data), data.len) != 1 ||
        EVP_DigestFinal_ex(d->plain, digest.bytes, NULL) != 1) {
        return ERR_CRYPTO;
    }
    *ret = digest;
    return ERR_OK;
}

/* Starts a keyed digest. Under the key of last time, OpenSSL begins from the state it kept. */
static enum err keyed_begin(struct digester *d, const struct key32 *key)
{
    bool same = d->has_key && key32_eq(&d->key, key);

    d->has_key = false; /* until we know that it worked */
    if (EVP_MAC_init(d->keyed, same ? NULL : key->bytes, same ? 0 : sizeof key->bytes, NULL) != 1) {
        return ERR_CRYPTO;
    }
    d->key = *key;
    d->has_key = true;
    return ERR_OK;
}

static enum err keyed_add(struct digester *d, struct str data)
{
    return EVP_MAC_update(d->keyed, bytes_of(data), data.len) == 1 ? ERR_OK : ERR_CRYPTO;
}

static enum err keyed_end(struct digester *d, struct key32 *ret)
{
    CLEANUP(key32_wipe) struct key32 digest = {0};
    size_t size = 0;

    if (EVP_MAC_final(d->keyed, digest.bytes, &size, sizeof digest.bytes) != 1 ||
        size != sizeof digest.bytes) {
        return ERR_CRYPTO;
    }
    *ret = digest;
    return ERR_OK;
}

enum err digest_keyed(struct digester *d, const struct key32 *key, struct str data,
                      struct key32 *ret)
{
    TRY(keyed_begin(d, key));
    TRY(keyed_add(d, data));
    return keyed_end(d, ret);
}

/* HKDF-Expand (RFC 5869, 2.3) for one block, which is exactly one key. The extracting step is left
 * out: a master key is random already (3.3). */
enum err key_derive(struct digester *d, const struct key32 *master, struct str purpose,
                    struct key32 *ret)
{
    TRY(keyed_begin(d, master));
    TRY(keyed_add(d, purpose));
    TRY(keyed_add(d, STR("\x01")));
    return keyed_end(d, ret);
}

/* A sealed text: one byte that says how it is sealed, the nonce, the cipher text, the tag. */
enum {
    SEAL_VERSION = 1,
    NONCE = 12,
    TAG = 16,
    SEAL_HEAD = 1 + NONCE,
    SEAL_MOST = 1 << 30 /* OpenSSL counts in int */
};

static void cipher_free_at(EVP_CIPHER_CTX **context)
{
    EVP_CIPHER_CTX_free(*context);
}

/* The version byte is bound as well, so that no later form of sealing can be passed off as this. */
static bool bind_to(EVP_CIPHER_CTX *cipher, const char *head, struct str context)
{
    int done;

    return EVP_CipherUpdate(cipher, NULL, &done, (const unsigned char *)head, 1) == 1 &&
           EVP_CipherUpdate(cipher, NULL, &done, bytes_of(context), (int)context.len) == 1;
}

static bool seal(const struct key32 *key, struct str context, struct str clear, char *sealed)
{
    CLEANUP(cipher_free_at) EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    unsigned char *head = (unsigned char *)sealed, *body = head + SEAL_HEAD;
    int done, rest;

    return cipher &&
           EVP_EncryptInit_ex2(cipher, EVP_aes_256_gcm(), key->bytes, head + 1, NULL) == 1 &&
           bind_to(cipher, sealed, context) &&
           EVP_EncryptUpdate(cipher, body, &done, bytes_of(clear), (int)clear.len) == 1 &&
           EVP_EncryptFinal_ex(cipher, body + done, &rest) == 1 &&
           (size_t)done + (size_t)rest == clear.len &&
           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG, body + clear.len) == 1;
}

enum err seal_close(struct arena *arena, const struct key32 *key, struct str context,
                    struct str clear, struct str *ret_sealed)
{
    if (clear.len > SEAL_MOST || context.len > SEAL_MOST) {
        return ERR_CRYPTO;
    }
    size_t size = SEAL_HEAD + clear.len + TAG;
    char *sealed = arena_alloc(arena, size);
    if (!sealed) {
        return ERR_MEMORY;
    }
    sealed[0] = SEAL_VERSION;
    TRY(random_fill(sealed + 1, NONCE));
    if (!seal(key, context, clear, sealed)) {
        return ERR_CRYPTO;
    }
    *ret_sealed = (struct str){sealed, size};
    return ERR_OK;
}

static bool unseal(const struct key32 *key, struct str context, struct str sealed, char *clear)
{
    CLEANUP(cipher_free_at) EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    const unsigned char *head = bytes_of(sealed);
    size_t size = sealed.len - SEAL_HEAD - TAG;
    unsigned char tag[TAG];
    int done, rest;

    memcpy(tag, head + SEAL_HEAD + size, TAG); /* OpenSSL takes it as not const */
    return cipher &&
           EVP_DecryptInit_ex2(cipher, EVP_aes_256_gcm(), key->bytes, head + 1, NULL) == 1 &&
           bind_to(cipher, sealed.ptr, context) &&
           EVP_DecryptUpdate(cipher, (unsigned char *)clear, &done, head + SEAL_HEAD, (int)size) ==
               1 &&
           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1 &&
           EVP_DecryptFinal_ex(cipher, (unsigned char *)clear + done, &rest) == 1;
}

enum err seal_open(struct arena *arena, const struct key32 *key, struct str context,
                   struct str sealed, struct str *ret_clear)
{
    if (sealed.len < SEAL_HEAD + TAG || sealed.len - SEAL_HEAD - TAG > SEAL_MOST ||
        context.len > SEAL_MOST || sealed.ptr[0] != SEAL_VERSION) {
        return ERR_CRYPTO;
    }
    size_t size = sealed.len - SEAL_HEAD - TAG;
    char *clear = arena_alloc(arena, size + 1); /* a NUL behind it, as arena_copy has it */
    if (!clear) {
        return ERR_MEMORY;
    }
    if (!unseal(key, context, sealed, clear)) {
        explicit_bzero(clear, size); /* GCM deciphers before it knows: nobody may see that */
        return ERR_CRYPTO;
    }
    *ret_clear = (struct str){clear, size};
    return ERR_OK;
}

const char *digest_library(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}
