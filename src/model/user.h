/* A person or a program that can log in. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "text/email.h"
#include "text/username.h"

/* Stored as these numbers: a released one never changes its meaning. */
enum user_state {
    USER_PENDING_ACTIVATION = 1,
    USER_PENDING_VERIFICATION = 2,
    USER_ACTIVE = 3,
    USER_INACTIVE = 4,
    USER_SUSPENDED = 5
};

struct user {
    struct id id;
    struct username username; /* shown has no text for an account known by its address alone */
    struct email email;
    enum user_state state;
    struct str first_name, last_name, phone;
    struct str birth_date; /* 1990-01-01 */
    struct str bio, avatar;
    struct id organization; /* none, or the one they belong to */
    struct moment created, updated, last_login, activated;
    struct moment verified; /* when the address was shown to be theirs */
    bool corporate;         /* and it was one of a company */
    bool claimed;           /* the address: by whoever has the account, and by nobody else so far */
};

/* One user as they were when they were read, and as they are to be. */
struct user_edit {
    struct user from, to;
};

/* "active", "pending_activation", … as operators and logs write it. */
struct str user_state_name(enum user_state state);
bool user_state_may_enter(enum user_state state); /* log in, refresh, pass forward-auth */
