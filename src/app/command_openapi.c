/* signet openapi. */
#include "app/commands.h"
#include "app/plan.h"
#include "base/arena.h"
#include "base/buf.h"
#include "web/openapi.h"

enum {
    KEEP = 4096,
    LIMIT = 8 << 20
};

static const struct router_face *face_named(const struct plan *plan, struct str name)
{
    for (size_t i = 0; i < plan->face_count; i++) {
        if (str_eq(plan->faces[i].face->name, name)) {
            return &plan->faces[i];
        }
    }
    return NULL;
}

static enum err contract_of(const struct config *config, struct str name, struct reason *reason,
                            struct buf *out)
{
    const struct router_face *face;
    struct plan plan;
    struct str document;

    plan_every_face(config, &plan);
    face = face_named(&plan, name);
    if (!face) {
        return fail(reason, ERR_CONFIG, STR(""), "there is no face %.*s, or it is off",
                    STR_ARG(name));
    }
    TRY(openapi_write(out->arena, face, reason, &document));
    buf_put(out, document);
    buf_put_char(out, '\n');
    return ERR_OK;
}

static enum err write(const struct command_line *line, struct reason *reason, struct buf *out)
{
    struct config *config;

    TRY(cli_config(line, /* dev= */ false, reason, &config));
    enum err e = contract_of(config, line->words[0], reason, out);
    config_free(config);
    return e;
}

static int run(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct reason reason = {0};
    struct buf out;

    if (!arena) {
        return cli_failed(ERR_MEMORY, &reason);
    }
    out = buf_in_arena(arena, LIMIT);
    enum err e = write(line, &reason, &out);
    return e == ERR_OK ? cli_print(&out) : cli_failed(e, &reason);
}

const struct command command_openapi = {
    .chapter = "Looking after it",
    .name = "openapi",
    .arguments = "FACE",
    .help = "Print the contract of a face, in OpenAPI 3.1",
    .more =
        "The one that a server with these settings has at /openapi/FACE.json. The faces are "
        "the first column of `signet routes`.",
    .takes = TAKES_STORE | TAKES_LISTEN,
    .least = 1,
    .most = 1,
    .run = run,
};
