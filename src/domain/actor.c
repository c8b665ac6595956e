/* The operator at the command line, and whom an actor is known by. */
#include "domain/actor.h"

const struct actor actor_operator = {
    .kind = ACTOR_OPERATOR,
    .username = {"operator", sizeof "operator" - 1},
    .permissions = {((uint64_t)1 << PERMISSIONS) - 1         },
    .somewhere = {((uint64_t)1 << PERMISSIONS) - 1},
};

struct id actor_id(const struct actor *actor)
{
    return actor->kind == ACTOR_SERVICE ? actor->service_key : actor->user;
}
