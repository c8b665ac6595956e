/* What the threads share. */
#include "domain/service.h"

static const struct face_entry *entry_of(const struct service *service, struct str face)
{
    size_t at = 0;

    while (at + 1 < SERVICE_FACES && !str_eq(service->faces[at].name, face) &&
           service->faces[at + 1].settings) {
        at++;
    }
    return &service->faces[at];
}

const struct face_settings *service_face(const struct service *service, struct str face)
{
    return entry_of(service, face)->settings;
}

bool service_refreshes(const struct service *service, struct str face)
{
    return entry_of(service, face)->refreshes;
}

int64_t service_longest_token(const struct service *service)
{
    int64_t longest = 0;

    for (size_t i = 0; i < SERVICE_FACES && service->faces[i].settings; i++) {
        if (service->faces[i].settings->token_seconds > longest) {
            longest = service->faces[i].settings->token_seconds;
        }
    }
    return longest;
}

struct ctx service_ctx(struct service *service, struct desk *desk, struct arena *arena)
{
    return (struct ctx){
        .arena = arena,
        .service = service,
        .desk = desk,
        .actor = {.kind = ACTOR_NOBODY},
        .now = moment_now(),
    };
}
