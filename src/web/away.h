/* The way out of a thread that may ask other services: what domain/outbound.h wants, over
 * http/client. */
#pragma once

#include "domain/outbound.h"

struct away;

/* libcurl is loaded when the first request is made. */
enum err away_create(struct away **ret);
void away_destroy(struct away *away); /* NULL is fine */
const struct outbound *away_outbound(const struct away *away);
