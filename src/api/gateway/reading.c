/* The envelope, ids, pages, and what a login answers. */
#include "api/gateway/reading.h"

#include "base/arena.h"
#include "web/device.h"

enum {
    MOST_LIMIT = 100
};
/* The largest number that every reader of JSON has. */
#define MOST_OFFSET (((int64_t)1 << 53) - 1)

struct envelope gateway_envelope(const struct call *c, bool success)
{
    return (struct envelope){
        .success = success, .timestamp = c->ctx.now, .request_id = c->request_id};
}

enum err gateway_read_id(struct call *c, size_t parameter, struct str name, struct id *ret)
{
    if (id_parse(call_parameter(c, parameter), ret) != ERR_OK) {
        return ctx_fail(&c->ctx, ERR_FIELD_VALUE, name, "no id");
    }
    return ERR_OK;
}

static enum err in_range(struct call *c, struct str name, int64_t number, int64_t least,
                         int64_t most)
{
    if (number >= least && number <= most) {
        return ERR_OK;
    }
    return ctx_fail(&c->ctx, ERR_FIELD_VALUE, name, "not from %lld to %lld", (long long)least,
                    (long long)most);
}

enum err gateway_check_page(struct call *c, int64_t limit, int64_t offset, struct page *ret)
{
    TRY(in_range(c, STR("limit"), limit, 1, MOST_LIMIT));
    TRY(in_range(c, STR("offset"), offset, 0, MOST_OFFSET));
    *ret = (struct page){.offset = offset, .limit = limit};
    return ERR_OK;
}

enum err gateway_read_page(struct call *c, struct page *ret)
{
    struct page_query query = {.limit = GATEWAY_USUAL_LIMIT};

    TRY(read_query(c, &query));
    return gateway_check_page(c, query.limit, query.offset, ret);
}

struct list_of gateway_slice(const struct list *all, struct page page)
{
    size_t from = (size_t)page.offset < all->count ? (size_t)page.offset : all->count;
    size_t left = all->count - from, most = (size_t)page.limit;
    struct list piece = {
        .items = (const char *)all->items + from * all->size,
        .count = left < most ? left : most,
        .size = all->size,
    };

    return (struct list_of){.items = piece, .total = (int64_t)all->count};
}

enum err gateway_answer_nothing(struct call *c)
{
    return answer(c, &(struct nothing_answer){gateway_envelope(c, true)});
}

enum err gateway_show_role(struct call *c, const struct role_entry *role, struct role_shown *ret)
{
    const struct permission_entry *permissions = role->permissions.items;
    size_t count = role->permissions.count;
    struct str *names = arena_array(c->ctx.arena, count + 1, sizeof *names);

    if (!names) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = permissions[i].name;
    }
    *ret = (struct role_shown){
        .role = *role, .permissions = {names, count}
    };
    return ERR_OK;
}

enum err gateway_answer_role(struct call *c, const struct role_entry *role)
{
    struct role_answer out = {.envelope = gateway_envelope(c, true)};

    TRY(gateway_show_role(c, role, &out.data));
    return answer(c, &out);
}

struct str gateway_status(enum user_state state)
{
    switch (state) {
    case USER_PENDING_ACTIVATION:
    case USER_PENDING_VERIFICATION:
        return STR("pending");
    case USER_ACTIVE:
        return STR("active");
    case USER_INACTIVE:
    case USER_SUSPENDED:
        return STR("disabled");
    }
    return STR("disabled");
}

static enum err summarize(struct call *c, const struct user *user, struct user_summary *ret)
{
    *ret = (struct user_summary){
        .id = user->id,
        .email = user->email.shown,
        .first_name = user->first_name,
        .last_name = user->last_name,
        .status = gateway_status(user->state),
    };
    return role_first(&c->ctx, user->id, &ret->role);
}

enum err gateway_answer_login(struct call *c, const struct logged_in *in)
{
    struct tokens_answer out = {
        gateway_envelope(c, true), {.access = in->token.text, .refresh = in->refresh.hidden}
    };

    TRY(summarize(c, &in->user, &out.data.user));
    device_remember(c, in->device);
    return answer(c, &out);
}
