/* What happened, told once: the audit log, the outbox and the feed between nodes are these rows. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

#include <stdint.h>

/* X(constant, verb as stored, whether it changes what every process keeps in memory). A released
 * verb never changes its meaning. */
#define EVENT_TABLE(X)                                                                             \
    X(EVENT_LOGIN, "login", false)                                                                 \
    X(EVENT_LOGIN_FAILED, "login.failed", false)                                                   \
    X(EVENT_LOGIN_DELAYED, "login.delayed", false)                                                 \
    X(EVENT_REFUSED, "refused", false)                                                             \
    X(EVENT_USER_CREATED, "user.created", false)                                                   \
    X(EVENT_USER_STOPPED, "user.stopped", true)                                                    \
    X(EVENT_USER_RESUMED, "user.resumed", true)                                                    \
    X(EVENT_USER_UPDATED, "user.updated", false)                                                   \
    X(EVENT_USER_ACTIVATED, "user.activated", true)                                                \
    X(EVENT_USER_MOVED, "user.moved", true)                                                        \
    X(EVENT_USER_DELETED, "user.deleted", true)                                                    \
    X(EVENT_ROLE_GRANTED, "role.granted", true)                                                    \
    X(EVENT_ROLE_REVOKED, "role.revoked", true)                                                    \
    X(EVENT_ROLE_CREATED, "role.created", true)                                                    \
    X(EVENT_ROLE_CHANGED, "role.changed", true)                                                    \
    X(EVENT_ROLE_DELETED, "role.deleted", true)                                                    \
    X(EVENT_ORGANIZATION_CREATED, "organization.created", false)                                   \
    X(EVENT_ORGANIZATION_CHANGED, "organization.changed", false)                                   \
    X(EVENT_ORGANIZATION_SET_UP, "organization.set_up", false)                                     \
    X(EVENT_ORGANIZATION_SUSPENDED, "organization.suspended", true)                                \
    X(EVENT_ORGANIZATION_RESUMED, "organization.resumed", true)                                    \
    X(EVENT_ORGANIZATION_DELETED, "organization.deleted", false)                                   \
    X(EVENT_PERMISSION_CREATED, "permission.created", false)                                       \
    X(EVENT_PERMISSION_CHANGED, "permission.changed", false)                                       \
    X(EVENT_PERMISSION_DELETED, "permission.deleted", false)                                       \
    X(EVENT_USER_VERIFIED, "user.verified", false)                                                 \
    X(EVENT_PASSWORD_CHANGED, "password.changed", false)                                           \
    X(EVENT_PASSWORD_REFUSED, "password.refused", false)                                           \
    X(EVENT_SESSION_ENDED, "session.ended", true)                                                  \
    X(EVENT_SESSION_RENEWED, "session.renewed", false)                                             \
    X(EVENT_SESSION_REUSED, "session.reused", false)                                               \
    X(EVENT_KEY_CREATED, "key.created", true)                                                      \
    X(EVENT_SERVICE_KEY_CREATED, "service_key.created", true)                                      \
    X(EVENT_SERVICE_KEY_REVOKED, "service_key.revoked", true)                                      \
    X(EVENT_INSTALLATION_RESTORED, "installation.restored", true)                                  \
    X(EVENT_LINK_MADE, "link.made", false)                                                         \
    X(EVENT_LINK_USED, "link.used", false)                                                         \
    X(EVENT_IDENTITY_LINKED, "identity.linked", false)                                             \
    X(EVENT_IDENTITY_UNLINKED, "identity.unlinked", false)                                         \
    X(EVENT_MAIL_SENT, "mail.sent", false)                                                         \
    X(EVENT_MAIL_DEAD, "mail.dead", false)

enum event_verb {
#define X(constant, verb, in_memory) constant,
    EVENT_TABLE(X)
#undef X
    EVENT_VERBS
};

struct event {
    int64_t sequence;
    struct moment at;
    struct id actor; /* the user or service key; none for the service itself and for strangers */
    struct str verb;
    struct id subject; /* whom or what it was done to */
    struct str source; /* the address it came from, or "cli" */
    struct str face;
    struct str details; /* JSON or no text */
};

struct str event_verb_name(enum event_verb verb);
enum event_verb event_verb_of(struct str name); /* EVENT_VERBS for a verb of a newer version */

/* Whether standing or the keyring have to hear of it. */
bool event_is_kept_in_memory(enum event_verb verb);
