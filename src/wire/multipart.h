/* Uploads: the one part of a multipart/form-data body (RFC 7578) that is wanted. */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum {
    MULTIPART_PARTS = 16,  /* most of a body */
    MULTIPART_HEADERS = 8, /* most of a part */
    MULTIPART_LINE = 1024  /* bytes of a header of a part */
};

/* The content of the part of this name: a slice of `body`, read without a copy. Parts of other
 * names are passed over, and what a client says of a file, its name and its type, is not looked at.
 * Whatever two readers could see in two ways is refused: no text before the first boundary or
 * behind the last one, no line that ends without CR LF, no name that stands twice. With a reason:
 *     ERR_FORM_TYPE       the content-type is not multipart/form-data
 *     ERR_FORM_MALFORMED  it has no boundary, or the body is not what it says
 *     ERR_FIELD_MISSING   no part has the name */
enum err multipart_read(struct str type, struct str body, struct str name, struct reason *reason,
                        struct str *ret);
