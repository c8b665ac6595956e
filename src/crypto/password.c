/* Argon2id hashes as PHC strings. The one file that knows libsodium. */
#include "crypto/password.h"

#include "base/number.h"
#include "base/random.h"

#include <sodium.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A hash comes from the store, and who can write there shall not take all our memory and time. */
enum {
    MEMORY_KIB_LEAST = 8,
    MEMORY_KIB_MOST = 256 * 1024,
    PASSES_MOST = 10,
    DIGEST_BYTES = 32 /* as libsodium's own texts have it */
};

_Static_assert(PASSWORD_SALT == crypto_pwhash_SALTBYTES, "libsodium reads as much");
_Static_assert(PASSWORD_HASH_TEXT == crypto_pwhash_STRBYTES, "a hash has the size libsodium reads");

enum err password_start(void)
{
    return sodium_init() < 0 ? ERR_CRYPTO : ERR_OK;
}

enum err password_cost_check(struct password_cost cost)
{
    bool fits = cost.memory_kib >= MEMORY_KIB_LEAST && cost.memory_kib <= MEMORY_KIB_MOST &&
                cost.passes >= 1 && cost.passes <= PASSES_MOST;

    return fits ? ERR_OK : ERR_CONFIG;
}

/* One parameter of a PHC string: its name, "=", a number. */
static enum err parameter(struct str *rest, struct str name, int64_t most, int64_t *ret)
{
    struct str word;

    (void)str_cut(*rest, ',', &word, rest);
    if (!str_starts(word, name)) {
        return ERR_CRYPTO;
    }
    return number_parse(str_skip(word, name.len), 1, most, ret) == ERR_OK ? ERR_OK : ERR_CRYPTO;
}

enum err password_cost_of(struct str hash, struct password_cost *ret)
{
    const struct str kind = STR("$argon2id$v=19$");
    struct password_cost cost;
    struct str parameters, rest;
    int64_t lanes;

    if (hash.len >= PASSWORD_HASH_TEXT || str_contains(hash, '\0') || !str_starts(hash, kind) ||
        !str_cut(str_skip(hash, kind.len), '$', &parameters, &rest)) {
        return ERR_CRYPTO;
    }
    TRY(parameter(&parameters, STR("m="), MEMORY_KIB_MOST, &cost.memory_kib));
    TRY(parameter(&parameters, STR("t="), PASSES_MOST, &cost.passes));
    TRY(parameter(&parameters, STR("p="), 1, &lanes)); /* more lanes libsodium has not */
    if (parameters.len > 0 || cost.memory_kib < MEMORY_KIB_LEAST) {
        return ERR_CRYPTO;
    }
    *ret = cost;
    return ERR_OK;
}

/* What libsodium left in errno says why it failed. */
static enum err failure(void)
{
    return errno == ENOMEM ? ERR_MEMORY : ERR_CRYPTO;
}

static void print_hash(struct password_cost cost, const unsigned char salt[PASSWORD_SALT],
                       const unsigned char digest[DIGEST_BYTES], struct password_hash *ret)
{
    char salt_text[2 * PASSWORD_SALT], digest_text[2 * DIGEST_BYTES];

    (void)sodium_bin2base64(salt_text, sizeof salt_text, salt, PASSWORD_SALT,
                            sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    (void)sodium_bin2base64(digest_text, sizeof digest_text, digest, DIGEST_BYTES,
                            sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    (void)snprintf(ret->text, sizeof ret->text,
                   "$argon2id$v=19$m=%" PRId64 ",t=%" PRId64 ",p=1$%s$%s", cost.memory_kib,
                   cost.passes, salt_text, digest_text);
}

/* The salt is ours: libsodium ends the process when the kernel gives it no random bytes. */
enum err password_make(struct password_cost cost, struct str password, struct password_hash *ret)
{
    unsigned char salt[PASSWORD_SALT], digest[DIGEST_BYTES];

    TRY(random_fill(salt, sizeof salt));
    errno = 0;
    if (crypto_pwhash(digest, sizeof digest, password.ptr ? password.ptr : "", password.len, salt,
                      (unsigned long long)cost.passes, (size_t)cost.memory_kib * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return failure();
    }
    print_hash(cost, salt, digest, ret);
    explicit_bzero(digest, sizeof digest);
    return ERR_OK;
}

enum err password_imitate(struct password_cost cost, struct password_hash *ret)
{
    unsigned char salt[PASSWORD_SALT], digest[DIGEST_BYTES];

    TRY(random_fill(salt, sizeof salt));
    TRY(random_fill(digest, sizeof digest));
    print_hash(cost, salt, digest, ret);
    return ERR_OK;
}

enum err password_verify(struct str hash, struct str password, bool *ret_right)
{
    struct password_cost cost;
    char text[PASSWORD_HASH_TEXT] = {0};

    TRY(password_cost_of(hash, &cost));
    memcpy(text, hash.ptr, hash.len);
    errno = 0;
    bool right =
        crypto_pwhash_str_verify(text, password.ptr ? password.ptr : "", password.len) == 0;
    /* It says EINVAL for another password, not for a salt or a hash that cannot be read, which is
     * no fault of who typed the password. For want of memory it says EINVAL too: hash_memory sees
     * that. */
    if (!right && errno != EINVAL) {
        return failure();
    }
    *ret_right = right;
    return ERR_OK;
}

enum err password_stretch(struct password_cost cost, struct str passphrase,
                          const char salt[PASSWORD_SALT], struct key32 *ret)
{
    errno = 0;
    if (crypto_pwhash(ret->bytes, sizeof ret->bytes, passphrase.ptr ? passphrase.ptr : "",
                      passphrase.len, (const unsigned char *)salt, (unsigned long long)cost.passes,
                      (size_t)cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return failure();
    }
    return ERR_OK;
}

const char *password_library(void)
{
    return sodium_version_string();
}
