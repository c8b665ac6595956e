/* A device cookie is 16 random bytes and a keyed digest that binds them to one account and its
 * password, in lower-case digits: it has one spelling, as failures are counted by it. */
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
    TEXT = 2 * RANDOM + 64,
    DIGITS = 20 /* of a time */
};

static enum err bind_to(struct ctx *ctx, struct device_bond bond, const uint8_t random[RANDOM],
                        struct key32 *ret)
{
    char bound[RANDOM + sizeof bond.user.bytes + DIGITS];
    struct buf text = buf_over(bound, sizeof bound);

    buf_put(&text, (struct str){(const char *)random, RANDOM});
    buf_put(&text, (struct str){(const char *)bond.user.bytes, sizeof bond.user.bytes});
    buf_put_int(&text, bond.password_set.ms);
    return digest_keyed(ctx->desk->digester, &ctx->service->devices, buf_str(&text), ret);
}

static enum err cookie_of(struct ctx *ctx, struct device_bond bond, const uint8_t random[RANDOM],
                          struct str *ret)
{
    struct buf text = buf_in_arena(ctx->arena, TEXT);
    struct key32 digest;

    TRY(bind_to(ctx, bond, random, &digest));
    buf_put_hex(&text, random, RANDOM);
    buf_put_hex(&text, digest.bytes, sizeof digest.bytes);
    return buf_end(&text, ret);
}

enum err device_make(struct ctx *ctx, struct device_bond bond, struct str *ret)
{
    uint8_t random[RANDOM];

    TRY(random_fill(random, sizeof random));
    return cookie_of(ctx, bond, random, ret);
}

bool device_is_known(struct ctx *ctx, struct device_bond bond, struct str cookie)
{
    uint8_t random[RANDOM];
    struct str ours;

    return cookie.len == TEXT &&
           hex_parse_ours(str_sub(cookie, 0, 2 * RANDOM), random, sizeof random) == ERR_OK &&
           cookie_of(ctx, bond, random, &ours) == ERR_OK && secret_eq(cookie, ours);
}
