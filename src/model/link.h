/* What a mailed link is for. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/str.h"

/* Stored as these numbers: a released one never changes its meaning. */
enum link_kind {
    LINK_VERIFY_EMAIL = 1,   /* this address is mine */
    LINK_ACTIVATION = 2,     /* I take the account that was made for me */
    LINK_RESET_PASSWORD = 3, /* let me choose a new password */
    LINK_MAGIC = 4           /* let me in */
};

/* A link as the store has it. */
struct link_row {
    struct id user;
    enum link_kind kind;
    struct key32 token; /* a digest */
    struct str code;    /* a digest too; no text: it has no code */
    struct str address; /* the key of the one that it was mailed to */
    struct moment created, expires;
};
