/* Document 002's endpoints, in its order: read, one domain call, answer. */
#include "api/edge/edge.h"
#include "api/edge/routes.h"
#include "api/edge/shapes.h"
#include "domain/admin.h"
#include "domain/login.h"
#include "model/role.h"
#include "web/device.h"
#include "web/health.h"

#define SERVICE STR("auth-service")

static enum err answer_message(struct call *c, struct str text)
{
    return answer(c, &(struct message){text});
}

/* 1. Health Check */
enum err get_health(struct call *c)
{
    bool well = health_store_is_reachable(c);
    struct health health = {well ? STR("ok") : STR("degraded"), SERVICE, c->ctx.now};

    return well ? answer(c, &health) : answer_or(c, &health);
}

/* 2. Login */
enum err post_login(struct call *c)
{
    struct credentials in = {0};
    struct logged_in out;

    TRY(read_body(c, &in));
    TRY(login(&c->ctx, &(struct login){in.username, in.password, device_shown(c)}, &out));
    device_remember(c, out.device);
    return answer(c, &(struct bearer){out.token.text, STR("Bearer"), out.token.seconds});
}

static enum err answer_identity(struct call *c)
{
    const struct actor *actor = &c->ctx.actor;
    struct buf id = buf_in_arena(c->ctx.arena, ID_TEXT);
    struct buf roles = buf_in_arena(c->ctx.arena, 1024);

    id_print(&id, actor->user);
    for (unsigned role = 0; role < ROLES; role++) {
        if (actor->roles.bits >> role & 1) {
            buf_put(&roles, roles.len ? STR(",") : STR(""));
            buf_put(&roles, role_name((enum role)role));
        }
    }
    answer_header(c, STR("X-User-Id"), buf_str(&id));
    answer_header(c, STR("X-User-Email"), actor->email);
    answer_header(c, STR("X-User-Roles"), buf_str(&roles));
    return id.failed || roles.failed ? ERR_MEMORY : ERR_OK;
}

/* 3. Forward Auth */
enum err any_auth(struct call *c)
{
    const struct edge_settings *settings = c->settings;

    if (c->ctx.actor.username.len ==
        0) { /* somebody else speaks for them: that is no answer here */
        return ctx_fail(&c->ctx, ERR_TOKEN_MISSING, STR(""), "no token that says a name");
    }
    answer_header(c, STR("X-User"), c->ctx.actor.username);
    answer_header(c, STR("X-Auth-Service"), SERVICE);
    if (settings->face.identity_headers) {
        TRY(answer_identity(c));
    }
    return answer(c, NULL);
}

/* 4. Create Admin */
enum err post_admin(struct call *c)
{
    struct new_user in = {0};
    struct user user;

    TRY(read_body(c, &in));
    TRY(admin_create(&c->ctx, &in, ROLE_ADMIN, &user));
    return answer_message(c, STR("Admin user created successfully"));
}

/* 5. Update Admin Password */
enum err put_password(struct call *c)
{
    struct new_password in = {0};

    TRY(read_body(c, &in));
    in.change.device = device_shown(c);
    TRY(admin_change_password(&c->ctx, &in));
    return answer_message(c, STR("Password updated successfully"));
}

/* 6. List Admins */
enum err get_admins(struct call *c)
{
    struct admin *admins;
    size_t count;

    TRY(admin_list(&c->ctx, &admins, &count));
    return answer(c, &(struct admin_page){
                         {admins, count, sizeof *admins}
    });
}

/* 7. Deactivate Admin */
enum err delete_admin(struct call *c)
{
    struct str username = call_parameter(c, 0);

    if (username.len == 0) {
        return ctx_fail(&c->ctx, ERR_FIELD_MISSING, STR("username"), "nobody named");
    }
    TRY(admin_stop(&c->ctx, username));
    return answer_message(c, STR("Admin user deactivated successfully"));
}
