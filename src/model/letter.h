/* A letter to one person, as it waits to be sent: what it is about, not how it reads. */
#pragma once

#include "base/err.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/str.h"
#include "text/email.h"

#include <stdint.h>

struct arena;
struct buf;

/* X(constant, name as stored; its templates are called so too) */
#define LETTER_TABLE(X)                                                                            \
    X(LETTER_TEST, "test")                                                                         \
    X(LETTER_VERIFY_EMAIL, "verify-email")                                                         \
    X(LETTER_ACTIVATION, "activation")                                                             \
    X(LETTER_RESET_PASSWORD, "reset-password")                                                     \
    X(LETTER_MAGIC_LINK, "magic-link")                                                             \
    X(LETTER_PASSWORD_CHANGED, "password-changed")

enum letter_kind {
#define X(constant, name) constant,
    LETTER_TABLE(X)
#undef X
    LETTER_KINDS
};

/* Stored as these numbers: a released one never changes its meaning. */
enum letter_state {
    LETTER_WAITING = 1,
    LETTER_CLAIMED = 2, /* an attempt is under way */
    LETTER_HANDED = 3,  /* its end is being sent: from here on it may have arrived */
    LETTER_SENT = 4,
    LETTER_DEAD = 5
};

/* What letters of an organization look like. Each may have no text: then it is the service's own.
 */
struct brand {
    struct str name, colour; /* "#rgb" or "#rrggbb" */
};

struct letter {
    struct id id; /* given when it is put into the outbox */
    enum letter_kind kind;
    struct email to;   /* as it is stored with the account, never as it was just typed */
    struct id account; /* whom it is about; may be none */
    struct str path;   /* where its link leads, below the public address; no text: no link */
    struct secret token, code;
    struct brand brand;
    struct moment created, expires; /* with its token */
};

struct str letter_kind_name(enum letter_kind kind);
enum letter_kind letter_kind_of(struct str name); /* LETTER_KINDS for one of a newer version */
struct str letter_state_name(enum letter_state state);

/* What of a letter is secret or belongs to its text, for sealing: path, token, code, brand. */
void letter_print(struct buf *out, const struct letter *letter);

/* The way back: fills in those members alone, which point into `text`. ERR_FIELD_VALUE for
 * everything that letter_print does not write. */
enum err letter_parse(struct str text, struct letter *letter);

/* Whether every text in it is one line of UTF-8 without control characters, the path begins with a
 * slash, and the colour is one. ERR_FIELD_VALUE. */
enum err letter_check(const struct letter *letter);

/* A letter as the store has it. */
struct outbox_row {
    struct id id, account, claim;
    struct str kind, recipient, sealed, error;
    struct key32 token; /* a digest */
    unsigned state;     /* enum letter_state */
    int64_t attempts;
    struct moment due, created, expires;
};
