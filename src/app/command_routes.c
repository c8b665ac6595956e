/* signet routes. */
#include "app/commands.h"
#include "app/plan.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"

#include <unistd.h>

enum {
    KEEP = 4096,
    LIMIT = 1 << 20
};

static struct str requirement_name(struct arena *arena, enum requirement requirement)
{
    static const struct str plain[MAY_PERMISSIONS] = {
        [MAY_ANYONE] = {"anyone",                       6 },
        [MAY_ANYONE_KNOWN] = {"anyone or signed-in",          19},
        [MAY_SIGNED_IN] = {"signed-in",                    9 },
        [MAY_EVERYTHING] = {"everything",                   10},
        [MAY_SCRAPE] = {"metrics:read or metrics.from", 28},
    };
    static const struct {
        unsigned base;
        const char *before, *behind;
    } kinds[] = {
        {MAY_SELF_PERMISSIONS,      "oneself or ", ""          },
        {MAY_SOMEWHERE_PERMISSIONS, "",            " somewhere"},
        {MAY_PERMISSIONS,           "",            ""          },
    };
    struct str text = STR("");

    if (requirement < MAY_PERMISSIONS) {
        return plain[requirement];
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds) && text.len == 0; i++) {
        if (requirement >= kinds[i].base) {
            (void)!arena_print(arena, &text, "%s%.*s%s", kinds[i].before,
                               STR_ARG(policy_permission(requirement)), kinds[i].behind);
        }
    }
    return text;
}

static struct str unit_name(enum unit_kind unit)
{
    switch (unit) {
    case TX_NONE:
        return STR("none");
    case TX_READ:
        return STR("read");
    case TX_WRITE:
        return STR("write");
    case TX_LATE:
        return STR("late");
    }
    return STR("");
}

static struct str lane_name(enum lane lane)
{
    switch (lane) {
    case NOW:
        return STR("now");
    case STORE:
        return STR("store");
    case HASH:
        return STR("hash");
    case AWAY:
        return STR("away");
    case DRAW:
        return STR("draw");
    }
    return STR("");
}

static struct str rate_name(enum rate_class rate)
{
    switch (rate) {
    case RATE_ANY:
        return STR("any");
    case RATE_LOGIN:
        return STR("login");
    case RATE_REGISTER:
        return STR("register");
    case RATE_LETTER:
        return STR("letter");
    case RATE_LINK:
        return STR("link");
    }
    return STR("");
}

static void put_route(struct arena *arena, struct table *table, const struct face *face,
                      const struct route *route)
{
    table_put(table, face->name);
    table_put(table, route->method == ANY ? STR("ANY") : http_method_name(route->method));
    table_put(table, str_of(route->path));
    table_put(table, requirement_name(arena, route->may));
    table_put(table, unit_name(route->unit));
    table_put(table, lane_name(route->lane));
    table_put(table, rate_name(route->rate));
}

static int print(struct arena *arena, const struct router *router)
{
    static const char *const heads[] = {"FACE", "METHOD", "PATH", "WHO MAY",
                                        "UNIT", "LANE",   "RATE"};
    struct table table = table_in_arena(arena, heads, ARRAY_LEN(heads));
    struct buf out = buf_in_arena(arena, LIMIT);

    for (size_t i = 0; i < router_count(router); i++) {
        const struct face *face;
        const struct route *route = router_route(router, i, &face);
        put_route(arena, &table, face, route);
    }
    table_print(&out, &table, table_form_for(STDOUT_FILENO));
    return cli_print(&out);
}

static enum err load(const struct command_line *line, struct reason *reason,
                     struct config **ret_config, struct router **ret)
{
    struct plan plan;

    TRY(cli_config(line, /* dev= */ false, reason, ret_config));
    TRY(plan_make(*ret_config, reason, &plan)); /* refuses what a server would refuse */
    plan_every_face(*ret_config, &plan);
    return router_create(plan.faces, plan.face_count, reason, ret);
}

static int run(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct reason reason = {0};
    struct config *config = NULL;
    struct router *router = NULL;

    enum err e = arena ? load(line, &reason, &config, &router) : ERR_MEMORY;
    int status = e == ERR_OK ? print(arena, router) : cli_failed(e, &reason);
    router_destroy(router);
    config_free(config);
    return status;
}

const struct command command_routes = {
    .chapter = "Looking after it",
    .name = "routes",
    .arguments = "",
    .help = "List the routes, and who may call each",
    .more =
        "As the settings have it: a face that is switched off has none. Those of the face dev are "
        "served by signet dev alone. On a terminal in "
        "columns; elsewhere one a line, with tabs between face, method, path, who may call, "
        "unit of work, lane and rate class, and without heads.",
    .takes = TAKES_STORE | TAKES_LISTEN,
    .run = run,
};
