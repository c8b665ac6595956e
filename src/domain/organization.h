/* Organizations: made, found, changed, suspended, deleted.
 *
 * Members of one that is suspended cannot come in: see user_may_enter, and standing. */
#pragma once

#include "domain/ctx.h"
#include "model/letter.h"
#include "model/organization.h"
#include "model/page.h"
#include "model/permission.h"

struct new_organization {
    struct str name;
    struct str slug; /* or none: it is made from the name */
    struct str domain, industry, size;
};

/* A slug that was made from the name and is somebody's already gets a number behind it, whoever
 * comes first. ERR_FIELD_VALUE naming the member, ERR_TAKEN naming "slug" or "domain". Who may is
 * asked before. */
enum err organization_create(struct ctx *ctx, const struct new_organization *in,
                             struct organization *ret);

/* ERR_MISSING. Who may see it is asked before. */
enum err organization_get(struct ctx *ctx, struct id id, struct organization *ret);
/* By its slug, as it is written. ERR_MISSING. */
enum err organization_find(struct ctx *ctx, struct str slug, struct organization *ret);
/* By either, in any case. ERR_MISSING. */
enum err organization_named(struct ctx *ctx, struct str slug_or_id, struct organization *ret);
/* The one that organization_create made of this name, or whose slug it is in any case: looked for
 * in the slugs that it gives out with a number or without, and in the end of an identifier no more.
 * ERR_MISSING, also for what is no name. */
enum err organization_called(struct ctx *ctx, struct str name, struct organization *ret);

/* For one who may do with it what the permission is about: everywhere, or in this one. As
 * policy_organization. */
enum err organization_seen(struct ctx *ctx, enum permission permission, struct id id,
                           struct organization *ret);

struct organization_page {
    struct organization *organizations;
    size_t count;
    int64_t total; /* on all pages */
};
/* By slug. Who may is asked before. */
enum err organization_list(struct ctx *ctx, struct page page, struct organization_page *ret);

/* NULL leaves things as they are; a text that is none, or empty, clears what can be without. */
struct organization_change {
    const struct str *name, *domain, *industry, *size;
    const struct str *logo_url, *primary_color, *secondary_color;
    enum organization_state state; /* 0: as it is */
};
/* By who writes organizations there; another state or domain only by who does so everywhere:
 * ERR_FORBIDDEN naming "status" or "domain". As organization_create and organization_seen;
 * ERR_LAST_ADMIN. In a unit that writes from the start. */
enum err organization_change(struct ctx *ctx, struct id id, const struct organization_change *in,
                             struct organization *ret);

/* The first time counts, and later ones change nothing. As organization_seen. */
enum err organization_complete_setup(struct ctx *ctx, struct id id);

/* With the roles that are held in it. ERR_IN_USE while it has members; with `force` they stay,
 * without an organization. By who may act upon all of them, and upon whoever holds a role there;
 * one that is suspended goes only by who writes organizations everywhere. Their members come in
 * again when the feed has been read. As organization_seen. */
enum err organization_delete(struct ctx *ctx, struct id id, bool force);

/* What letters and pages of its members look like. The service's own for none, and for one that is
 * gone. */
enum err organization_brand(struct ctx *ctx, struct id id, struct brand *ret);
