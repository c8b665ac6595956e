/* What may stand in one line. */
#include "mail/line.h"

#include "text/normal.h"

#include <string.h>

static bool ends_a_line(struct str text, size_t at)
{
    unsigned char c = (unsigned char)text.ptr[at];
    struct str rest = str_skip(text, at);

    return c < 0x20 || c == 0x7f ||
           (c == 0xc2 && str_sub(rest, 1, 1).len == 1 &&
            (unsigned char)rest.ptr[1] < 0xa0) /* the controls of C1 */
           || str_starts(rest, STR("\xe2\x80\xa8")) || str_starts(rest, STR("\xe2\x80\xa9"));
}

enum err line_parse(struct str text, struct line *ret)
{
    if (text.len > LINE_MOST || text_well_formed(text) != text.len) {
        return ERR_FIELD_VALUE;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (ends_a_line(text, i)) {
            return ERR_FIELD_VALUE;
        }
    }
    *ret = (struct line){text};
    return ERR_OK;
}
