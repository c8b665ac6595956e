/* The log: which lines are wanted, where they wait, and what is told when some were lost. */
#include "ops/log.h"

#include "base/setting.h"
#include "ops/log_line.h"
#include "ops/log_sink.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUFFER_BYTES = 32 * 1024,  /* of each thread */
    PENDING_BYTES = 16 * 1024, /* of all: events, and the rest of a line that was cut in writing */
    ROOM_FOR_ONE = LOG_LINE_MOST + LOG_NOTE_MOST,
    MESSAGE_BYTES = 1024,
    CLOSE_WAIT_MS = 1000
};

#define LEVELS   "debug info warning error"
#define FORMS    "auto json human"
#define REQUESTS "all changes failures"

static const struct setting rows[] = {
    {.section = "log",
     .key = "level",
     .kind = SETTING_CHOICE,
     .offset = offsetof(struct log_settings, level),
     .initial = "info",
     .choices = LEVELS,
     .reloadable = true,
     .help = "The least weighty line that is written; requests are info, those that failed by our "
             "fault error"                                                       },
    {.section = "log",
     .key = "form",
     .kind = SETTING_CHOICE,
     .offset = offsetof(struct log_settings, form),
     .initial = "auto",
     .choices = FORMS,
     .reloadable = true,
     .help = "JSON lines, or lines for people; auto is human on a terminal"      },
    {.section = "log",
     .key = "requests",
     .kind = SETTING_CHOICE,
     .offset = offsetof(struct log_settings, requests),
     .initial = "all",
     .choices = REQUESTS,
     .reloadable = true,
     .help = "Which requests get a line; changes leaves out reads that went well"},
};

const struct setting_table log_settings_table = {rows, ARRAY_LEN(rows),
                                                 sizeof(struct log_settings)};

/* One word of it is read for each line, so it is one word. */
union choice {
    struct {
        uint8_t level, form, requests, unused;
    };
    uint32_t word;
};

struct log {
    struct log_sink sink;
    bool colour;
    _Atomic uint32_t choice;

    pthread_mutex_t lock; /* for the sink and everything below */
    struct log_stamp stamp;
    uint64_t dropped;
    size_t pending;
    char waiting[PENDING_BYTES];
};

struct log_buffer {
    struct log *log;
    struct log_stamp stamp;
    uint64_t dropped; /* since the last note */
    uint64_t noted;   /* in the one note that is still here, and up to where it goes */
    size_t note_end;
    size_t len;
    char data[BUFFER_BYTES];
};

/* Which of the words it is; the settings' walker has let nothing else through. */
static uint8_t index_of(const char *words, struct str wanted)
{
    struct str rest = str_of(words), word;
    uint8_t index = 0;

    while (str_next(&rest, ' ', &word)) {
        if (str_eq(word, wanted)) {
            return index;
        }
        index++;
    }
    return 0;
}

void log_configure(struct log *log, const struct log_settings *settings)
{
    bool human = str_eq(settings->form, STR("human")) ||
                 (str_eq(settings->form, STR("auto")) && log->sink.terminal);
    union choice choice = {.level = index_of(LEVELS, settings->level),
                           .form = human ? LOG_HUMAN : LOG_JSON,
                           .requests = index_of(REQUESTS, settings->requests)};

    atomic_store_explicit(&log->choice, choice.word, memory_order_relaxed);
}

static union choice chosen(const struct log *log)
{
    return (union choice){.word = atomic_load_explicit(&log->choice, memory_order_relaxed)};
}

static struct log_style style_of(const struct log *log)
{
    return (struct log_style){.form = (enum log_form)chosen(log).form,
                              .terminal = log->sink.terminal,
                              .colour = log->colour};
}

enum err log_open(const struct log_settings *settings, int descriptor, struct log **ret)
{
    struct log_sink sink;
    TRY(log_sink_open(descriptor, &sink));

