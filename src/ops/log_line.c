/* Lines as JSON and for the eye. Written once a request: no printf, nothing is measured twice. */
#include "ops/log_line.h"

#include "base/buf.h"

/* Bytes of output that each part may take. A line has room for all of them and its own syntax. */
enum {
    ID_MOST = 192,
    FACE_MOST = 64,
    METHOD_MOST = 48,
    ROUTE_MOST = 256,
    PATH_MOST = 1024,
    PEER_MOST = 96,
    ERROR_MOST = 64,
    DETAIL_MOST = 640,
    WARNING_MOST = 192,
    MESSAGE_MOST = 2048,
    SYNTAX_MOST = 512 /* names, quotes, numbers, the time, the actor, colours, padding */
};
_Static_assert(ID_MOST + FACE_MOST + METHOD_MOST + ROUTE_MOST + PATH_MOST + PEER_MOST + ERROR_MOST +
                       DETAIL_MOST + WARNING_MOST + SYNTAX_MOST <=
                   LOG_LINE_MOST,
               "a request line fits");
_Static_assert(MESSAGE_MOST + SYNTAX_MOST <= LOG_LINE_MOST, "an event line fits");

struct str log_stamp_at(struct log_stamp *stamp, struct moment now)
{
    int64_t second = moment_seconds(now);
    int64_t millis = now.ms - second * 1000;
    enum {
        FRACTION = 20,
        LENGTH = 24
    };

    if (second != stamp->second || stamp->text[0] == '\0') {
        struct buf text = buf_over(stamp->text, sizeof stamp->text);
        moment_print(&text, now, MOMENT_MILLIS);
        stamp->second = second;
    }
    stamp->text[FRACTION] = (char)('0' + millis / 100);
    stamp->text[FRACTION + 1] = (char)('0' + millis / 10 % 10);
    stamp->text[FRACTION + 2] = (char)('0' + millis % 10);
    return (struct str){stamp->text, LENGTH};
}

enum log_level log_request_level(const struct log_request *line)
{
    if (line->status >= 500) {
        return LOG_ERROR;
    }
    return line->warning ? LOG_WARNING : LOG_INFO;
}

static struct str level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return STR("debug");
    case LOG_INFO:
        return STR("info");
    case LOG_WARNING:
        return STR("warning");
    case LOG_ERROR:
        break;
    }
    return STR("error");
}

/* The actor as text. */
static void put_id(struct log_text *out, struct id id)
{
    char text[ID_TEXT];
    struct buf buf = buf_over(text, sizeof text);

    id_print(&buf, id);
    log_text_raw(out, buf_str(&buf));
}

/* JSON. */

static void put_head(struct log_text *out, struct str time, enum log_level level)
{
    log_text_raw(out, STR("{\"time\":\""));
    log_text_raw(out, time);
    log_text_raw(out, STR("\",\"level\":\""));
    log_text_raw(out, level_name(level));
    log_text_raw(out, STR("\",\"msg\":\""));
}

/* `name` comes with everything up to the value's opening quote. Absent texts are left out. */
static void put_member(struct log_text *out, struct str name, struct str value, size_t most)
{
    if (str_is_set(value)) {
        log_text_raw(out, name);
        log_text_escaped(out, value, most, ESCAPE_JSON);
        log_text_raw(out, STR("\""));
    }
}

static void put_number(struct log_text *out, struct str name, int64_t value)
{
    log_text_raw(out, name);
    log_text_number(out, value > 0 ? (uint64_t)value : 0);
}

static void put_json_request(struct log_text *out, struct str time, const struct log_request *line)
{
    put_head(out, time, log_request_level(line));
    log_text_raw(out, STR("request\""));
    put_member(out, STR(",\"id\":\""), line->id, ID_MOST);
    put_member(out, STR(",\"face\":\""), line->face, FACE_MOST);
    put_member(out, STR(",\"method\":\""), line->method, METHOD_MOST);
    put_member(out, STR(",\"route\":\""), line->route, ROUTE_MOST);
    put_member(out, STR(",\"path\":\""), line->path, PATH_MOST);
    put_number(out, STR(",\"status\":"), line->status);
    put_number(out, STR(",\"us\":"), line->microseconds);
    put_member(out, STR(",\"peer\":\""), line->peer, PEER_MOST);
    if (id_is_set(line->actor)) {
        log_text_raw(out, STR(",\"actor\":\""));
        put_id(out, line->actor);
        log_text_raw(out, STR("\""));
    }
    put_member(out, STR(",\"error\":\""), str_of(line->error), ERROR_MOST);
    put_member(out, STR(",\"detail\":\""), str_of(line->detail), DETAIL_MOST);
    put_member(out, STR(",\"warning\":\""), str_of(line->warning), WARNING_MOST);
    log_text_raw(out, STR("}\n"));
}

/* For the eye. */

static void put_colour(struct log_text *out, const struct log_style *style, struct str code)
{
    if (style->colour) {
        log_text_raw(out, STR("\033["));
        log_text_raw(out, code);
        log_text_raw(out, STR("m"));
    }
}

static struct str level_colour(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return STR("2"); /* faint */
    case LOG_INFO:
        return STR("0"); /* as everything else */
    case LOG_WARNING:
        return STR("33"); /* yellow */
    case LOG_ERROR:
        break;
    }
    return STR("31"); /* red */
}

static struct str status_colour(int status)
{
    if (status >= 500) {
        return STR("31"); /* red */
    }
    if (status >= 400) {
        return STR("33"); /* yellow */
    }
    return status >= 300 ? STR("36") : STR("32"); /* cyan, green */
}

