/* Access tokens made of what they say, as a login has it: encoded, signed with ES256, encoded
 * again, one thread. signing SECONDS */
#include "base/arena.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/number.h"
#include "crypto/claims.h"
#include "crypto/jose.h"

#include <stdio.h>

enum {
    KEEP = 65536,
    ARENA_MOST = 1 << 20
};

static enum err sign(struct arena *arena, const struct jose_key *key, struct str *ret_token)
{
    struct id id;
    struct moment now = moment_now();

    TRY(id_make(now, &id));
    struct claims claims = {
        .issuer = STR("signet"),
        .username = STR("user-of-usual-length"),
        .face = STR("gateway"),
        .subject = id,
        .session = id,
        .issued = moment_seconds(now),
        .expires = moment_seconds(now) + 900,
    };

    return claims_sign(arena, key, &claims, ret_token);
}

static enum err measure(struct arena *arena, const struct jose_key *key, int64_t seconds)
{
    struct str token = {0};
    struct claims claims = {0};
    int64_t signatures = 0, begun = monotonic_ns(), until = begun + seconds * 1000000000;

    while (monotonic_ns() < until) {
        arena_reset(arena);
        TRY(sign(arena, key, &token));
        signatures++;
    }
    double elapsed = (double)(monotonic_ns() - begun) / 1e9;
    TRY(claims_verify(arena, key, token, &claims)); /* they are tokens */
    printf("{\"signatures\": %lld, \"seconds\": %.6f, \"rate\": %.2f, \"bytes\": %zu}\n",
           (long long)signatures, elapsed, (double)signatures / elapsed, token.len);
    return ERR_OK;
}

int main(int count, char **arguments)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, ARENA_MOST);
    struct jose_key *key = NULL;
    int64_t seconds;

    if (count != 2 || number_parse(str_of(arguments[1]), 1, 600, &seconds) != ERR_OK) {
        (void)fputs("usage: signing SECONDS\n", stderr);
        return 2;
    }
    jose_start();
    enum err err = arena ? jose_key_make(&key) : ERR_MEMORY;
    err = err == ERR_OK ? measure(arena, key, seconds) : err;
    jose_key_destroy(key);
    if (err != ERR_OK) {
        (void)fprintf(stderr, "signing: %s\n", err_name(err));
    }
    return err == ERR_OK ? 0 : 1;
}
