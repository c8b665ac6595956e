/* Document 001's Auth: in, on, and out. */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "domain/logout.h"
#include "domain/refresh.h"
#include "web/device.h"

enum err gateway_post_login(struct call *c)
{
    struct credentials in = {0};
    struct logged_in out;

    TRY(read_body(c, &in));
    TRY(login(&c->ctx, &(struct login){in.email, in.password, device_shown(c)}, &out));
    return gateway_answer_login(c, &out);
}

enum err gateway_post_refresh(struct call *c)
{
    struct refresh_body in = {0};
    struct refreshed out;

    TRY(read_body(c, &in));
    TRY(refresh_use(&c->ctx, in.token, &out));
    struct tokens tokens = {.access = out.token.text, .refresh = out.refresh.hidden};
    return answer(c, &(struct tokens_answer){gateway_envelope(c, true), tokens});
}

enum err gateway_post_logout(struct call *c)
{
    struct refresh_body in = {0};

    TRY(read_body(c, &in));
    TRY(logout_self(&c->ctx, in.token));
    return gateway_answer_nothing(c);
}
