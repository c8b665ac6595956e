/* A file first, then the row that names it: whatever ends in between leaves a file that is
 * nobody's, and never a name without a file. */
#include "domain/picture.h"

#include "base/arena.h"
#include "domain/event.h"
#include "domain/gallery.h"
#include "domain/service.h"
#include "model/user.h"
#include "picture/header.h"
#include "picture/studio.h"
#include "store/queries.h"

enum {
    HOUR = 3600
};
_Static_assert((int)PICTURE_UPLOAD == (int)PICTURE_BYTES, "what the studio takes");

/* The name in a path of ours; no text for an address that was given. */
static struct str name_in(struct str avatar)
{
    struct str path = STR(PICTURE_PATH);

    return str_starts(avatar, path) ? str_skip(avatar, path.len) : (struct str){0};
}

enum err picture_draw(struct ctx *ctx, struct str upload, struct str *ret)
{
    struct studio studio = {ctx->service->nursery, ctx->arena};

    return studio_draw(&studio, upload, &ctx->reason, ret);
}

enum err picture_set(struct ctx *ctx, struct str drawn, struct user *user)
{
    struct gallery *gallery = ctx->service->gallery;
    struct str name, path;
    struct user old;

    TRY(gallery_put(gallery, ctx->arena, drawn, &ctx->reason, &name));
    TRY(arena_print(ctx->arena, &path, PICTURE_PATH "%.*s", STR_ARG(name)));
    TRY(q_user_by_id(ctx->tx, user->id, &old));
    enum err e = q_user_set_avatar(ctx->tx, path, ctx->now, user->id, old.avatar);
    if (e == ERR_MISSING) {
        return ctx_fail(ctx, ERR_STORE_RETRY, STR("avatar"), "another picture meanwhile");
    }
    TRY(e);
    TRY(event(ctx, EVENT_USER_UPDATED, user->id));
    ctx->picture_left = name_in(old.avatar);
    *user = old;
    user->avatar = path;
    user->updated = ctx->now;
    return ERR_OK;
}

enum err picture_get(struct ctx *ctx, struct str name, struct str *ret)
{
    return gallery_get(ctx->service->gallery, ctx->arena, name, ret);
}

void picture_forget(struct ctx *ctx)
{
    if (str_is_set(ctx->picture_left) && ctx->service->gallery) {
        gallery_remove(ctx->service->gallery, ctx->picture_left);
    }
}

static enum err is_nobodys(struct ctx *ctx, struct str name, bool *ret)
{
    struct user_of_avatar_row row;
    struct str path;

    TRY(arena_print(ctx->arena, &path, PICTURE_PATH "%.*s", STR_ARG(name)));
    enum err e = q_user_of_avatar(ctx->tx, path, &row);
    *ret = e == ERR_MISSING;
    return e == ERR_MISSING ? ERR_OK : e;
}

enum err picture_tidy(struct ctx *ctx)
{
    struct gallery *gallery = ctx->service->gallery;
    size_t count = 0;
    bool nobodys;

    if (!gallery) {
        return ERR_OK;
    }
    struct str *names = arena_array(ctx->arena, GALLERY_GLANCE, sizeof *names);
    if (!names) {
        return ERR_MEMORY;
    }
    TRY(gallery_glance(gallery, ctx->arena, HOUR, names, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(is_nobodys(ctx, names[i], &nobodys));
        if (nobodys) {
            gallery_remove(gallery, names[i]);
        }
    }
    return ERR_OK;
}
