/* Values by kind. */
#include "ops/setting_value.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/number.h"
#include "base/secret.h"
#include "ops/utf8.h"

#include <string.h>

struct unit {
    char letter;
    int64_t worth;
};

/* From the largest to the smallest; the last one may be left out. */
static const struct unit times[] = {
    {'d', 86400},
    {'h', 3600 },
    {'m', 60   },
    {'s', 1    }
};
static const struct unit sizes[] = {
    {'g', 1 << 30},
    {'m', 1 << 20},
    {'k', 1 << 10}
};

struct units {
    const struct unit *list;
    size_t count;
};

/* None for plain numbers. */
static struct units units_of(enum setting_kind kind)
{
    if (kind == SETTING_SECONDS) {
        return (struct units){times, ARRAY_LEN(times)};
    }
    if (kind == SETTING_BYTES) {
        return (struct units){sizes, ARRAY_LEN(sizes)};
    }
    return (struct units){NULL, 0};
}

static bool is_number(enum setting_kind kind)
{
    return kind == SETTING_NUMBER || kind == SETTING_SECONDS || kind == SETTING_BYTES;
}

static bool is_text(enum setting_kind kind)
{
    return kind == SETTING_TEXT || kind == SETTING_WORDS || kind == SETTING_CHOICE;
}

static void print_amount(struct buf *out, enum setting_kind kind, int64_t amount)
{
    struct units units = units_of(kind);

    for (size_t i = 0; i < units.count; i++) {
        if (amount != 0 && amount % units.list[i].worth == 0) {
            buf_put_int(out, amount / units.list[i].worth);
            buf_put_char(out, units.list[i].letter);
            return;
        }
    }
    buf_put_int(out, amount);
}

static void print_range(struct buf *out, const struct setting *row)
{
    if (row->most == INT64_MAX) {
        buf_put(out, STR("of at least "));
        print_amount(out, row->kind, row->least);
        return;
    }
    buf_put(out, STR("from "));
    print_amount(out, row->kind, row->least);
    buf_put(out, STR(" to "));
    print_amount(out, row->kind, row->most);
}

static void print_form(struct buf *out, const char *what, const struct setting *row)
{
    buf_put(out, str_of(what));
    if (row->expects) {
        buf_put(out, STR(", "));
        buf_put(out, str_of(row->expects));
    }
}

void setting_print_expected(struct buf *out, const struct setting *row)
{
    switch (row->kind) {
    case SETTING_TEXT:
        print_form(out, "a text", row);
        return;
    case SETTING_WORDS:
        print_form(out, "words with spaces between", row);
        return;
    case SETTING_SECRET:
        buf_put(out, STR("a secret"));
        if (row->least > 0) {
            buf_print(out, " of at least %lld bytes", (long long)row->least);
        }
        return;
    case SETTING_NUMBER:
        buf_put(out, STR("a number "));
        print_range(out, row);
        return;
    case SETTING_SECONDS:
        buf_put(out, STR("a time "));
        print_range(out, row);
        return;
    case SETTING_BYTES:
        buf_put(out, STR("a size "));
        print_range(out, row);
        return;
    case SETTING_SWITCH:
        buf_put(out, STR("yes or no"));
        return;
    case SETTING_CHOICE:
        break;
    }
    buf_put(out, STR("one of "));
    buf_put(out, str_of(row->choices));
}

/* Shows what was given, but not all of something endless, and no half of a character. */
static void put_given(struct buf *complaint, struct str text)
{
    enum {
        SHOWN = 40
    };
    size_t shown = text.len < SHOWN ? text.len : SHOWN;

    while (shown > 0 && shown < text.len && (text.ptr[shown] & 0xc0) == 0x80) {
        shown--;
    }
    buf_print(complaint, "'%.*s%s'", (int)shown, text.ptr, shown < text.len ? "..." : "");
}

static enum err refuse(const struct setting *row, struct str text, struct buf *complaint)
{
    put_given(complaint, text);
    buf_put(complaint, STR(" is not "));
    setting_print_expected(complaint, row);
    return ERR_CONFIG;
}

static enum err complain(struct buf *complaint, const char *text)
{
    buf_put(complaint, str_of(text));
    return ERR_CONFIG;
}

/* What is no text must be found before it is shown. */
static enum err check_text(struct str text, struct buf *complaint)
{
    while (text.len > 0) {
        uint32_t code = 0;
        size_t length = utf8_decode(text, &code);
        if (length == 0) {
            return complain(complaint, "is not UTF-8");
        }
        if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
            return complain(complaint, "has a control character in it");
        }
        text = str_skip(text, length);
    }
    return ERR_OK;
}

