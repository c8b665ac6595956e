/* The error table's columns, and the noting of reasons. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    enum err_class class;
    const char *name, *text;
} table[] = {
#define X(name, class, text) {class, #name, text},
    ERR_TABLE(X)
#undef X
};
_Static_assert(ARRAY_LEN(table) == ERRORS, "ERRORS counts every row");

enum err_class err_class(enum err e)
{
    return table[e].class;
}

const char *err_name(enum err e)
{
    return table[e].name;
}

const char *err_text(enum err e)
{
    return table[e].text;
}

enum err fail(struct reason *reason, enum err e, struct str field, const char *format, ...)
{
    if (!reason || reason->err != ERR_OK) {
        return e;
    }
    reason->err = e;
    reason->field = field;

    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reason->detail, sizeof reason->detail, format, arguments);
    va_end(arguments);
    return e;
}
