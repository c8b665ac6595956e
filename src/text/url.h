/* Addresses of the web, as far as we have to look at them. */
#pragma once

#include "base/str.h"

enum {
    URL_MOST = 2048
};

/* Whether it is "https://host/…" that can stand in a page as it is: visible ASCII, nothing that
 * ends a quotation or a tag, a host of letters and digits, no name and password before it. */
bool url_is_https(struct str url);
