/* HTML from templates: {{name}} is a value, escaped always; what stands between {{#name}} and
 * {{/name}} is there when that value has text, between {{^name}} and {{/name}} when it has none.
 * There is no way to put a value in as it is. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

struct buf;

struct markup_value {
    const char *name;
    struct str text;
};

struct markup_values {
    const struct markup_value *values;
    size_t count;
};

/* ERR_CONFIG when the template names a value that is not among them, or its braces do not match:
 * a slip of ours, that a test of each template finds. ERR_MEMORY. */
enum err markup_write(struct buf *out, const char *template, const struct markup_values *values);
