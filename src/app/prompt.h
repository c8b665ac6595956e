/* Asking the person at the terminal. */
#pragma once

#include "base/err.h"
#include "base/secret.h"

struct arena;

/* On a terminal asks for a new password, twice and unseen; elsewhere reads one line of standard
 * input, as it stands. ERR_CONFIG with a reason when nothing comes or the two differ. */
enum err prompt_password(struct arena *arena, struct reason *reason, struct secret *ret);

/* The passphrase of a backup: the first line of `file`, if that is named; else as above, but asked
 * for twice only if it is `anew`. */
enum err prompt_passphrase(struct arena *arena, struct str file, bool anew, struct reason *reason,
                           struct secret *ret);
