/* The operator at the command line. */
#include "domain/actor.h"

const struct actor actor_operator = {
    .kind = ACTOR_OPERATOR,
    .username = {"operator", sizeof "operator" - 1},
    .permissions = {((uint64_t)1 << PERMISSIONS) - 1         },
    .somewhere = {((uint64_t)1 << PERMISSIONS) - 1},
};
