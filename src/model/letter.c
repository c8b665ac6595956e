/* Letters: their names, and the secret part as one text. */
#include "model/letter.h"

#include "base/buf.h"
#include "base/number.h"
#include "model/colour.h"
#include "text/normal.h"

enum {
    VALUE_MOST = 4096
};

static const char *const names[LETTER_KINDS] = {
#define X(constant, name) [constant] = (name),
    LETTER_TABLE(X)
#undef X
};

struct str letter_kind_name(enum letter_kind kind)
{
    return str_of(names[kind]);
}

enum letter_kind letter_kind_of(struct str name)
{
    enum letter_kind kind = 0;

    while (kind < LETTER_KINDS && !str_eq(str_of(names[kind]), name)) {
        kind++;
    }
    return kind;
}

struct str letter_state_name(enum letter_state state)
{
    switch (state) {
    case LETTER_WAITING:
        return STR("waiting");
    case LETTER_CLAIMED:
        return STR("being sent");
    case LETTER_HANDED:
        return STR("handed over");
    case LETTER_SENT:
        return STR("sent");
    case LETTER_DEAD:
        return STR("dead");
    }
    return STR("");
}

/* Each as its length, a colon, its bytes and a comma; one without text as a dash and a comma. */
static void put_value(struct buf *out, struct str value)
{
    if (!str_is_set(value)) {
        buf_put(out, STR("-,"));
        return;
    }
    buf_put_int(out, (int64_t)value.len);
    buf_put_char(out, ':');
    buf_put(out, value);
    buf_put_char(out, ',');
}

void letter_print(struct buf *out, const struct letter *letter)
{
    put_value(out, letter->path);
    put_value(out, letter->token.hidden);
    put_value(out, letter->code.hidden);
    put_value(out, letter->brand.name);
    put_value(out, letter->brand.colour);
}

static enum err take_value(struct str *rest, struct str *ret)
{
    struct str digits, behind;
    int64_t length;

    if (str_starts(*rest, STR("-,"))) {
        *rest = str_skip(*rest, 2);
        *ret = (struct str){0};
        return ERR_OK;
    }
    if (!str_cut(*rest, ':', &digits, &behind) || (digits.len > 1 && digits.ptr[0] == '0')) {
        return ERR_FIELD_VALUE;
    }
    TRY(number_parse(digits, 0, VALUE_MOST, &length));
    if (behind.len <= (size_t)length || behind.ptr[length] != ',') {
        return ERR_FIELD_VALUE;
    }
    *ret = str_sub(behind, 0, (size_t)length);
    *rest = str_skip(behind, (size_t)length + 1);
    return ERR_OK;
}

enum err letter_parse(struct str text, struct letter *letter)
{
    struct str path, token, code;
    struct brand brand;

    TRY(take_value(&text, &path));
    TRY(take_value(&text, &token));
    TRY(take_value(&text, &code));
    TRY(take_value(&text, &brand.name));
    TRY(take_value(&text, &brand.colour));
    if (text.len > 0) {
        return ERR_FIELD_VALUE;
    }
    letter->path = path;
    letter->token.hidden = token;
    letter->code.hidden = code;
    letter->brand = brand;
    return ERR_OK;
}

static bool is_one_line(struct str text)
{
    return text.len <= VALUE_MOST && text_is_one_line(text);
}

enum err letter_check(const struct letter *letter)
{
    bool right = is_one_line(letter->to.shown) && is_one_line(letter->path) &&
                 is_one_line(letter->token.hidden) && is_one_line(letter->code.hidden) &&
                 is_one_line(letter->brand.name);

    right = right && (!str_is_set(letter->path) || str_starts(letter->path, STR("/")));
    right = right && (letter->brand.colour.len == 0 || colour_is_fine(letter->brand.colour));
    return right ? ERR_OK : ERR_FIELD_VALUE;
}
