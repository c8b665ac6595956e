/* Who is asking. */
#pragma once

#include "base/id.h"
#include "base/str.h"
#include "model/permission.h"
#include "model/role.h"

enum actor_kind {
    ACTOR_NOBODY,  /* no credential was shown */
    ACTOR_OPEN,    /* likewise, at a face that was opened: holds what ADMIN holds */
    ACTOR_USER,    /* a valid token of a user who may come in */
    ACTOR_SERVICE, /* a service key: holds exactly its permissions, and is no user */
    ACTOR_OPERATOR /* the command line, on the machine itself: may do everything */
};

struct actor {
    enum actor_kind kind;
    struct id user, session;
    struct id service_key; /* the actor itself, or what spoke for the user (domain/vouch.h) */
    struct str username; /* or the address, where there is no username; the name of a service key */
    struct str email;    /* as it was when the token was issued */
    struct role_set roles;
    struct permission_set permissions; /* held everywhere */
    struct permission_set somewhere;   /* those, and what is held in some organization */
};

extern const struct actor actor_operator;

/* Whom logs and events name: the user or the service key; none for all others. */
struct id actor_id(const struct actor *actor);
