/* Where the refresh tokens of a session have got to. */
#pragma once

#include "base/secret.h"
#include "model/session.h"
#include "model/user.h"

struct refresh_row {
    struct session session;
    struct user user;  /* whose it is */
    struct key32 seed; /* of all of them */
    int64_t number;    /* of the one that counts, from 0 */
    struct str peer;   /* to whom it was given; no text: not known */
    struct moment given;
};
