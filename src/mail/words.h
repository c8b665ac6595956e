/* What letters say that no template can: the one place, beside mail/templates, that knows a
 * language. */
#pragma once

#include "base/str.h"

#include <stdint.h>

struct buf;

/* "30 minutes", "24 hours", "7 days": the largest unit that loses nothing to speak of. */
void words_duration(struct buf *out, struct str language, int64_t seconds);
