/* Coming in by another service that vouches for it (OpenID Connect Core 1.0).
 *
 * A browser that begins here gets a cookie and is sent off with a state: random bytes, the time,
 * and a keyed digest that binds both to the provider, to where it is sent back, and to that cookie.
 * The nonce and the PKCE verifier are digests of the same random bytes under a key of ours. So
 * beginning writes nothing, whoever begins and however often, and any node can go on; that a state
 * was used is written down when it is, and so is each id_token that was taken. */
#pragma once

#include "domain/ctx.h"
#include "domain/login.h"
#include "model/identity.h"

enum {
    FEDERATION_LIFE = 600 /* seconds from the beginning to the end */
};

struct federation_start {
    enum provider provider;
    struct str redirect_uri;
    struct str browser; /* the cookie that was shown, if one was */
};
struct federation_way {
    struct str url;     /* where the browser goes */
    struct str browser; /* the cookie that it takes with it */
};

/* ERR_FIELD_VALUE for a redirect_uri that the settings do not list; ERR_MISSING, ERR_PROVIDER as
 * provider_know. Without a unit, by a thread that may ask. */
enum err federation_begin(struct ctx *ctx, const struct federation_start *in,
                          struct federation_way *ret);

/* What came back: an id_token, or a code and where it was sent to. */
struct federation_answer {
    enum provider provider;
    struct secret id_token, code;
    struct str redirect_uri;
    struct str state;   /* no text: it was not begun here */
    struct str browser; /* the cookie */
};

/* Whom the provider vouches for, and what may be used but once for that; or why it is not believed.
 */
struct vouched {
    enum err refused; /* ERR_OK: nothing speaks against it */
    struct reason why;
    struct identity identity; /* its user, id and times are not known yet */
    struct str email, first_name, last_name;
    bool email_verified; /* by one whose word counts */
    struct spent {
        struct key32 digest;
        struct moment expires;
    } spent[2]; /* up to the first that does not expire */
};

/* Judges it. What is wrong with the answer is in *ret, so that it is written down like any other
 * login that failed (federation_enter); ERR_PROVIDER, ERR_MISSING as provider_know. Without a unit,
 * by a thread that may ask. */
enum err federation_judge(struct ctx *ctx, const struct federation_answer *in, struct vouched *ret);

/* Lets in whom it leads to: the account it is linked with; the one that has the same address, where
 * both the provider and we have seen that it is theirs; else a new one. In a unit that writes.
 * ERR_TOKEN_INVALID, ERR_FIELD_… for what was refused; ERR_EMAIL_TAKEN when the address is an
 * account's and that was not seen; ERR_ACCOUNT_STATE. */
enum err federation_enter(struct ctx *ctx, const struct vouched *vouched, struct logged_in *ret);

/* Links it with the actor's own account. ERR_TAKEN when it leads into another's. In a unit that
 * writes. */
enum err federation_link(struct ctx *ctx, const struct vouched *vouched, struct identity *ret);
