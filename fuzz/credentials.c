/* Tokens, service keys, cookies and states, shown to a service that has issued some: of all bytes
 * none counts but what was issued, and that with not one byte changed. The first byte says what it
 * is; the second and third where the rest is put into a good one. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/hex.h"
#include "base/rcu.h"
#include "crypto/claims.h"
#include "domain/desk.h"
#include "domain/device.h"
#include "domain/federation_state.h"
#include "domain/fixture.h"
#include "domain/keychain.h"
#include "domain/service_key.h"
#include "domain/token.h"
#include "fuzz/harness.h"

#include <string.h>

enum what {
    ACCESS_TOKEN,
    SERVICE_KEY,
    DEVICE,
    STATE,
    KINDS
};

static const struct state_bounds bounds = {
    .provider = PROVIDER_GOOGLE,
    .redirect_uri = {"https://app.example/back",                                         24          },
    .browser = {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", BROWSER_TEXT},
};

static struct served {
    struct fixture *f;
    struct device_bond bond;
    struct str good[KINDS];
} served;

static void forget(void)
{
    void *fixture = served.f;

    (void)fixture_tear_down(&fixture);
}

static enum err make_key(struct ctx *ctx, void *with)
{
    static const struct str names[] = {
        {"users:read", 10}
    };
    const struct new_service_key in = {
        .name = STR("key"), .permissions = {names, 1}
    };
    struct service_key key;
    struct secret *text = with;

    return service_key_make(ctx, &in, &key, text);
}

static void learn(void)
{
    struct secret key = {0};
    struct state state;
    void *fixture = NULL; /* of cmocka's state: SQLite */

    PROMISE(fixture_set_up(&fixture) == 0);
    served.f = fixture;
    (void)atexit(forget);
    served.bond = (struct device_bond){fixture_user(served.f, "ada").id, served.f->now};
    served.good[ACCESS_TOKEN] = fixture_login(served.f, "ada").token.text;
    PROMISE(fixture_run(served.f, &actor_operator, TX_WRITE, make_key, &key) == ERR_OK);
    served.good[SERVICE_KEY] = key.hidden;
    struct ctx *ctx = fixture_ctx(served.f);
    PROMISE(device_make(ctx, served.bond, &served.good[DEVICE]) == ERR_OK);
    PROMISE(state_make(ctx, &state) == ERR_OK);
    PROMISE(state_print(ctx, &state, &bounds, &served.good[STATE]) == ERR_OK);
}

static bool shows_token(struct ctx *ctx, struct str text)
{
    struct claims claims;
    struct actor actor;

    enum err accepted = token_accept(ctx, text);
    enum err looked = token_look(ctx, text, &actor);
    enum err read = token_read(ctx, text, /* grace= */ 60, &claims);
    PROMISE(accepted == looked && accepted == read);
    PROMISE(accepted == ERR_OK || accepted == ERR_TOKEN_INVALID);
    PROMISE((ctx->actor.kind == ACTOR_USER) == (accepted == ERR_OK));
    return accepted == ERR_OK;
}

static bool shows_key(struct ctx *ctx, struct str text)
{
    struct actor actor;
    enum err e = keychain_accept(ctx, text, &actor);

    PROMISE(e == ERR_OK || e == ERR_TOKEN_INVALID);
    return e == ERR_OK;
}

static bool shows_state(struct ctx *ctx, struct str text)
{
    uint8_t bytes[BROWSER_TEXT / 2];
    struct str browser;
    struct state state;
    enum err e = state_read(ctx, text, &bounds, &state);

    PROMISE(e == ERR_OK || e == ERR_FIELD_VALUE);
    PROMISE(state_browser(ctx, text, &browser) == ERR_OK);
    PROMISE(hex_parse_ours(browser, bytes, sizeof bytes) == ERR_OK);
    bool ours = hex_parse_ours(text, bytes, sizeof bytes) == ERR_OK;
    PROMISE(str_eq(browser, text) == ours);
    return e == ERR_OK;
}

static bool counts(struct ctx *ctx, enum what what, struct str text)
{
    switch (what) {
    case ACCESS_TOKEN:
        return shows_token(ctx, text);
    case SERVICE_KEY:
        return shows_key(ctx, text);
    case DEVICE:
        return device_is_known(ctx, served.bond, text);
    case STATE:
        return shows_state(ctx, text);
    case KINDS:
        break;
    }
    return false;
}

/* In memory of exactly its size, and read as an I/O thread does. */
static void show(struct arena *arena, enum what what, struct str text)
{
    char *copy = malloc(text.len > 0 ? text.len : 1);

    PROMISE(copy);
    memcpy(copy, text.ptr ? text.ptr : "", text.len);
    rcu_enter(served.f->memory->reader);
    struct ctx ctx = service_ctx(&served.f->service, served.f->memory, arena);
    ctx.now = served.f->now;
    ctx.face = STR(EDGE);
    bool good = counts(&ctx, what, (struct str){copy, text.len});
    rcu_leave(served.f->memory->reader);
    PROMISE(good == str_eq(text, served.good[what]));
    free(copy);
}

/* A good one, with these bytes in place of as many of its own, from there on. */
static struct str spliced(struct arena *arena, struct str good, size_t at, struct str bytes)
{
    struct buf out = buf_in_arena(arena, good.len + bytes.len);
    struct str text;

    at %= good.len;
    buf_put(&out, str_sub(good, 0, at));
    buf_put(&out, bytes);
    buf_put(&out, str_skip(good, at + bytes.len));
    PROMISE(buf_end(&out, &text) == ERR_OK);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 24);
    struct str text = str_skip((struct str){(const char *)data, size}, 3);

    if (!served.f) {
        learn();
    }
    if (size < 3) {
        return 0;
    }
    enum what what = (enum what)(data[0] % KINDS);
    show(arena, what, text);
    show(arena, what, spliced(arena, served.good[what], (size_t)data[1] << 8 | data[2], text));
    for (enum what other = 0; other < KINDS; other++) {
        show(arena, what, served.good[other]);
    }
    return 0;
}
