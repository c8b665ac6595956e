/* Service keys, which document 001 only names: see docs/faces/gateway.md. */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"

enum err gateway_get_service_keys(struct call *c)
{
    struct list_answer out = {.envelope = gateway_envelope(c, true)};
    struct service_key_page found;
    struct page page;

    TRY(gateway_read_page(c, &page));
    TRY(service_key_list(&c->ctx, page, &found));
    out.data = (struct list_of){LIST(found.keys, found.count), found.total};
    return answer(c, &out);
}

enum err gateway_post_service_key(struct call *c)
{
    struct new_service_key in = {0};
    struct new_key_answer out = {.envelope = gateway_envelope(c, true)};
    struct secret text;

    TRY(read_body(c, &in));
    TRY(service_key_make(&c->ctx, &in, &out.data.made, &text));
    out.data.shown = text.hidden; /* this once */
    return answer(c, &out);
}

enum err gateway_delete_service_key(struct call *c)
{
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(service_key_revoke(&c->ctx, id));
    return gateway_answer_nothing(c);
}
