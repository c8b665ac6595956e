/* What the signing of tokens is measured against: bare OpenSSL signing as many bytes with ES256,
 * one thread. yardstick-sign BYTES SECONDS */
#include "base/err.h"
#include "base/moment.h"
#include "base/number.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdio.h>

enum {
    BYTES_MOST = 4096,
    SIGNATURE_MOST = 128
};

static enum err sign(EVP_MD_CTX *context, EVP_PKEY *key, const unsigned char *bytes, size_t count)
{
    unsigned char signature[SIGNATURE_MOST];
    size_t length = sizeof signature;

    return EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                   EVP_DigestSign(context, signature, &length, bytes, count) == 1
               ? ERR_OK
               : ERR_CRYPTO;
}

static enum err measure(size_t count, int64_t seconds)
{
    static const unsigned char bytes[BYTES_MOST] = {'a'};
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    enum err err = key && context ? ERR_OK : ERR_CRYPTO;
    int64_t signatures = 0, begun = monotonic_ns(), until = begun + seconds * 1000000000;

    while (err == ERR_OK && monotonic_ns() < until) {
        err = sign(context, key, bytes, count);
        signatures++;
    }
    double elapsed = (double)(monotonic_ns() - begun) / 1e9;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    TRY(err);
    printf("{\"signatures\": %lld, \"seconds\": %.6f, \"rate\": %.2f, \"version\": \"%s\"}\n",
           (long long)signatures, elapsed, (double)signatures / elapsed,
           OpenSSL_version(OPENSSL_VERSION));
    return ERR_OK;
}

int main(int count, char **arguments)
{
    int64_t bytes, seconds;

    if (count != 3 || number_parse(str_of(arguments[1]), 1, BYTES_MOST, &bytes) != ERR_OK ||
        number_parse(str_of(arguments[2]), 1, 600, &seconds) != ERR_OK) {
        (void)fputs("usage: yardstick-sign BYTES SECONDS\n", stderr);
        return 2;
    }
    return measure((size_t)bytes, seconds) == ERR_OK ? 0 : 1;
}
