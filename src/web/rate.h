/* Rate classes: what each counts, and what it asks before a request goes on. */
#pragma once

#include "web/call.h"

/* ERR_TOO_MANY with the seconds to wait in the reason. Counts the request where the class counts
 * every one. */
enum err rate_admit(struct call *c);

/* After the answer: counts it where the class counts failures. */
void rate_settle(struct call *c, enum err e);
