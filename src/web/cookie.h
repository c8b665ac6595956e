/* Cookies that tie what a browser began to that browser. */
#pragma once

#include "web/call.h"

/* Of who asked for a magic link: given by faces, looked at by the page of the link. */
#define MAGIC_COOKIE "__Host-magic"

/* For a while, for this host alone, seen by no script, and shown again when the browser comes back
 * from elsewhere. `name` begins with __Host-, so that no other host can have put it there; `value`
 * needs no quoting. */
void cookie_give(struct call *c, struct str name, struct str value, int64_t seconds);
