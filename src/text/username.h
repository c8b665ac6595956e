/* A username that has been looked at. Only username_parse makes one. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;

enum {
    USERNAME_MOST = 254
};

struct username {
    struct str shown; /* as it was typed */
    struct str key;   /* lower case: what usernames are compared by */
};

/* 1 to 254 ASCII letters, digits and . _ - + @, one letter or digit among them (so that it is never
 * the . or .. of a path): it goes into the header X-User as it is. One with an @ has to be an
 * address (and domain/user sees to it that it is the account's own); its key is that of the
 * address. ERR_FIELD_VALUE otherwise. Both texts lie in the arena, with a NUL behind each. */
enum err username_parse(struct arena *arena, struct str text, struct username *ret);

/* Whether it has an @, and so is an address too. */
bool username_is_address(const struct username *name);