static enum err parse_amount(const struct setting *row, struct str text, int64_t *ret)
{
    struct units units = units_of(row->kind);
    int64_t worth = 1, number;

    for (size_t i = 0; i < units.count && text.len > 0; i++) {
        if (text.ptr[text.len - 1] == units.list[i].letter) {
            worth = units.list[i].worth;
            text.len--;
            break;
        }
    }
    TRY(number_parse(text, row->kind == SETTING_NUMBER ? INT64_MIN : 0, INT64_MAX, &number));
    if (__builtin_mul_overflow(number, worth, &number) || number < row->least ||
        number > row->most) {
        return ERR_FIELD_VALUE;
    }
    *ret = number;
    return ERR_OK;
}

static bool is_choice(const struct setting *row, struct str text)
{
    struct str rest = str_of(row->choices), word;

    while (str_next(&rest, ' ', &word)) {
        if (str_eq(word, text)) {
            return true;
        }
    }
    return false;
}

/* Without case and without what is not a letter or digit; what is too long fails the buffer. */
static void reduce(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= 'A' && c <= 'Z') {
            c = (char)(c | 0x20);
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            buf_put_char(out, c);
        }
    }
}

/* What stands in examples, the world's and ours: whoever copied it has no secret. */
static bool is_example(const struct setting *row, struct str text)
{
    static const char *const known[] = {
        "changeme",
        "changethis",
        "replaceme",
        "secret",
        "mysecret",
        "yoursecret",
        "clientsecret",
        "password",
        "example",
        "default",
        "test",
        "todo",
        "yourclientsecret",
        "supersecret",
        "topsecret",
        "xxx",
        "none",
        "astringsecretatleast256bitslong",
        "abcdefghijklmnopqrstuvwxyz123456",
        "yourpassword",
    };
    char letters[64];
    struct buf reduced = buf_over(letters, sizeof letters);

    reduce(text, &reduced);
    for (size_t i = 0; i < ARRAY_LEN(known) && !reduced.failed; i++) {
        if (str_eq(buf_str(&reduced), str_of(known[i]))) {
            return true;
        }
    }
    return row->expects && str_eq(text, str_of(row->expects));
}

static enum err check_secret(const struct setting *row, struct str text, struct buf *complaint)
{
    if (text.len == 0) {
        return ERR_OK; /* none: whether one is needed, its module knows */
    }
    if (is_example(row, text) || (row->least > 0 && secret_is_pattern(text))) {
        return complain(complaint, "is an example, not a secret");
    }
    if ((int64_t)text.len < row->least) {
        buf_print(complaint, "is shorter than %lld bytes", (long long)row->least);
        return ERR_CONFIG;
    }
    return ERR_OK;
}

/* Asks the module, about the whole text or one of its words. */
static enum err check_form(const struct setting *row, struct str text, struct buf *complaint)
{
    if (text.len == 0 || !row->check || row->check(text) == ERR_OK) {
        return ERR_OK;
    }
    put_given(complaint, text);
    buf_put(complaint, STR(" is not of the form "));
    buf_put(complaint, row->expects ? str_of(row->expects) : STR("that is needed"));
    return ERR_CONFIG;
}

static enum err check_words(const struct setting *row, struct str text, struct buf *complaint)
{
    struct str rest = text, word;

    while (str_next(&rest, ' ', &word)) {
        TRY(check_form(row, word, complaint));
    }
    return ERR_OK;
}

static enum err parse_text(struct arena *arena, const struct setting *row, struct str text,
                           struct str *ret, struct buf *complaint)
{
    if (row->kind == SETTING_CHOICE && !is_choice(row, text)) {
        return refuse(row, text, complaint);
    }
    if (row->kind == SETTING_WORDS) {
        TRY(check_words(row, text, complaint));
    }
    if (row->kind == SETTING_TEXT) {
        TRY(check_form(row, text, complaint));
    }
    return arena_copy(arena, text, ret);
}

