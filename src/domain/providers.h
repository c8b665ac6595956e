/* The services that vouch for people, by OpenID Connect: which are set up, and what is known of
 * each: where it is asked, and its keys.
 *
 * That is fetched when it is first needed, kept for an hour, and fetched again when a token names a
 * key that is not among them, which may be asked for only now and then. One thread fetches, the
 * others wait for it; a provider that failed to answer is left alone for a while, and what was
 * known of it goes on counting meanwhile. */
#pragma once

#include "base/secret.h"
#include "base/setting.h"
#include "crypto/openid.h"
#include "domain/ctx.h"
#include "model/identity.h"

struct providers;

struct provider_settings {
    struct str issuer, client_id;
    struct secret client_secret;
    bool require_state;
};
struct federation_settings {
    struct str redirect_uris; /* words */
    struct provider_settings of[PROVIDERS];
};
extern const struct setting_table federation_settings_table;

/* What no single row can know. ERR_CONFIG. */
enum err federation_settings_agree(const struct federation_settings *settings,
                                   struct reason *reason);

/* `settings` outlive it. */
enum err providers_create(const struct federation_settings *settings, struct providers **ret);
void providers_destroy(struct providers *providers); /* NULL is fine */

/* Whether any is set up: then there are threads that ask. */
bool federation_is_used(const struct federation_settings *settings);

/* ERR_MISSING for a provider that is not set up. */
enum err provider_settings_of(struct ctx *ctx, enum provider provider,
                              const struct provider_settings **ret);
bool providers_may_return_to(const struct providers *providers, struct str redirect_uri);

/* What is known of a provider: shared, and never changed. */
struct known {
    struct openid_metadata metadata;
    const struct openid_keys *keys;
    bool loopback;
};

/* To be given back. With `lacking`, what was known was not enough, and something newer is asked
 * for: ERR_MISSING when it is too early for that. ERR_PROVIDER when it does not answer, or not as
 * it should. Without a unit, by a thread that may ask. */
enum err provider_know(struct ctx *ctx, enum provider provider, const struct known *lacking,
                       const struct known **ret);
struct outbound_answer;
struct outbound_request;

/* Asks it something else. ERR_PROVIDER when it does not answer; at once when it did not a moment
 * ago, so that one which hangs does not take all threads from the others. */
enum err provider_ask(struct ctx *ctx, enum provider provider,
                      const struct outbound_request *request, struct outbound_answer *ret);

void known_release(const struct known *known); /* NULL is fine */
void known_release_at(const struct known **known);

/* What http calls an address of this machine: "127.0.0.1", "localhost", "[::1]". Plain http is for
 * these alone. */
bool url_is_loopback(struct str url);
bool url_is_https(struct str url);
