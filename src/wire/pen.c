/* Brackets, names and commas; the texts are json_write's. */
#include "wire/pen.h"

#include "wire/json.h"

static void begin(struct pen *pen, struct str name)
{
    if (pen->comma) {
        buf_put_char(pen->out, ',');
    }
    if (str_is_set(name)) {
        json_write_text(pen->out, name);
        buf_put_char(pen->out, ':');
    }
    pen->comma = true;
}

static void nest(struct pen *pen, struct str name, char opening, char closing)
{
    begin(pen, name);
    if (pen->depth == PEN_DEPTH) {
        pen->out->failed = true;
        return;
    }
    buf_put_char(pen->out, opening);
    pen->closing[pen->depth++] = closing;
    pen->comma = false;
}

void pen_object(struct pen *pen, struct str name)
{
    nest(pen, name, '{', '}');
}

void pen_array(struct pen *pen, struct str name)
{
    nest(pen, name, '[', ']');
}

void pen_text(struct pen *pen, struct str name, struct str text)
{
    begin(pen, name);
    json_write_text(pen->out, text);
}

void pen_int(struct pen *pen, struct str name, int64_t number)
{
    begin(pen, name);
    buf_put_int(pen->out, number);
}

void pen_json(struct pen *pen, struct str name, struct str json)
{
    begin(pen, name);
    buf_put(pen->out, json);
}

void pen_bool(struct pen *pen, struct str name, bool yes)
{
    pen_json(pen, name, yes ? STR("true") : STR("false"));
}

void pen_end(struct pen *pen)
{
    if (pen->depth == 0) {
        pen->out->failed = true;
        return;
    }
    buf_put_char(pen->out, pen->closing[--pen->depth]);
    pen->comma = true;
}