enum err setting_parse(struct arena *arena, const struct setting *row, struct str text, void *value,
                       struct buf *complaint)
{
    TRY(check_text(text, complaint));
    if (row->kind == SETTING_SECRET) {
        TRY(check_secret(row, text, complaint));
        return arena_copy(arena, text, &((struct secret *)value)->hidden);
    }
    if (row->kind == SETTING_SWITCH) {
        bool yes = str_eq(text, STR("yes"));
        if (!yes && !str_eq(text, STR("no"))) {
            return refuse(row, text, complaint);
        }
        *(bool *)value = yes;
        return ERR_OK;
    }
    if (is_number(row->kind)) {
        return parse_amount(row, text, value) == ERR_OK ? ERR_OK : refuse(row, text, complaint);
    }
    return parse_text(arena, row, text, value, complaint);
}

/* Of "USER:PASSWORD@HOST", up to the last @: one that was not encoded belongs to the password too.
 */
static struct str password_in_authority(struct str text)
{
    size_t from = 0, to = 0;

    for (size_t at = 0; at < text.len && !str_contains(STR("/?# "), text.ptr[at]); at++) {
        if (text.ptr[at] == ':' && from == 0) {
            from = at + 1;
        } else if (text.ptr[at] == '@' && from > 0) {
            to = at;
        }
    }
    return to > from ? str_sub(text, from, to - from) : (struct str){0};
}

/* Of "?password=PASSWORD", as libpq takes it, and what protects a key. */
static struct str password_in_parameter(struct str text)
{
    static const struct str names[] = {
        {"password=",    9 },
        {"sslpassword=", 12}
    };
    size_t length = 0;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct str value = str_skip(text, 1 + names[i].len);
        if (str_starts(str_skip(text, 1), names[i])) {
            while (length < value.len && !str_contains(STR("&# "), value.ptr[length])) {
                length++;
            }
            return str_sub(value, 0, length);
        }
    }
    return (struct str){0};
}

struct str setting_password_in(struct str text)
{
    struct str password = {0};

    for (; text.len > 0 && password.len == 0; text = str_skip(text, 1)) {
        if (str_starts(text, STR("://"))) {
            password = password_in_authority(str_skip(text, 3));
        } else if (text.ptr[0] == '?' || text.ptr[0] == '&') {
            password = password_in_parameter(text);
        }
    }
    return password;
}

static void print_text(struct buf *out, struct str text)
{
    struct str password = setting_password_in(text);

    if (password.len == 0) {
        buf_put(out, text);
        return;
    }
    buf_put(out, (struct str){text.ptr, (size_t)(password.ptr - text.ptr)});
    buf_put(out, STR("(hidden)"));
    print_text(out, str_skip(text, (size_t)(password.ptr - text.ptr) + password.len));
}

void setting_print(struct buf *out, const struct setting *row, const void *value)
{
    if (row->kind == SETTING_SECRET) {
        bool given = ((const struct secret *)value)->hidden.len > 0;
        buf_put(out, given ? STR("(hidden)") : STR(""));
        return;
    }
    if (row->kind == SETTING_SWITCH) {
        buf_put(out, *(const bool *)value ? STR("yes") : STR("no"));
        return;
    }
    if (is_number(row->kind)) {
        print_amount(out, row->kind, *(const int64_t *)value);
        return;
    }
    print_text(out, *(const struct str *)value);
}

void setting_print_initial(struct buf *out, const struct setting *row)
{
    int64_t amount;

    if (row->kind == SETTING_SECRET || !row->initial) {
        return;
    }
    if (is_number(row->kind) && parse_amount(row, str_of(row->initial), &amount) == ERR_OK) {
        print_amount(out, row->kind, amount);
        return;
    }
    buf_put(out, str_of(row->initial));
}

bool setting_same(const struct setting *row, const void *a, const void *b)
{
    if (row->kind == SETTING_SECRET) {
        return secret_eq(((const struct secret *)a)->hidden, ((const struct secret *)b)->hidden);
    }
    if (row->kind == SETTING_SWITCH) {
        return *(const bool *)a == *(const bool *)b;
    }
    if (is_text(row->kind)) {
        return str_eq(*(const struct str *)a, *(const struct str *)b);
    }
    return *(const int64_t *)a == *(const int64_t *)b;
}

enum err setting_copy(struct arena *arena, const struct setting *row, const void *from, void *to)
{
    if (row->kind == SETTING_SECRET) {
        return arena_copy(arena, ((const struct secret *)from)->hidden,
                          &((struct secret *)to)->hidden);
    }
    if (row->kind == SETTING_SWITCH) {
        *(bool *)to = *(const bool *)from;
        return ERR_OK;
    }
    if (is_text(row->kind)) {
        return arena_copy(arena, *(const struct str *)from, to);
    }
    *(int64_t *)to = *(const int64_t *)from;
    return ERR_OK;
}
