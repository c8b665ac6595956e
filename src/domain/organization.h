/* Organizations. */
#pragma once

#include "domain/ctx.h"
#include "model/organization.h"

/* By its slug, as it is written. ERR_MISSING. */
enum err organization_find(struct ctx *ctx, struct str slug, struct organization *ret);
