/* A user, by whatever an operator has at hand. */
#include "app/account.h"

enum err account_find(struct ctx *ctx, struct str name, struct user *ret)
{
    enum err e = ERR_MISSING;
    struct id id;

    if (id_parse(name, &id) == ERR_OK) {
        e = user_get(ctx, id, ret);
    }
    return e == ERR_MISSING ? user_find(ctx, name, ret) : e; /* a username may look like an id */
}
