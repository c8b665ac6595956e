/* A device cookie is 16 random bytes and a keyed digest that binds them to one account, in
 * lower-case digits: it has one spelling, as failures are counted by it. */
#include "domain/device.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hex.h"
#include "base/random.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/service.h"

enum {
    RANDOM = 16,
    TEXT = 2 * RANDOM + 64
};

static enum err bind_to(struct ctx *ctx, struct id user, const uint8_t random[RANDOM],
                        struct key32 *ret)
{
    char bound[RANDOM + sizeof user.bytes];
    struct buf text = buf_over(bound, sizeof bound);

    buf_put(&text, (struct str){(const char *)random, RANDOM});
    buf_put(&text, (struct str){(const char *)user.bytes, sizeof user.bytes});
    return digest_keyed(ctx->desk->digester, &ctx->service->devices, buf_str(&text), ret);
}

static enum err cookie_of(struct ctx *ctx, struct id user, const uint8_t random[RANDOM],
                          struct str *ret)
{
    struct buf text = buf_in_arena(ctx->arena, TEXT);
    struct key32 digest;

    TRY(bind_to(ctx, user, random, &digest));
    buf_put_hex(&text, random, RANDOM);
    buf_put_hex(&text, digest.bytes, sizeof digest.bytes);
    return buf_end(&text, ret);
}

enum err device_make(struct ctx *ctx, struct id user, struct str *ret)
{
    uint8_t random[RANDOM];

    TRY(random_fill(random, sizeof random));
    return cookie_of(ctx, user, random, ret);
}

bool device_is_known(struct ctx *ctx, struct id user, struct str cookie)
{
    uint8_t random[RANDOM];
    struct str ours;

    return cookie.len == TEXT &&
           hex_parse(str_sub(cookie, 0, 2 * RANDOM), random, sizeof random) == ERR_OK &&
           cookie_of(ctx, user, random, &ours) == ERR_OK && secret_eq(cookie, ours);
}
