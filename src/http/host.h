/* Whom a request names: the value of Host. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct host {
    struct str name; /* as sent, without brackets and port; a slice of what was read */
    bool is_address; /* of IPv4 or IPv6 */
};

/* NAME, NAME:PORT, [IPV6], [IPV6]:PORT and nothing else; a name is letters, digits, `-`, `.` and
 * `_`. ERR_REQUEST_MALFORMED. */
enum err host_parse(struct str text, struct host *ret);
