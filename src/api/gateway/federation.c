/* Document 001's OAuth: browsers are sent off, and what they come back with is judged before the
 * unit of work. Then what one is linked with, which the document does not have. */
#include "api/gateway/federation_shapes.h"
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "base/arena.h"
#include "domain/identity.h"
#include "domain/user.h"
#include "web/cookie.h"

#define COOKIE "__Host-federation"
#define AUTH   "/id/api/auth/"

/* "/id/api/auth/google/authorize": it is in the row's own path. */
static enum provider provider_in(const struct call *c)
{
    struct str name, rest;

    (void)str_cut(str_skip(str_of(c->route->path), sizeof AUTH - 1), '/', &name, &rest);
    return provider_of(name);
}

enum err gateway_begin(struct call *c)
{
    struct federation_way *way = arena_alloc(c->ctx.arena, sizeof *way);
    struct authorize_query in = {0};

    if (!way) {
        return ERR_MEMORY;
    }
    TRY(read_query(c, &in));
    struct federation_start start = {provider_in(c), in.redirect_uri, call_cookie(c, STR(COOKIE))};
    TRY(federation_begin(&c->ctx, &start, way));
    c->found = way;
    return ERR_OK;
}

/* A page asks with Accept and sends its browser there itself; browsers are sent. */
static bool wants_json(const struct call *c)
{
    struct str rest = http_header(&c->x->request, STR("accept")), one, type, parameters;
    bool wants = false;

    while (!wants && str_next(&rest, ',', &one)) {
        (void)str_cut(one, ';', &type, &parameters);
        wants = str_eq_nocase(str_trim(type), STR("application/json"));
    }
    return wants;
}

enum err gateway_get_authorize(struct call *c)
{
    const struct federation_way *way = c->found;

    cookie_give(c, STR(COOKIE), way->browser, FEDERATION_LIFE);
    if (wants_json(c)) {
        return answer_or(c, &(struct authorize_answer){gateway_envelope(c, true), {way->url}});
    }
    answer_header(c, STR("Location"), way->url);
    return answer(c, NULL);
}

static enum err judge(struct call *c, struct federation_answer *in)
{
    struct vouched *vouched = arena_alloc(c->ctx.arena, sizeof *vouched);

    if (!vouched) {
        return ERR_MEMORY;
    }
    in->browser = call_cookie(c, STR(COOKIE));
    TRY(federation_judge(&c->ctx, in, vouched));
    c->found = vouched;
    return ERR_OK;
}

enum err gateway_judge(struct call *c)
{
    struct federation_answer in = {.provider = provider_in(c)};

    TRY(read_body(c, &in));
    return judge(c, &in);
}

enum err gateway_post_vouched(struct call *c)
{
    struct logged_in out;

    TRY(federation_enter(&c->ctx, c->found, &out));
    return gateway_answer_login(c, &out);
}

static enum err missing(struct call *c, struct str member)
{
    return ctx_fail(&c->ctx, ERR_FIELD_MISSING, member, "this provider's answer has it");
}

/* What the provider's own route has as required. */
static enum err is_whole(struct call *c, const struct federation_answer *in)
{
    if (in->provider != PROVIDER_LINKEDIN) {
        return str_is_set(in->id_token.hidden) ? ERR_OK : missing(c, STR("id_token"));
    }
    if (!str_is_set(in->code.hidden)) {
        return missing(c, STR("code"));
    }
    return str_is_set(in->redirect_uri) ? ERR_OK : missing(c, STR("redirect_uri"));
}

enum err gateway_judge_link(struct call *c)
{
    struct link_body in = {0};

    TRY(read_body(c, &in));
    in.answer.provider = provider_of(in.provider);
    if (in.answer.provider == PROVIDERS) {
        return ctx_fail(&c->ctx, ERR_FIELD_VALUE, STR("provider"), "no provider");
    }
    TRY(is_whole(c, &in.answer));
    if (in.answer.provider == PROVIDER_LINKEDIN) {
        in.answer.id_token = (struct secret){0};
    } else {
        in.answer.code = (struct secret){0};
        in.answer.redirect_uri = (struct str){0};
    }
    return judge(c, &in.answer);
}

static struct identity_shown shown(const struct identity *identity)
{
    return (struct identity_shown){*identity, provider_name(identity->provider)};
}

enum err gateway_post_identity(struct call *c)
{
    struct identity identity;

    TRY(federation_link(&c->ctx, c->found, &identity));
    return answer(c, &(struct identity_answer){gateway_envelope(c, true), shown(&identity)});
}

enum err gateway_get_identities(struct call *c)
{
    struct list_answer out = {.envelope = gateway_envelope(c, true)};
    struct identity *identities;
    struct page page;
    size_t count;

    TRY(gateway_read_page(c, &page));
    TRY(identity_list(&c->ctx, c->ctx.actor.user, &identities, &count));
    struct identity_shown *items = arena_array(c->ctx.arena, count + 1, sizeof *items);
    if (!items) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        items[i] = shown(&identities[i]);
    }
    out.data = gateway_slice(&LIST(items, count), page);
    return answer(c, &out);
}

enum err gateway_delete_identity(struct call *c)
{
    struct user user;
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(user_get(&c->ctx, c->ctx.actor.user, &user));
    TRY(identity_remove(&c->ctx, &user, id));
    return gateway_answer_nothing(c);
}
