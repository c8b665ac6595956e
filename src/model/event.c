/* The verbs. */
#include "model/event.h"

/* clang-format off */
static const struct {
    struct str name;
    bool in_memory;
} verbs[EVENT_VERBS] = {
#define X(constant, verb, in_memory) [constant] = {{verb, sizeof(verb) - 1}, in_memory},
    EVENT_TABLE(X)
#undef X
};
/* clang-format on */

struct str event_verb_name(enum event_verb verb)
{
    return verbs[verb].name;
}

enum event_verb event_verb_of(struct str name)
{
    unsigned verb = 0;

    while (verb < EVENT_VERBS && !str_eq(verbs[verb].name, name)) {
        verb++;
    }
    return (enum event_verb)verb;
}

bool event_is_kept_in_memory(enum event_verb verb)
{
    return verb < EVENT_VERBS && verbs[verb].in_memory;
}
