/* By which name a request came here. A page of a stranger's whose own name was made to lead to us
 * (DNS rebinding) is of one origin with us for the browser that shows it, and passes every other
 * check of where a request comes from; but it cannot help naming itself in Host. So what is open to
 * whoever can reach us is open under the names alone that no stranger can make. */
#pragma once

#include "web/call.h"

/* Whether the request names an IP address, localhost or a name below it, or the host of
 * http.public_url, on whatever port. */
bool own_name_is_used(const struct call *c);

/* Gives `e`, with a reason that says which Host it was, and which setting would allow it. */
enum err own_name_refuse(struct call *c, enum err e);
