/* What an operator may choose about logins, tokens and passwords. */
#pragma once

#include "base/secret.h"
#include "base/setting.h"
#include "base/str.h"

#include <stdint.h>

struct domain_settings {
    /* [token] */
    struct str issuer;
    int64_t token_cache; /* verified tokens that each I/O thread remembers */
    /* [session] */
    int64_t session_seconds; /* absolute */
    int64_t renewal_seconds; /* how long after it has expired an access token can be renewed */
    /* [refresh] */
    int64_t refresh_seconds, refresh_admin_seconds; /* absolute */
    int64_t refresh_idle;                           /* unused */
    int64_t refresh_repeat;                         /* the same successor again */
    /* [key] */
    int64_t key_rotation, key_announcement; /* seconds */
    /* [password] */
    int64_t hash_memory_kib, hash_passes;
    bool refuse_common;
    /* [events] */
    int64_t events_keep; /* seconds; 0 is for ever */
    /* [login] */
    bool require_verified;
    int64_t free_failures;                /* before an account's logins are delayed */
    int64_t most_delay;                   /* seconds */
    int64_t most_failures;                /* in a row; then only recovery helps */
    int64_t network_minute, network_hour; /* failures of one network; 0 is no limit */
    int64_t network_total;                /* logins of one network a minute, right ones too */
    /* [register], [links]; 0 is no limit */
    int64_t register_hour;       /* accounts from one network */
    int64_t letters_per_address; /* that were asked for, in so many seconds */
    int64_t letters_period;
    int64_t letters_hour;    /* asked for from one network */
    int64_t links_minute;    /* that were none, from one network */
    struct str magic_return; /* the application's page that logs in by a token; no text: none */
    /* [verification] */
    struct str public_mail_domains; /* where anybody has mail */
};
extern const struct setting_table domain_settings_table;

/* What each face may choose, under [face.NAME]. */
struct face_settings {
    bool enabled;
    bool open;             /* who shows no token holds what ADMIN holds: for a closed network */
    bool identity_headers; /* its tokens carry the address, and forward-auth tells who it is */
    bool token_roles;      /* its tokens carry the names of the roles */
    bool token_member;     /* its tokens carry who it is as a gym sees them */
    int64_t token_seconds;
    struct str token_algorithm; /* ES256, or HS256 for consumers that know only that */
    struct secret token_secret; /* the shared secret of HS256 */
};

/* The rows of what every face chooses about its tokens; `object` begins with its face_settings,
 * named `face`. */
/* clang-format off */
#define FACE_TOKEN_SETTINGS(section, object, life)                                                 \
    {(section), "token_life", SETTING_SECONDS, offsetof(object, face.token_seconds), (life), 1, 30 * 86400, .help = \
     "How long a token of this face lives"},                                                       \
    {(section), "token_algorithm", SETTING_CHOICE, offsetof(object, face.token_algorithm), "ES256", .choices = "ES256 HS256", .help = \
     "HS256 for consumers that know only that; needs token_secret"},                               \
    {(section), "token_secret", SETTING_SECRET, offsetof(object, face.token_secret), "", 32, .help = \
     "The shared secret of HS256, at least 32 bytes"}
/* clang-format on */
