/* Document 000's upload. */
#include "domain/picture.h"

#include "api/fitnexa/routes.h"
#include "api/fitnexa/shapes.h"
#include "domain/user.h"

/* POST /users/profile/upload */
enum err fitnexa_post_picture(struct call *c)
{
    struct user user = {.id = c->ctx.actor.user};
    struct user_shown out;
    struct str upload;

    TRY(read_file(c, &upload));
    TRY(picture_set(&c->ctx, upload, &user));
    TRY(fitnexa_show(&c->ctx, &user, &out));
    return answer(c, &out);
}
