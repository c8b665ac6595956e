/* Shapes as JSON Schema: what openapi.c refers to. */
#pragma once

#include "wire/fields.h"
#include "wire/pen.h"

struct arena;
struct face;

/* What stands in an array, and the document itself. */
#define NAMELESS ((struct str){0})

/* A shape is another schema coming in than going out: other members are required, secrets are
 * never told, lists never read. */
enum direction {
    COMING,
    GOING
};

struct schema {
    const struct shape *shape;
    enum direction direction;
    struct str name; /* "NewAdmin"; "NewAdminInput" where that also goes out */
    struct schema *next;
};

/* All schemas of a face, each once, in the order in which its rows come upon them. */
struct schemas {
    struct schema *first;
};

/* ERR_CONFIG when two of one name differ; ERR_MEMORY. */
enum err schemas_of(struct arena *arena, const struct face *face, struct reason *reason,
                    struct schemas *ret);

/* Each by its name, into the object that is open. */
void schemas_write(const struct schemas *schemas, struct pen *pen);

/* {"$ref": …} to one of them. */
void schema_refer(const struct schemas *schemas, struct pen *pen, const struct shape *shape,
                  enum direction direction);

/* The schema of a parameter of the query. */
void schema_parameter(const struct schemas *schemas, struct pen *pen, const struct shape *shape,
                      const struct field *field);
