/* Paths against all rows of all faces. The first byte is the method, the rest the path. What is
 * found fits, and of all that fit it has the fewest parameters; what fits without any is found. */
#include "app/plan.h"
#include "base/arena.h"
#include "fuzz/harness.h"

static struct served {
    struct config *config;
    struct plan plan;
    struct router *router;
} served;

static void forget(void)
{
    router_destroy(served.router);
    config_free(served.config);
}

static void learn(void)
{
    struct reason reason = {0};

    PROMISE(config_load(&(struct config_options){0}, &reason, &served.config) == ERR_OK);
    plan_every_face(served.config, &served.plan);
    PROMISE(router_create(served.plan.faces, served.plan.face_count, &reason, &served.router) ==
            ERR_OK);
    (void)atexit(forget);
}

/* Segment by segment; how many parameters the row has, and where the path has them. -1: no. */
static int fits(struct str row, struct str path, struct str parameters[ROUTE_PARAMETERS])
{
    bool more = true, as_much = true;
    int count = 0;

    while (more && as_much) {
        struct str wanted, given;
        more = str_cut(row, '/', &wanted, &row);
        as_much = str_cut(path, '/', &given, &path) == more;
        if (str_starts(wanted, STR(":")) && count < ROUTE_PARAMETERS) {
            parameters[count++] = given;
        } else if (!str_eq(wanted, given)) {
            return -1;
        }
    }
    return as_much ? count : -1;
}

/* With its beginning, and without where it may come so. */
static int fits_somehow(const struct face *face, const struct route *route, struct str path,
                        struct str parameters[ROUTE_PARAMETERS])
{
    struct str row = str_of(route->path);
    int count = fits(row, path, parameters);
    bool strips = face->strippable.len > 0 && str_starts(row, face->strippable);

    return count < 0 && strips ? fits(str_skip(row, face->strippable.len), path, parameters)
                               : count;
}

static bool takes(const struct route *route, enum http_method method)
{
    return route->method == ANY || route->method == method ||
           (route->method == GET && method == HEAD);
}

static void assert_fits(const struct found *found, enum http_method method, struct str path)
{
    struct str parameters[ROUTE_PARAMETERS] = {0};

    PROMISE(takes(found->route, method));
    int count = fits_somehow(found->face->face, found->route, path, parameters);
    PROMISE(count >= 0);
    for (int i = 0; i < count; i++) {
        PROMISE(str_eq(parameters[i], found->parameters[i]));
    }
}

static void find(enum http_method method, struct str path)
{
    struct str parameters[ROUTE_PARAMETERS] = {0};
    struct found found;
    int fewest = ROUTE_PARAMETERS + 1;

    router_find(served.router, ~0U, method, path, &found);
    PROMISE(found.face);
    if (found.route) {
        assert_fits(&found, method, path);
        fewest = fits_somehow(found.face->face, found.route, path, parameters);
    }
    for (size_t i = 0; i < router_count(served.router); i++) {
        const struct face *face;
        const struct route *route = router_route(served.router, i, &face);
        int count = fits_somehow(face, route, path, parameters);
        if (count >= 0 && takes(route, method)) {
            PROMISE(count > 0 || found.route);
            PROMISE(!found.route || fewest <= count);
        }
    }
    PROMISE(!found.route || found.allowed != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str path = str_skip((struct str){(const char *)data, size}, 1);

    if (!served.router) {
        learn();
    }
    PROMISE(router_face_of(served.router, ~0U, path));
    if (size > 1 && path.ptr[0] == '/') { /* as the parser leaves it */
        find(data[0] == UINT8_MAX ? METHOD_OTHER : (enum http_method)(data[0] % HTTP_METHODS),
             path);
    }
    return 0;
}
