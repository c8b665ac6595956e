/* The service: what all threads share. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "domain/settings.h"

struct gallery;
struct keychain;
struct keyring;
struct limits;
struct nursery;
struct outbox;
struct providers;
struct rcu;
struct standing;
struct store;

enum {
    SERVICE_FACES = 8,
    SERVICE_FEED = 512,
    SERVICE_LINE = 16
};

struct face_entry {
    struct str name;
    const struct face_settings *settings;
    bool refreshes; /* its logins have a refresh token beside the access token */
};

/* Shared by all threads; each part guards itself. */
struct service {
    /* Replaced at a reload: once the service answers, for who has entered `rcu` alone. */
    const struct domain_settings *_Atomic settings;
    struct face_entry faces[SERVICE_FACES]; /* up to the first without a name */
    struct store *store;
    struct standing *standing;
    struct keyring *keyring;   /* that we sign with */
    struct keychain *keychain; /* that others show */
    struct gallery *gallery;   /* of a server; NULL at the command line */
    struct nursery *nursery;   /* likewise, and of pictures alone */
    struct limits *limits;
    struct outbox *outbox;
    struct providers *providers;
    struct rcu *rcu;
    struct key32 master; /* what follows is derived from it */
    struct key32 attempts, devices, letters, refreshes;
    char feed[SERVICE_FEED]; /* up to where events have been taken over; the feed's alone */
    char line[SERVICE_LINE]; /* of the store's history, to which that place belongs */
    struct moment throttle_from, asked_from;   /* of the round under way; housekeeping's alone */
    _Atomic int64_t store_bytes, store_unused; /* as housekeeping last saw them */
};

/* How a face issues its tokens, and whether with refresh tokens; and the longest that any face lets
 * one live. */
const struct face_settings *service_face(const struct service *service, struct str face);
bool service_refreshes(const struct service *service, struct str face);
int64_t service_longest_token(const struct service *service);

/* A context for work that no request asked for. */
struct ctx service_ctx(struct service *service, struct desk *desk, struct arena *arena);
