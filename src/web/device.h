/* The cookie of a device that has logged in before. */
#pragma once

#include "web/call.h"

struct str device_shown(const struct call *c);
void device_remember(struct call *c, struct str device);
