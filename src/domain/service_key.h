/* Service keys: made, listed, revoked. Whether one is good is in domain/keychain. */
#pragma once

#include "base/list.h"
#include "base/secret.h"
#include "domain/ctx.h"
#include "model/page.h"
#include "model/service_key.h"

struct new_service_key {
    struct str name;
    struct text_list permissions;
    struct moment expires; /* not set: never */
};

/* Makes one that holds these permissions and no others; *ret_text is what its owner is to show, and
 * is not to be had again. ERR_FIELD_VALUE for a name that cannot be one or a time that is over,
 * ERR_FIELD_MISSING without any permission, ERR_PERMISSION_UNKNOWN naming it, ERR_TAKEN;
 * ERR_FORBIDDEN for a permission that the actor does not hold everywhere. */
enum err service_key_make(struct ctx *ctx, const struct new_service_key *in,
                          struct service_key *ret, struct secret *ret_text);

/* Of those that are not revoked, with their permissions. ERR_MISSING. */
enum err service_key_get(struct ctx *ctx, struct id id, struct service_key *ret);
enum err service_key_find(struct ctx *ctx, struct str name, struct service_key *ret);

struct service_key_page {
    struct service_key *keys;
    size_t count;
    int64_t total; /* on all pages */
};
/* By name, with their permissions. */
enum err service_key_list(struct ctx *ctx, struct page page, struct service_key_page *ret);

/* Every node refuses it within a second. ERR_MISSING. */
enum err service_key_revoke(struct ctx *ctx, struct id id);
