/* Organizations, by what they are called. */
#include "domain/organization.h"

#include "store/queries.h"

enum err organization_find(struct ctx *ctx, struct str slug, struct organization *ret)
{
    return q_organization_by_slug(ctx->tx, slug, ret);
}
