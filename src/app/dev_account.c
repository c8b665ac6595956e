/* The account for development. */
#include "app/dev_account.h"

#include "base/arena.h"
#include "domain/admin.h"

static enum err make(struct ctx *ctx, void *with)
{
    struct new_user in = {.password = {STR(DEV_PASSWORD)}};
    struct admin *admins;
    struct user user;
    size_t count;

    (void)with;
    TRY(admin_list(ctx, &admins, &count));
    if (count > 0) {
        return ERR_OK;
    }
    TRY(username_parse(ctx->arena, STR(DEV_NAME), &in.username));
    TRY(email_parse(ctx->arena, STR(DEV_EMAIL), &in.email));
    return admin_create(ctx, &in, ROLE_SUPER_ADMIN, &user);
}

enum err dev_account_make(const struct config *config, struct reason *reason)
{
    struct instance *instance;

    TRY(instance_open(config, INSTANCE_COMMAND, reason, &instance));
    enum err e = instance_run(instance, TX_LATE, make, NULL, reason);
    instance_close(instance);
    return e;
}
