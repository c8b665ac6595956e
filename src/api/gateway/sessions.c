/* One's own sessions: seen and ended. */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "base/arena.h"
#include "domain/session.h"

enum err gateway_get_sessions(struct call *c)
{
    struct list_answer out = {.envelope = gateway_envelope(c, true)};
    struct session *sessions;
    struct page page;
    size_t count;

    TRY(gateway_read_page(c, &page));
    TRY(session_list(&c->ctx, c->ctx.actor.user, &sessions, &count));
    struct session_shown *shown = arena_array(c->ctx.arena, count + 1, sizeof *shown);
    if (!shown) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        bool current = id_eq(sessions[i].id, c->ctx.actor.session);
        shown[i] = (struct session_shown){sessions[i], current};
    }
    out.data = gateway_slice(&LIST(shown, count), page);
    return answer(c, &out);
}

enum err gateway_delete_session(struct call *c)
{
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(session_end_own(&c->ctx, id));
    return gateway_answer_nothing(c);
}
