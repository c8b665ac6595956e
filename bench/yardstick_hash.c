/* What logins are measured against: bare libsodium checking one password, as many threads as asked.
 *   yardstick-hash THREADS SECONDS MEMORY_KIB PASSES */
#include "base/moment.h"
#include "base/number.h"

#include <sodium/core.h>
#include <sodium/crypto_pwhash.h>
#include <sodium/version.h>

#include <pthread.h>

enum {
    THREADS_MOST = 64
};

struct share {
    const char *hash;
    int64_t until;
    int64_t count;
    bool wrong;
};

static const char password[] = "a password of usual length";

static void *check_until_the_end(void *argument)
{
    struct share *share = argument;

    while (monotonic_ns() < share->until) {
        if (crypto_pwhash_str_verify(share->hash, password, sizeof password - 1) != 0) {
            share->wrong = true;
            return NULL;
        }
        share->count++;
    }
    return NULL;
}

static int measure(const int64_t asked[4])
{
    char hash[crypto_pwhash_STRBYTES];
    struct share shares[THREADS_MOST] = {0};
    pthread_t threads[THREADS_MOST];
    int64_t total = 0;

    if (sodium_init() < 0 ||
        crypto_pwhash_str(hash, password, sizeof password - 1, (unsigned long long)asked[3],
                          (size_t)asked[2] * 1024) != 0) {
        return 1;
    }
    int64_t begun = monotonic_ns();
    for (int64_t i = 0; i < asked[0]; i++) {
        shares[i] = (struct share){.hash = hash, .until = begun + asked[1] * 1000000000};
        if (pthread_create(&threads[i], NULL, check_until_the_end, &shares[i]) != 0) {
            return 1;
        }
    }
    for (int64_t i = 0; i < asked[0]; i++) {
        (void)pthread_join(threads[i], NULL);
        total += shares[i].count;
        if (shares[i].wrong) {
            return 1;
        }
    }
    double seconds = (double)(monotonic_ns() - begun) / 1e9;
    printf(
        "{\"threads\": %lld, \"memory_kib\": %lld, \"passes\": %lld, \"hashes\": %lld, "
        "\"seconds\": %.6f, \"rate\": %.3f, \"version\": \"libsodium %s\"}\n",
        (long long)asked[0], (long long)asked[2], (long long)asked[3], (long long)total, seconds,
        (double)total / seconds, sodium_version_string());
    return 0;
}

int main(int count, char **arguments)
{
    static const int64_t most[4] = {THREADS_MOST, 600, 262144, 10};
    int64_t asked[4];

    for (int i = 0; i < 4; i++) {
        if (count != 5 || number_parse(str_of(arguments[i + 1]), 1, most[i], &asked[i]) != ERR_OK) {
            (void)fputs("usage: yardstick-hash THREADS SECONDS MEMORY_KIB PASSES\n", stderr);
            return 2;
        }
    }
    return measure(asked);
}
