/* Service keys in the store. */
#include "domain/service_key.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/event.h"
#include "domain/policy.h"
#include "model/key_text.h"
#include "model/name.h"
#include "store/queries.h"

static enum err may_be_made(struct ctx *ctx, const struct new_service_key *in)
{
    if (!name_is_fine(in->name, "_-.: ")) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("name"), "no name of a service key");
    }
    if (in->permissions.count == 0) {
        return ctx_fail(ctx, ERR_FIELD_MISSING, STR("permissions"), "a key without any permission");
    }
    if (moment_is_set(in->expires) && !moment_before(ctx->now, in->expires)) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("expiresAt"), "that time is over");
    }
    return ERR_OK;
}

/* What is shown, and the digest by which it is known again. */
static enum err draw(struct ctx *ctx, struct service_key *key, struct secret *ret_text)
{
    CLEANUP(key32_wipe) struct key32 secret;
    struct buf text = buf_in_arena(ctx->arena, KEY_TEXT);

    TRY(random_fill(secret.bytes, sizeof secret.bytes));
    key_text_print(&text, key->id, &secret);
    TRY(buf_end(&text, &ret_text->hidden));
    return digest_sha256(ctx->desk->digester, ret_text->hidden, &key->digest);
}

static bool comes_again(const struct text_list *names, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (str_eq(names->items[i], names->items[at])) {
            return true;
        }
    }
    return false;
}

/* Each of them the actor's own: a key is a grant, of whoever's permissions. */
static enum err allow_one(struct ctx *ctx, struct id key, struct str name)
{
    struct permission_entry permission;

    enum err e = q_permission_by_name(ctx->tx, name, &permission);
    if (e == ERR_MISSING) {
        return ctx_fail(ctx, ERR_PERMISSION_UNKNOWN, name, "not there");
    }
    TRY(e);
    if (!policy_holds(ctx, name, (struct id){0})) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "the key would hold more than the actor");
    }
    return q_service_key_allow(ctx->tx, key, permission.id);
}

static enum err allow(struct ctx *ctx, struct id key, const struct text_list *permissions)
{
    for (size_t i = 0; i < permissions->count; i++) {
        TRY(comes_again(permissions, i) ? ERR_OK : allow_one(ctx, key, permissions->items[i]));
    }
    return ERR_OK;
}

static enum err with_permissions(struct ctx *ctx, struct service_key *key)
{
    struct service_key_permissions_of_row *rows;
    size_t count;

    TRY(q_service_key_permissions_of(ctx->tx, key->id, &rows, &count));
    struct str *names = arena_array(ctx->arena, count + 1, sizeof *names);
    if (!names) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = rows[i].name;
    }
    key->permissions = (struct text_list){names, count};
    return ERR_OK;
}

enum err service_key_make(struct ctx *ctx, const struct new_service_key *in,
                          struct service_key *ret, struct secret *ret_text)
{
    struct service_key key = {.name = in->name,
                              .maker = actor_id(&ctx->actor),
                              .created = ctx->now,
                              .expires = in->expires};
    struct secret text;

    TRY(may_be_made(ctx, in));
    TRY(id_make(ctx->now, &key.id));
    TRY(draw(ctx, &key, &text));
    enum err e = q_service_key_insert(ctx->tx, &key);
    if (e == ERR_TAKEN) {
        return ctx_fail(ctx, ERR_TAKEN, STR("name"), "the name is in use");
    }
    TRY(e);
    TRY(allow(ctx, key.id, &in->permissions));
    TRY(with_permissions(ctx, &key));
    TRY(event(ctx, EVENT_SERVICE_KEY_CREATED, key.id));
    *ret = key;
    *ret_text = text;
    return ERR_OK;
}

enum err service_key_get(struct ctx *ctx, struct id id, struct service_key *ret)
{
    TRY(q_service_key_by_id(ctx->tx, id, ret));
    return with_permissions(ctx, ret);
}

enum err service_key_find(struct ctx *ctx, struct str name, struct service_key *ret)
{
    TRY(q_service_key_by_name(ctx->tx, name, ret));
    return with_permissions(ctx, ret);
}

enum err service_key_list(struct ctx *ctx, struct page page, struct service_key_page *ret)
{
    struct service_keys_count_row all;

    TRY(q_service_keys_count(ctx->tx, &all));
    ret->total = all.count;
    TRY(q_service_keys_page(ctx->tx, page.limit, page.offset, &ret->keys, &ret->count));
    for (size_t i = 0; i < ret->count; i++) {
        TRY(with_permissions(ctx, &ret->keys[i]));
    }
    return ERR_OK;
}

enum err service_key_revoke(struct ctx *ctx, struct id id)
{
    TRY(q_service_key_revoke(ctx->tx, ctx->now, id));
    TRY(q_service_key_allow_nothing(ctx->tx, id));
    return event(ctx, EVENT_SERVICE_KEY_REVOKED, id);
}
