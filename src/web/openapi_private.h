/* The files that write a contract, among themselves: openapi.c writes the document, and has its
 * operations from openapi_operation.c and their answers from openapi_response.c. */
#pragma once

#include "web/face.h"
#include "web/openapi_schema.h"

/* One document on its way. */
struct document {
    const struct face *face;
    const void *settings; /* the face's own */
    struct schemas schemas;
    int statuses[ERRORS]; /* what the face makes of each error */
    struct pen pen;
};

enum {
    DOCUMENT_TEXT = 1024 /* the longest name or sentence that is put together */
};

/* Writes what was put together; the document fails if that did not fit. */
void document_text(struct document *document, struct str name, const struct buf *built);

/* "content" of this type: open_content up to its schema, and close_content. */
void open_content(struct pen *pen, struct str type);
void close_content(struct pen *pen);

/* Whether the row wants a token. */
bool needs_token(const struct route *route);

/* The operation of a row for one of its methods. `path` names the parameters: that of the first row
 * with this path, as all of them stand in the document under one key. */
void operation_write(struct document *document, const struct route *route, enum http_method method,
                     const char *path);

/* Asks the face what it makes of each error, into document->statuses. */
void responses_prepare(struct document *document, struct arena *arena);

/* Everything that the row may answer. */
void responses_write(struct document *document, const struct route *route);

/* What the answers of all rows share, into the components. */
void responses_write_shared(struct document *document);
