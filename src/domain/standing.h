/* What is known without asking the store: who has been stopped, which sessions have ended, who
 * holds which roles, and what those allow. Readers take no lock; changes come from events, of this
 * process once they are durable, of others by the feed. */
#pragma once

#include "base/err.h"
#include "base/id.h"
#include "base/moment.h"
#include "domain/ctx.h"
#include "model/permission.h"
#include "model/role.h"

struct standing;

enum err standing_create(struct standing **ret);
void standing_destroy(struct standing *standing); /* NULL is fine */

/* Reads all of it from the store; before anything is answered. Needs a unit that reads. */
enum err standing_load(struct ctx *ctx);

/* Has this session ended, or has everything that was issued by then (seconds since 1970)? The
 * latter is so once the installation was brought back from a backup: what was ended after that
 * backup was made is not known any more. */
bool standing_session_ended(const struct standing *standing, struct id session, int64_t issued);

struct user_standing {
    bool stopped;
    struct role_set roles; /* held everywhere; without MEMBER and USER, which allow nothing */
    struct permission_set permissions; /* held everywhere */
    struct permission_set somewhere;   /* those, and what is held in some organization */
};
struct user_standing standing_user(const struct standing *standing, struct id user);

/* Does this user hold this permission, the service's own or anybody's, in an organization (none:
 * everywhere)? Who is stopped holds nothing. In constant time. */
bool standing_holds(const struct standing *standing, struct id user, struct str permission,
                    struct id organization);

/* Does who holds this role everywhere hold the permission? And which of the service's own? */
bool standing_role_allows(const struct standing *standing, enum role role, struct str permission);
struct permission_set standing_role(const struct standing *standing, enum role role);

/* Around changes: whoever makes one opens its unit that reads after this, so that nobody writes an
 * older view over a newer one. */
void standing_lock(struct standing *standing);
void standing_unlock(struct standing *standing);

/* Takes over, as the store has it now: everything about one user; whether they may come in; whether
 * the members of an organization may; what every role allows. */
enum err standing_reread_user(struct ctx *ctx, struct id id);
enum err standing_reread_entry(struct ctx *ctx, struct id user);
enum err standing_reread_members(struct ctx *ctx, struct id organization);
enum err standing_reread_roles(struct ctx *ctx);

/* Remembered until its last token is gone. */
enum err standing_end_session(struct ctx *ctx, struct id session, struct moment ended);

/* How long ago the feed was last read through; past the limit this node says no to everyone. */
void standing_read_through(struct standing *standing, int64_t monotonic_ms);
void standing_doubt(struct standing *standing); /* no to everyone until it is read through again */
bool standing_is_fresh(const struct standing *standing, int64_t monotonic_ms);
int64_t standing_age_ms(const struct standing *standing, int64_t monotonic_ms);

/* Forgets ended sessions whose last token has expired. */
enum err standing_forget(struct standing *standing, struct moment now);

struct standing_size {
    int64_t sessions, users;
};
struct standing_size standing_size(const struct standing *standing);
