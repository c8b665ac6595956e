/* The two forms of a line. Nothing here knows where it goes. */
#pragma once

#include "base/moment.h"
#include "ops/log.h"
#include "ops/log_text.h"

enum {
    LOG_LINE_MOST = 4096, /* no line is longer, its newline included */
    LOG_NOTE_MOST = 256   /* nor is the note about dropped lines */
};

/* How this log's lines look. */
struct log_style {
    enum log_form form;
    bool terminal; /* the human form leaves the date out: somebody is looking on */
    bool colour;
};

/* The time as text, kept for as long as the second lasts. */
struct log_stamp {
    int64_t second;
    char text[25]; /* 2025-06-01T10:30:00.000Z */
};

/* RFC 3339 with milliseconds, in UTC. Good until the next call with the same stamp. */
struct str log_stamp_at(struct log_stamp *stamp, struct moment now);

/* Each writes one line with its newline into at least LOG_LINE_MOST bytes. */
void log_line_request(struct log_text *out, const struct log_style *style, struct str time,
                      const struct log_request *line);

struct log_line {
    struct str time;
    enum log_level level;
    struct str message;
    uint64_t count; /* of dropped lines; 0 for a line that is not about them */
};
void log_line_event(struct log_text *out, const struct log_style *style,
                    const struct log_line *line);

/* Error when it was our fault, warning when it has one, info for everything else. */
enum log_level log_request_level(const struct log_request *line);