static void put_spaces(struct log_text *out, size_t count)
{
    static const char spaces[] = "                                "; /* the widest column */

    log_text_raw(out, (struct str){spaces, count < sizeof spaces ? count : sizeof spaces - 1});
}

/* Fills up with spaces to `width` bytes since `start`; never fewer than one. */
static void put_padding(struct log_text *out, const char *start, size_t width)
{
    size_t length = (size_t)(out->at - start);

    put_spaces(out, length < width ? width - length : 1);
}

static void put_column(struct log_text *out, struct str text, size_t width, size_t most)
{
    const char *start = out->at;

    log_text_escaped(out, str_is_set(text) ? text : STR("-"), most, ESCAPE_HUMAN);
    put_padding(out, start, width);
}

static void put_time(struct log_text *out, const struct log_style *style, struct str time)
{
    enum {
        CLOCK = 11,
        CLOCK_LENGTH = 12
    }; /* where 10:30:00.000 stands in the stamp */

    put_colour(out, style, STR("2"));
    log_text_raw(out, style->terminal ? str_sub(time, CLOCK, CLOCK_LENGTH) : time);
    put_colour(out, style, STR("0"));
    put_spaces(out, 2);
}

/* Milliseconds with three digits behind the point, the points under one another. */
static void put_duration(struct log_text *out, int64_t microseconds)
{
    uint64_t us = microseconds > 0 ? (uint64_t)microseconds : 0;
    char text[32];
    struct log_text duration = {text, text + sizeof text};
    char digits[] = {'.', (char)('0' + us / 100 % 10), (char)('0' + us / 10 % 10),
                     (char)('0' + us % 10)};
    enum {
        WIDTH = 9
    };

    log_text_number(&duration, us / 1000);
    log_text_raw(&duration, (struct str){digits, sizeof digits});
    size_t length = (size_t)(duration.at - text);
    put_spaces(out, length < WIDTH ? WIDTH - length : 0);
    log_text_raw(out, (struct str){text, length});
    log_text_raw(out, STR(" ms  "));
}

/* What a line ends with, each part after two spaces. */
static void put_trailing(struct log_text *out, struct str name, struct str text, size_t most)
{
    if (str_is_set(text)) {
        put_spaces(out, 2);
        log_text_raw(out, name);
        log_text_escaped(out, text, most, ESCAPE_HUMAN);
    }
}

static void put_human_request(struct log_text *out, const struct log_style *style, struct str time,
                              const struct log_request *line)
{
    enum {
        STATUS_WIDTH = 9,
        METHOD_WIDTH = 8,
        FACE_WIDTH = 11,
        PATH_WIDTH = 32
    };

    put_time(out, style, time);
    put_colour(out, style, status_colour(line->status));
    const char *start = out->at;
    log_text_number(out, (uint64_t)(line->status > 0 ? line->status : 0));
    put_padding(out, start, STATUS_WIDTH);
    put_colour(out, style, STR("0"));
    put_column(out, line->method, METHOD_WIDTH, METHOD_MOST);
    put_duration(out, line->microseconds);
    put_column(out, line->face, FACE_WIDTH, FACE_MOST);
    put_column(out, line->path, PATH_WIDTH, PATH_MOST);
    log_text_escaped(out, str_is_set(line->peer) ? line->peer : STR("-"), PEER_MOST, ESCAPE_HUMAN);
    put_trailing(out, STR("id "), line->id, ID_MOST);
    if (id_is_set(line->actor)) {
        log_text_raw(out, STR("  actor "));
        put_id(out, line->actor);
    }
    put_trailing(out, STR(""), str_of(line->error), ERROR_MOST);
    put_trailing(out, STR(""), str_of(line->detail), DETAIL_MOST);
    put_trailing(out, STR("warning: "), str_of(line->warning), WARNING_MOST);
    log_text_raw(out, STR("\n"));
}

static void put_human_event(struct log_text *out, const struct log_style *style,
                            const struct log_line *line)
{
    enum {
        LEVEL_WIDTH = 9
    };

    put_time(out, style, line->time);
    put_colour(out, style, level_colour(line->level));
    const char *start = out->at;
    log_text_raw(out, level_name(line->level));
    put_padding(out, start, LEVEL_WIDTH);
    put_colour(out, style, STR("0"));
    log_text_escaped(out, line->message, MESSAGE_MOST, ESCAPE_HUMAN);
    if (line->count > 0) {
        log_text_raw(out, STR(": "));
        log_text_number(out, line->count);
    }
    log_text_raw(out, STR("\n"));
}

static void put_json_event(struct log_text *out, const struct log_line *line)
{
    put_head(out, line->time, line->level);
    log_text_escaped(out, line->message, MESSAGE_MOST, ESCAPE_JSON);
    log_text_raw(out, STR("\""));
    if (line->count > 0) {
        log_text_raw(out, STR(",\"count\":"));
        log_text_number(out, line->count);
    }
    log_text_raw(out, STR("}\n"));
}

void log_line_request(struct log_text *out, const struct log_style *style, struct str time,
                      const struct log_request *line)
{
    if (style->form == LOG_JSON) {
        put_json_request(out, time, line);
        return;
    }
    put_human_request(out, style, time, line);
}

void log_line_event(struct log_text *out, const struct log_style *style,
                    const struct log_line *line)
{
    if (style->form == LOG_JSON) {
        put_json_event(out, line);
        return;
    }
    put_human_event(out, style, line);
}
