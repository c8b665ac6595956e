/* The claims of access tokens, as JSON. */
#include "crypto/claims.h"

#include "base/buf.h"
#include "crypto/jose.h"
#include "wire/json.h"

enum {
    CLAIMS_BYTES = 8192
};

/* clang-format off */
static const struct field fields[] = {
    FIELD(struct claims, issuer,     "iss",      REQUIRED),
    FIELD(struct claims, subject,    "sub",      REQUIRED),
    FIELD(struct claims, session,    "sid",      REQUIRED),
    FIELD(struct claims, issued,     "iat",      REQUIRED),
    FIELD(struct claims, expires,    "exp",      REQUIRED),
    FIELD(struct claims, not_before, "nbf",      OPTIONAL, PRESENCE(struct claims, has_not_before)),
    FIELD(struct claims, username,   "username", REQUIRED),
    FIELD(struct claims, email,      "email",    OPTIONAL),
    FIELD(struct claims, face,       "face",     REQUIRED),
    FIELD(struct claims, roles,      "roles",    OPTIONAL, PRESENCE(struct claims, has_roles)),
    FIELD(struct claims, user,       "userId",   OPTIONAL),
    FIELD(struct claims, role,       "role",     OPTIONAL),
    FIELD(struct claims, gym,        "gymId",    OPTIONAL),
};
/* clang-format on */
static const struct shape shape = SHAPE(fields, MOMENT_SECONDS);

enum err claims_sign(struct arena *arena, const struct jose_key *key, const struct claims *claims,
                     struct str *ret_token)
{
    struct buf json = buf_in_arena(arena, CLAIMS_BYTES);
    struct str text;

    json_write(&json, &shape, claims);
    TRY(buf_end(&json, &text));
    return jose_sign(arena, key, STR(CLAIMS_ACCESS), text, ret_token);
}

enum err claims_verify(struct arena *arena, const struct jose_key *key, struct str token,
                       struct claims *ret)
{
    struct claims claims = {0};
    struct reason reason = {0};
    struct str text;

    TRY(jose_verify(arena, key, token, &text));
    enum err e = json_read(arena, text, &shape, &claims, &reason);
    if (e != ERR_OK) {
        return e == ERR_MEMORY ? e : ERR_TOKEN_INVALID;
    }
    *ret = claims;
    return ERR_OK;
}
