/* States: random bytes, the time, and a keyed digest of both and of what they are bound to. */
#include "domain/federation_state.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hex.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/federation.h"
#include "domain/service.h"

#include <string.h>

enum {
    TIME = 8,
    DIGEST = 32,
    STATE_TEXT = 2 * (STATE_RANDOM + TIME + DIGEST),
    BOUND_MOST = 4096,
    BYTE = 8
};

static enum err digest_of(struct ctx *ctx, struct str text, struct key32 *ret)
{
    CLEANUP(key32_wipe) struct key32 key;

    TRY(key_derive(ctx->desk->digester, &ctx->service->master, STR("federation"), &key));
    return digest_keyed(ctx->desk->digester, &key, text, ret);
}

static void time_put(uint8_t out[TIME], struct moment at)
{
    for (int i = 0; i < TIME; i++) {
        out[i] = (uint8_t)((uint64_t)at.ms >> (BYTE * (TIME - 1 - i)));
    }
}

static struct moment time_of(const uint8_t in[TIME])
{
    uint64_t ms = 0;

    for (int i = 0; i < TIME; i++) {
        ms = ms << BYTE | in[i];
    }
    return (struct moment){(int64_t)ms};
}

/* No part of it can run into the next: all but the address have one length, and that comes last. */
static enum err seal_of(struct ctx *ctx, const struct state *state,
                        const struct state_bounds *bounds, struct key32 *ret)
{
    struct buf text = buf_in_arena(ctx->arena, BOUND_MOST);
    uint8_t time[TIME];
    struct str whole;

    time_put(time, state->begun);
    buf_print(&text, "state:%d:", (int)bounds->provider);
    buf_put_hex(&text, state->random, sizeof state->random);
    buf_put_hex(&text, time, sizeof time);
    buf_put(&text, bounds->browser);
    buf_put_char(&text, ':');
    buf_put(&text, bounds->redirect_uri);
    TRY(buf_end(&text, &whole));
    return digest_of(ctx, whole, ret);
}

enum err state_make(struct ctx *ctx, struct state *ret)
{
    struct state state = {.begun = ctx->now};

    TRY(random_fill(state.random, sizeof state.random));
    *ret = state;
    return ERR_OK;
}

enum err state_print(struct ctx *ctx, const struct state *state, const struct state_bounds *bounds,
                     struct str *ret)
{
    struct buf text = buf_in_arena(ctx->arena, STATE_TEXT);
    uint8_t time[TIME];
    struct key32 seal;

    TRY(seal_of(ctx, state, bounds, &seal));
    time_put(time, state->begun);
    buf_put_hex(&text, state->random, sizeof state->random);
    buf_put_hex(&text, time, sizeof time);
    buf_put_hex(&text, seal.bytes, sizeof seal.bytes);
    return buf_end(&text, ret);
}

static enum err refuse(struct ctx *ctx, const char *why)
{
    return ctx_fail(ctx, ERR_FIELD_VALUE, STR("state"), "%s", why);
}

enum err state_read(struct ctx *ctx, struct str text, const struct state_bounds *bounds,
                    struct state *ret)
{
    uint8_t bytes[STATE_TEXT / 2];
    struct key32 seal, shown;
    struct state state;

    if (text.len != STATE_TEXT || hex_parse_ours(text, bytes, sizeof bytes) != ERR_OK) {
        return refuse(ctx, "no state of ours");
    }
    if (bounds->browser.len != BROWSER_TEXT) {
        return refuse(ctx, "the browser shows no cookie");
    }
    memcpy(state.random, bytes, STATE_RANDOM);
    state.begun = time_of(bytes + STATE_RANDOM);
    memcpy(shown.bytes, bytes + STATE_RANDOM + TIME, DIGEST);
    TRY(seal_of(ctx, &state, bounds, &seal));
    if (!key32_eq(&seal, &shown)) {
        return refuse(ctx, "not ours, or of another browser, provider or address");
    }
    if (!moment_before(ctx->now, moment_plus(state.begun, FEDERATION_LIFE)) ||
        moment_before(moment_plus(ctx->now, FEDERATION_LIFE), state.begun)) {
        return refuse(ctx, "begun too long ago");
    }
    *ret = state;
    return ERR_OK;
}

static enum err derive(struct ctx *ctx, const char *what, const struct state *state,
                       struct str *ret)
{
    struct buf text = buf_in_arena(ctx->arena, 128), hex = buf_in_arena(ctx->arena, 2 * DIGEST);
    struct key32 digest;
    struct str whole;

    buf_print(&text, "%s:", what);
    buf_put_hex(&text, state->random, sizeof state->random);
    TRY(buf_end(&text, &whole));
    TRY(digest_of(ctx, whole, &digest));
    buf_put_hex(&hex, digest.bytes, sizeof digest.bytes);
    return buf_end(&hex, ret);
}

enum err state_nonce(struct ctx *ctx, const struct state *state, struct str *ret)
{
    return derive(ctx, "nonce", state, ret);
}

enum err state_verifier(struct ctx *ctx, const struct state *state, struct str *ret)
{
    return derive(ctx, "verifier", state, ret);
}

enum err state_browser(struct ctx *ctx, struct str shown, struct str *ret)
{
    uint8_t bytes[BROWSER_TEXT / 2];
    struct buf text = buf_in_arena(ctx->arena, BROWSER_TEXT);

    if (shown.len == BROWSER_TEXT && hex_parse_ours(shown, bytes, sizeof bytes) == ERR_OK) {
        *ret = shown;
        return ERR_OK;
    }
    TRY(random_fill(bytes, sizeof bytes));
    buf_put_hex(&text, bytes, sizeof bytes);
    return buf_end(&text, ret);
}
