/* Access tokens whose claims are any bytes that our own key signed: what is read has all it must
 * have, and signed again it says the same. Tokens that nobody signed are refused. */
#include "crypto/claims.h"

#include "base/arena.h"
#include "crypto/jose.h"
#include "fuzz/harness.h"

static struct jose_key *key;

static void key_destroy(void)
{
    jose_key_destroy(key);
}

static bool same_text(struct str a, struct str b)
{
    return str_is_set(a) == str_is_set(b) && str_eq(a, b);
}

static void assert_same(const struct claims *a, const struct claims *b)
{
    PROMISE(same_text(a->issuer, b->issuer) && same_text(a->username, b->username));
    PROMISE(same_text(a->email, b->email) && same_text(a->face, b->face));
    PROMISE(id_eq(a->subject, b->subject) && id_eq(a->session, b->session));
    PROMISE(a->issued == b->issued && a->expires == b->expires && id_eq(a->user, b->user));
    PROMISE(same_text(a->role, b->role) && same_text(a->gym, b->gym));
    PROMISE(a->has_roles == b->has_roles && a->roles.count == b->roles.count);
    for (size_t i = 0; i < a->roles.count; i++) {
        PROMISE(str_eq(a->roles.items[i], b->roles.items[i]));
    }
}

static void sign_and_read(struct arena *arena, struct str text)
{
    struct claims claims = {0}, again = {0};
    struct str token;

    PROMISE(jose_sign(arena, key, STR(CLAIMS_ACCESS), text, &token) == ERR_OK);
    enum err e = claims_verify(arena, key, token, &claims);
    PROMISE(e == ERR_OK || e == ERR_TOKEN_INVALID);
    if (e != ERR_OK) {
        return;
    }
    PROMISE(claims.issuer.len > 0 && claims.username.len > 0 && claims.face.len > 0);
    PROMISE(id_is_set(claims.subject) && id_is_set(claims.session));
    if (claims_sign(arena, key, &claims, &token) == ERR_OK) { /* else it is too long for one */
        PROMISE(claims_verify(arena, key, token, &again) == ERR_OK);
        assert_same(&claims, &again);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 24);
    struct str text = {(const char *)data, size};
    struct claims claims = {0};

    if (!key) {
        PROMISE(jose_key_from_secret(STR("0123456789abcdef0123456789abcdef"), &key) == ERR_OK);
        (void)atexit(key_destroy);
    }
    PROMISE(claims_verify(arena, key, text, &claims) == ERR_TOKEN_INVALID);
    if (size < 8192) {
        sign_and_read(arena, text);
    }
    return 0;
}
