/* One row for what happened, and a note for standing. */
#include "domain/event.h"

#include "base/arena.h"
#include "base/buf.h"
#include "store/queries.h"

static enum err tell(struct ctx *ctx, enum event_verb verb, struct id subject)
{
    struct told *told = arena_alloc(ctx->arena, sizeof *told);

    if (!told) {
        return ERR_MEMORY;
    }
    *told = (struct told){.next = ctx->told, .verb = verb, .subject = subject, .at = ctx->now};
    ctx->told = told;
    return ERR_OK;
}

/* By whose word somebody acted who has not shown a token. */
static enum err details_of(struct ctx *ctx, struct str *ret)
{
    struct buf json = buf_in_arena(ctx->arena, 64);

    if (ctx->actor.kind != ACTOR_USER || !id_is_set(ctx->actor.service_key)) {
        return ERR_OK;
    }
    buf_put(&json, STR("{\"serviceKey\": \""));
    id_print(&json, ctx->actor.service_key);
    buf_put(&json, STR("\"}"));
    return buf_end(&json, ret);
}

static enum err make(struct ctx *ctx, enum event_verb verb, struct event *ret)
{
    *ret = (struct event){
        .at = ctx->now,
        .actor = actor_id(&ctx->actor),
        .verb = event_verb_name(verb),
        .source = ctx->source,
        .face = ctx->face,
    };
    return details_of(ctx, &ret->details);
}

enum err event(struct ctx *ctx, enum event_verb verb, struct id subject)
{
    struct event event;

    TRY(make(ctx, verb, &event));
    event.subject = subject;
    TRY(q_event_insert(ctx->tx, &event));
    return event_is_kept_in_memory(verb) ? tell(ctx, verb, subject) : ERR_OK;
}

enum err event_members(struct ctx *ctx, enum event_verb verb, struct id organization)
{
    struct event event;

    TRY(make(ctx, verb, &event));
    return q_event_insert_members(ctx->tx, &event, organization);
}

enum err event_last(struct ctx *ctx, struct moment *ret)
{
    struct event_last_row row;

    TRY(q_event_last(ctx->tx, &row));
    *ret = row.at;
    return ERR_OK;
}
