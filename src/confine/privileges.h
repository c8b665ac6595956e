/* Giving up what a process may do beyond what any may: for ever, and for whatever it starts. */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* Becomes `user` with that user's groups, when one is named; keeps no capability, and none can be
 * had again (no_new_privs). Before any thread starts. ERR_CONFIG with a reason: there is no such
 * user, or only root could become that one. ERR_SYSTEM. */
enum err privileges_give_up(struct str user, struct reason *reason);