    struct log *log = calloc(1, sizeof *log);
    if (!log) {
        log_sink_close(&sink);
        return ERR_MEMORY;
    }
    const char *no_colour = getenv("NO_COLOR"); /* no-color.org: any text, but not none */
    log->sink = sink;
    log->colour = sink.terminal && (!no_colour || no_colour[0] == '\0');
    (void)pthread_mutex_init(&log->lock, NULL); /* cannot fail without attributes */
    log_configure(log, settings);
    *ret = log;
    return ERR_OK;
}

/* A line that tells how many could not be kept. */
static void put_note(struct log_text *out, const struct log_style *style, struct str time,
                     uint64_t count)
{
    struct log_line line = {
        .time = time, .level = LOG_WARNING, .message = STR("log lines dropped"), .count = count};

    log_line_event(out, style, &line);
}

/* Writes what waits; whether anything went. */
static bool drain(struct log *log)
{
    if (log->pending == 0) {
        return false;
    }
    size_t written = log_sink_write(&log->sink, (struct str){log->waiting, log->pending});
    log->pending -= written;
    memmove(log->waiting, log->waiting + written, log->pending);
    return written > 0;
}

static void append_event(struct log *log, enum log_level level, struct str message)
{
    struct log_style style = style_of(log);
    struct str time = log_stamp_at(&log->stamp, moment_now());
    struct log_text out = {log->waiting + log->pending, log->waiting + sizeof log->waiting};
    struct log_line line = {.time = time, .level = level, .message = message};

    if (log->dropped > 0) {
        put_note(&out, &style, time, log->dropped);
        log->dropped = 0;
    }
    log_line_event(&out, &style, &line);
    log->pending = (size_t)(out.at - log->waiting);
}

void log_event(struct log *log, enum log_level level, const char *format, ...)
{
    if (level < chosen(log).level) {
        return;
    }
    char message[MESSAGE_BYTES];
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    struct str text = {message, (size_t)length};
    if (text.len >= sizeof message) {
        static const char ellipsis[] = {'\xe2', '\x80', '\xa6'};
        text.len = sizeof message - 1;
        memcpy(message + text.len - sizeof ellipsis, ellipsis, sizeof ellipsis);
    }
    (void)pthread_mutex_lock(&log->lock);
    if (sizeof log->waiting - log->pending < ROOM_FOR_ONE) {
        (void)drain(log);
    }
    if (sizeof log->waiting - log->pending < ROOM_FOR_ONE) {
        log->dropped++;
    } else {
        append_event(log, level, text);
        (void)drain(log);
    }
    (void)pthread_mutex_unlock(&log->lock);
}

/* At the end: gives a slow reader a little time, but not one that is gone, nor a full disk. */
static void drain_patiently(struct log *log)
{
    int64_t deadline = monotonic_ms() + CLOSE_WAIT_MS;

    (void)drain(log);
    while (log->pending > 0 && log_sink_wait(&log->sink, deadline - monotonic_ms()) && drain(log)) {
    }
}

void log_close(struct log *log)
{
    if (!log) {
        return;
    }
    (void)pthread_mutex_lock(&log->lock);
    drain_patiently(log);
    if (log->pending == 0 && log->dropped > 0) {
        struct log_style style = style_of(log);
        struct log_text out = {log->waiting, log->waiting + sizeof log->waiting};
        put_note(&out, &style, log_stamp_at(&log->stamp, moment_now()), log->dropped);
        log->pending = (size_t)(out.at - log->waiting);
        drain_patiently(log);
    }
    (void)pthread_mutex_unlock(&log->lock);
    (void)pthread_mutex_destroy(&log->lock);
    log_sink_close(&log->sink);
    free(log);
}

enum err log_buffer_create(struct log *log, struct log_buffer **ret)
{
    struct log_buffer *buffer = malloc(sizeof *buffer);

    if (!buffer) {
        return ERR_MEMORY;
    }
    /* Its pages cost nothing to a thread that has no line. */
    memset(buffer, 0, offsetof(struct log_buffer, data));
    buffer->log = log;
    *ret = buffer;
    return ERR_OK;
}

