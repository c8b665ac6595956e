/* Log lines: JSON for machines, one line a person can read on a terminal. No secret has a way in:
 * struct secret is not among the kinds a field can have.
 *
 * Whatever a text brings along, a line stays one line: control characters, bidirectional overrides
 * and what is not UTF-8 are written as escapes, in both forms. Long texts are cut, which an
 * ellipsis shows.
 *
 * A sink that takes nothing (a full pipe, a full disk, a reader that went away) never holds a
 * thread up: lines wait in memory of fixed size, and when that is full they are dropped, which the
 * next line that gets through tells. Regular files are the exception: they are written as any file
 * is. */
#pragma once

#include "base/err.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

#include <stdint.h>

enum log_level {
    LOG_DEBUG,
    LOG_INFO,
    LOG_WARNING,
    LOG_ERROR
};
enum log_form {
    LOG_JSON,
    LOG_HUMAN
};
enum log_requests {
    LOG_ALL,
    LOG_CHANGES,
    LOG_FAILURES
}; /* which requests get a line */

struct log_settings {
    struct str level;    /* debug info warning error */
    struct str form;     /* auto json human: auto is human on a terminal */
    struct str requests; /* all, changes (everything but reads that went well), failures */
};
extern const struct setting_table log_settings_table;

/* Where lines go; safe from every thread. The descriptor stays the caller's, with its flags as they
 * were. SIGPIPE has to be ignored by the program. */
struct log;
enum err log_open(const struct log_settings *settings, int descriptor, struct log **ret);
void log_configure(struct log *log, const struct log_settings *settings); /* at SIGHUP */
void log_close(struct log *log); /* waits at most a second for a slow sink; NULL is fine */

/* One event of the service itself (started, reloaded, job failed), formatted; control characters in
 * it are escaped, so that a line stays one line. */
void log_event(struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One request, told once, when it has been answered. Its level is error from status 500 on, else
 * warning with a warning, else info. One with a warning is written whichever requests are wanted.
 */
struct log_request {
    struct str id, face, method, route, path,
        peer; /* path without query; route is the row's pattern */
    struct id actor;
    int status;
    int64_t microseconds;
    const char *error;   /* err_name, or NULL */
    const char *detail;  /* for us, or NULL */
    const char *warning; /* what was done although it should not be, or NULL */
    bool changes;        /* the route is one that writes */
};

/* Lines of one thread (32 KiB of them), gathered, written at once by log_buffer_flush or when full.
 */
struct log_buffer;
enum err log_buffer_create(struct log *log, struct log_buffer **ret);
void log_buffer_destroy(struct log_buffer *buffer); /* flushes as patiently; NULL is fine */
void log_request(struct log_buffer *buffer, const struct log_request *line);
void log_buffer_flush(struct log_buffer *buffer);
