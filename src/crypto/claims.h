/* What an access token says, signed. */
#pragma once

#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "wire/fields.h"

#include <stdint.h>

struct arena;
struct jose_key;

/* Every kind of token has its own `typ`, so that none is taken for another. */
#define CLAIMS_ACCESS "at+jwt" /* RFC 9068 */

struct claims {
    struct str issuer, username, email, face; /* email may have no text */
    struct id subject, session;
    int64_t issued, expires; /* seconds since 1970 */
    int64_t not_before;      /* likewise; ours have none, but who shares a secret may say one */
    enum presence has_not_before;
    struct text_list roles;
    enum presence has_roles; /* PRESENCE_VALUE: the token says them */
    struct id user;       /* the subject once more, for those who look for `userId`; may be none */
    struct str role, gym; /* likewise for them, and may have no text */
};

enum err claims_sign(struct arena *arena, const struct jose_key *key, const struct claims *claims,
                     struct str *ret_token);

/* ERR_TOKEN_INVALID when `key` did not sign this token or a claim is missing. Times and issuer are
 * the caller's to judge. */
enum err claims_verify(struct arena *arena, const struct jose_key *key, struct str token,
                       struct claims *ret);
