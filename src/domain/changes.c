/* Events, handed to what keeps them in memory. */
#include "domain/changes.h"

#include "domain/keychain.h"
#include "domain/keyring.h"
#include "domain/standing.h"

enum err changes_apply(struct ctx *ctx, const struct told *event)
{
    if (event->verb == EVENT_KEY_CREATED) {
        return keyring_load(ctx);
    }
    if (event->verb == EVENT_SERVICE_KEY_CREATED || event->verb == EVENT_SERVICE_KEY_REVOKED) {
        return keychain_load(ctx);
    }
    if (event->verb == EVENT_ROLE_CREATED || event->verb == EVENT_ROLE_CHANGED ||
        event->verb == EVENT_ROLE_DELETED) {
        return standing_reread_roles(ctx);
    }
    if (event->verb == EVENT_SESSION_ENDED) {
        return standing_end_session(ctx, event->subject, event->at);
    }
    if (event->verb == EVENT_USER_MOVED) {
        return standing_reread_entry(ctx, event->subject);
    }
    if (event->verb == EVENT_ORGANIZATION_SUSPENDED || event->verb == EVENT_ORGANIZATION_RESUMED) {
        return standing_reread_members(ctx, event->subject);
    }
    if (event->verb == EVENT_INSTALLATION_RESTORED) {
        TRY(standing_load(ctx));
        TRY(keychain_load(ctx));
        return keyring_load(ctx);
    }
    return standing_reread_user(ctx, event->subject);
}