/* A line that was cut in writing is finished by whoever writes next, before anything of their own:
 * its rest goes where all threads see it. Returns where the next whole line of the buffer starts.
 */
static size_t leave_rest(struct log *log, const struct log_buffer *buffer, size_t written)
{
    if (written == 0 || written == buffer->len || buffer->data[written - 1] == '\n') {
        return written;
    }
    const char *rest = buffer->data + written;
    const char *newline = memchr(rest, '\n', buffer->len - written);
    size_t length = (size_t)(newline - rest) + 1; /* each line in a buffer has its newline */

    memcpy(log->waiting, rest, length); /* drained just now, and a line is shorter */
    log->pending = length;
    return written + length;
}

static void take_off(struct log_buffer *buffer, size_t gone)
{
    bool note_went = gone >= buffer->note_end;

    buffer->noted = note_went ? 0 : buffer->noted;
    buffer->note_end = note_went ? 0 : buffer->note_end - gone;
    buffer->len -= gone;
    memmove(buffer->data, buffer->data + gone, buffer->len);
}

/* Whether anything went, of this buffer or of what waited before it. */
static bool flush(struct log_buffer *buffer)
{
    struct log *log = buffer->log;
    size_t gone = 0;

    (void)pthread_mutex_lock(&log->lock);
    bool progress = drain(log);
    if (log->pending == 0) {
        gone = log_sink_write(&log->sink, (struct str){buffer->data, buffer->len});
        gone = leave_rest(log, buffer, gone);
    }
    (void)pthread_mutex_unlock(&log->lock);
    take_off(buffer, gone);
    return progress || gone > 0;
}

void log_buffer_flush(struct log_buffer *buffer)
{
    if (buffer->len > 0) {
        (void)flush(buffer);
    }
}

/* Lines that will not be written: those of the buffer, and those that a note in it stands for. */
static uint64_t count_lost(const struct log_buffer *buffer)
{
    uint64_t lines = buffer->dropped;

    for (size_t i = 0; i < buffer->len; i++) {
        lines += buffer->data[i] == '\n';
    }
    return buffer->noted > 0 ? lines + buffer->noted - 1 : lines;
}

void log_buffer_destroy(struct log_buffer *buffer)
{
    if (!buffer) {
        return;
    }
    struct log *log = buffer->log;
    int64_t deadline = monotonic_ms() + CLOSE_WAIT_MS;

    log_buffer_flush(buffer);
    while (buffer->len > 0 && log_sink_wait(&log->sink, deadline - monotonic_ms()) &&
           flush(buffer)) {
    }
    (void)pthread_mutex_lock(&log->lock);
    log->dropped += count_lost(buffer);
    (void)pthread_mutex_unlock(&log->lock);
    free(buffer);
}

static bool is_wanted(const struct log *log, const struct log_request *line)
{
    union choice choice = chosen(log);
    bool failed = line->status >= 400;

    if (log_request_level(line) < choice.level) {
        return false;
    }
    return failed || line->warning || choice.requests == LOG_ALL ||
           (choice.requests == LOG_CHANGES && line->changes);
}

void log_request(struct log_buffer *buffer, const struct log_request *line)
{
    if (!is_wanted(buffer->log, line)) {
        return;
    }
    if (sizeof buffer->data - buffer->len < ROOM_FOR_ONE) {
        log_buffer_flush(buffer);
    }
    if (sizeof buffer->data - buffer->len < ROOM_FOR_ONE) {
        buffer->dropped++;
        return;
    }
    struct log_style style = style_of(buffer->log);
    struct str time = log_stamp_at(&buffer->stamp, moment_now());
    struct log_text out = {buffer->data + buffer->len, buffer->data + sizeof buffer->data};

    if (buffer->dropped > 0 && buffer->noted == 0) {
        put_note(&out, &style, time, buffer->dropped);
        buffer->noted = buffer->dropped;
        buffer->note_end = (size_t)(out.at - buffer->data);
        buffer->dropped = 0;
    }
    log_line_request(&out, &style, time, line);
    buffer->len = (size_t)(out.at - buffer->data);
}
