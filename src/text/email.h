/* An e-mail address that has been looked at. Only email_parse makes one. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;

enum {
    EMAIL_MOST = 254,
    EMAIL_LOCAL_MOST = 64
}; /* octets (RFC 5321, 4.5.3.1, with its erratum) */

/* Two addresses of one key need not be one mailbox (only its own host knows). So mail goes to the
 * address that is stored with the account, never to the one that was just typed. */
struct email {
    struct str shown; /* as it was typed */
    struct str key;   /* what addresses are compared by: NFC, folded, the domain by IDNA */
};

/* One address, at most 254 octets, one @, a domain with a dot or `localhost`; no quoted local
 * parts, no comments, no address literals, nothing that could end a header line, nothing that
 * cannot be seen. ERR_FIELD_VALUE otherwise. Both texts lie in the arena, with a NUL behind each.
 */
enum err email_parse(struct arena *arena, struct str text, struct email *ret);

/* The same by the long way, through all of Unicode and IDNA, which email_parse only goes when it
 * has to: so that the tests can hold both ways against each other. */
enum err email_parse_unicode(struct arena *arena, struct str text, struct email *ret);

/* A domain alone, as it stands in keys: by IDNA, in lower case. ERR_FIELD_VALUE for everything that
 * could not stand behind an @. In the arena, with a NUL behind it. */
enum err email_parse_domain(struct arena *arena, struct str text, struct str *ret);

/* The version of libidn2 that was loaded. */
const char *email_library(void);
