/* Document 000's upload. */
#include "domain/picture.h"

#include "api/fitnexa/routes.h"
#include "api/fitnexa/shapes.h"
#include "base/arena.h"
#include "domain/user.h"

/* The child may take seconds: no unit is open meanwhile. */
enum err fitnexa_draw_picture(struct call *c)
{
    struct str *drawn = arena_alloc(c->ctx.arena, sizeof *drawn), upload;

    if (!drawn) {
        return ERR_MEMORY;
    }
    TRY(read_file(c, &upload));
    c->found = drawn;
    return picture_draw(&c->ctx, upload, drawn);
}

/* POST /users/profile/upload */
enum err fitnexa_post_picture(struct call *c)
{
    const struct str *drawn = c->found;
    struct user user = {.id = c->ctx.actor.user};
    struct user_shown out;

    TRY(picture_set(&c->ctx, *drawn, &user));
    TRY(fitnexa_show(&c->ctx, &user, &out));
    return answer(c, &out);
}
