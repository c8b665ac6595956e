/* What may stand in one line. */
#include "mail/line.h"

#include "text/normal.h"

enum err line_parse(struct str text, struct line *ret)
{
    if (text.len > LINE_MOST || !text_is_one_line(text)) {
        return ERR_FIELD_VALUE;
    }
    *ret = (struct line){text};
    return ERR_OK;
}

enum err line_of(struct arena *arena, struct str text, struct line *ret)
{
    struct str line;

    TRY(text_as_one_line(arena, text, &line));
    return line_parse(line, ret);
}
