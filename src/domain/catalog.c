/* One block of memory: the roles, the names of what they allow, and the texts of both. */
#include "domain/catalog.h"

#include "model/name.h"
#include "store/queries.h"

#include <stdlib.h>
#include <string.h>

struct catalog {
    size_t count;
    struct catalog_role *roles; /* by id */
    struct str *names;
    char *text;
};

static enum err catalog_make(size_t rows, size_t bytes, struct catalog **ret)
{
    struct catalog *catalog = calloc(1, sizeof *catalog);

    if (!catalog) {
        return ERR_MEMORY;
    }
    catalog->roles = calloc(rows + 1, sizeof *catalog->roles);
    catalog->names = calloc(rows + 1, sizeof *catalog->names);
    catalog->text = malloc(bytes + 1);
    if (!catalog->roles || !catalog->names || !catalog->text) {
        catalog_destroy(catalog);
        return ERR_MEMORY;
    }
    *ret = catalog;
    return ERR_OK;
}

void catalog_destroy(void *old)
{
    struct catalog *catalog = old;

    if (catalog) {
        free(catalog->roles);
        free(catalog->names);
        free(catalog->text);
        free(catalog);
    }
}

static struct str keep(char **at, struct str text)
{
    struct str kept = {*at, text.len};

    if (text.len > 0) {
        memcpy(*at, text.ptr, text.len);
    }
    *at += text.len;
    return kept;
}

/* The rows of one role follow on one another, in order of the permissions' names. */
static void fill(struct catalog *catalog, const struct role_grants_row *rows, size_t count)
{
    struct str *name = catalog->names;
    char *text = catalog->text;

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !id_eq(rows[i].role, rows[i - 1].role)) {
            catalog->roles[catalog->count++] =
                (struct catalog_role){.id = rows[i].role,
                                      .name = keep(&text, rows[i].name),
                                      .built_in = role_of(rows[i].name),
                                      .names = name};
        }
        if (str_is_set(rows[i].permission)) { /* a role that allows nothing has a row, too */
            struct catalog_role *role = &catalog->roles[catalog->count - 1];
            permission_add(&role->held, rows[i].permission);
            *name++ = keep(&text, rows[i].permission);
            role->count++;
        }
    }
}

enum err catalog_read(struct ctx *ctx, struct catalog **ret)
{
    struct role_grants_row *rows;
    size_t count, bytes = 0;

    TRY(q_role_grants(ctx->tx, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        bytes += rows[i].name.len + rows[i].permission.len;
    }
    TRY(catalog_make(count, bytes, ret));
    fill(*ret, rows, count);
    return ERR_OK;
}

static int compare_ids(const void *a, const void *b)
{
    return memcmp(((const struct catalog_role *)a)->id.bytes,
                  ((const struct catalog_role *)b)->id.bytes, sizeof(struct id));
}

const struct catalog_role *catalog_by_id(const struct catalog *catalog, struct id id)
{
    struct catalog_role key = {.id = id};

    return bsearch(&key, catalog->roles, catalog->count, sizeof key, compare_ids);
}

const struct catalog_role *catalog_by_name(const struct catalog *catalog, struct str name)
{
    for (size_t i = 0; i < catalog->count; i++) {
        if (str_eq(catalog->roles[i].name, name)) {
            return &catalog->roles[i];
        }
    }
    return NULL;
}

static int compare_texts(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static bool is_named(const struct catalog_role *role, struct str name)
{
    return bsearch(&name, role->names, role->count, sizeof name, compare_texts) != NULL;
}

/* Whether "users:*" is named, for "users:read"; `text` has room for a star behind `kind`. */
static bool kind_is_named(const struct catalog_role *role, struct str kind, char *text)
{
    memcpy(text, kind.ptr, kind.len);
    text[kind.len] = '*';
    return is_named(role, (struct str){text, kind.len + 1});
}

/* Asks for the name, and for each that would grant it: few, however much the role allows. */
bool catalog_allows(const struct catalog_role *role, struct str permission)
{
    char text[NAME_MOST + 2];

    if (role->count == 0 || permission.len > NAME_MOST + 1) {
        return false;
    }
    if (is_named(role, permission) || is_named(role, STR("*"))) {
        return true;
    }
    for (size_t i = 0; i + 1 < permission.len; i++) {
        if (permission.ptr[i] == ':' && kind_is_named(role, str_sub(permission, 0, i + 1), text)) {
            return true;
        }
    }
    return false;
}
