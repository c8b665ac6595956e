/* A user in document 000's words. */
#include "api/fitnexa/shapes.h"
#include "domain/member.h"

static struct str status_of(enum user_state state)
{
    switch (state) {
    case USER_ACTIVE:
        return STR("ACTIVE");
    case USER_PENDING_ACTIVATION:
        return STR("PENDING_ACTIVATION");
    case USER_PENDING_VERIFICATION:
    case USER_INACTIVE:
    case USER_SUSPENDED:
        break;
    }
    return STR("INACTIVE");
}

void fitnexa_show_member(const struct member *member, struct user_shown *ret)
{
    const struct user *user = &member->user;

    *ret = (struct user_shown){
        .id = user->id,
        .email = user->email.shown,
        .role = role_name(member->role),
        .status = status_of(user->state),
        .gym = member->gym,
        .avatar = user->avatar,
        .activated = user->activated,
        .first_name = user->first_name,
        .last_name = user->last_name,
        .phone = user->phone,
        .bio = user->bio,
        .created = user->created,
        .updated = user->updated,
    };
}

enum err fitnexa_show(struct ctx *ctx, const struct user *user, struct user_shown *ret)
{
    struct member member;

    TRY(member_of(ctx, user, &member));
    fitnexa_show_member(&member, ret);
    return ERR_OK;
}
