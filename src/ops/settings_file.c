/* Reading the INI file: what inih would pass over in silence (a NUL, half a line, bytes that are no
 * text) is looked for before it sees any of it. */
#include "ops/settings_file.h"

#include "base/arena.h"
#include "base/buf.h"
#include "ops/utf8.h"

#include <ini.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum {
    FILE_MOST = 1 << 20,
    PIECE = 4096,
    LINE_MOST = 16 * 1024 /* a list of redirect URIs may be long */
};

static const struct str no_field = {0};

struct reading {
    struct settings *settings;
    struct reason *reason;
    struct str rest; /* what inih has not seen yet */
    int line;
    enum err err;
};

static void close_at(int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
}

/* Into the arena, which wipes it: there may be secrets in it. */
static enum err read_whole(const struct settings *settings, struct reason *reason, struct str *ret)
{
    struct str path;
    TRY(arena_copy(settings->arena, settings->file, &path));
    CLEANUP(close_at) int descriptor = open(path.ptr, O_RDONLY | O_CLOEXEC);
    struct buf text = buf_in_arena(settings->arena, FILE_MOST + PIECE);
    ssize_t got = descriptor < 0 ? -1 : 1;

    while (got > 0 && text.len <= FILE_MOST) {
        char *piece = buf_reserve(&text, PIECE);
        if (!piece) {
            return ERR_MEMORY;
        }
        do {
            got = read(descriptor, piece, PIECE);
        } while (got < 0 && errno == EINTR);
        text.len += got > 0 ? (size_t)got : 0;
    }
    if (got < 0) {
        return fail(reason, ERR_CONFIG, no_field, "%.*s cannot be read: %s",
                    STR_ARG(settings->file), strerrordesc_np(errno));
    }
    if (text.len > FILE_MOST) {
        return fail(reason, ERR_CONFIG, no_field, "%.*s is larger than 1 MiB",
                    STR_ARG(settings->file));
    }
    return buf_end(&text, ret);
}

/* NULL when a line is fit to be parsed. */
static const char *fault_of(struct str line)
{
    if (line.len > LINE_MOST) {
        return "is longer than 16 KiB";
    }
    if (str_contains(line, '\0')) {
        return "has a NUL byte in it";
    }
    while (line.len > 0) {
        uint32_t code;
        size_t length = utf8_decode(line, &code);
        if (length == 0) {
            return "is not UTF-8";
        }
        line = str_skip(line, length);
    }
    return NULL;
}

static enum err check_lines(const struct settings *settings, struct str text, struct reason *reason)
{
    struct str line;

    for (int number = 1; text.len > 0; number++) {
        (void)str_cut(text, '\n', &line, &text);
        const char *fault = fault_of(line);
        if (fault) {
            return fail(reason, ERR_CONFIG, no_field, "%.*s:%d: the line %s",
                        STR_ARG(settings->file), number, fault);
        }
    }
    return ERR_OK;
}

/* As fgets, for inih; counts the lines, which its handlers are not told. */
static char *next_line(char *memory, int size, void *stream)
{
    struct reading *reading = stream;
    struct str line;

    if (reading->rest.len == 0 || size < LINE_MOST + 2) {
        return NULL;
    }
    (void)str_cut(reading->rest, '\n', &line, &reading->rest);
    memcpy(memory, line.ptr, line.len);
    memory[line.len] = '\0';
    reading->line++;
    return memory;
}

static int take_value(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    struct settings *settings = reading->settings;
    struct settings_input input = {
        .section = str_of(section),
        .key = str_of(name),
        .text = str_of(value),
        .origin = {FROM_FILE, reading->line}
    };

    reading->err = arena_print(settings->arena, &input.where, "%.*s:%d", STR_ARG(settings->file),
                               reading->line);
    if (reading->err == ERR_OK) {
        reading->err = settings_take(settings, &input, reading->reason);
    }
    return reading->err == ERR_OK;
}

/* Debian builds inih with its choices as variables. A comment has a line of its own here: a secret
 * that holds a semicolon is not to be cut short. */
static void choose_dialect(void)
{
    ini_max_line = LINE_MOST + 3;
    ini_allow_multiline = false;
    ini_allow_inline_comments = false;
    ini_stop_on_first_error = true;
}

enum err settings_read_file(struct settings *settings, struct reason *reason)
{
    struct reading reading = {.settings = settings, .reason = reason};

    TRY(read_whole(settings, reason, &reading.rest));
    TRY(check_lines(settings, reading.rest, reason));
    choose_dialect();
    int line = ini_parse_stream(next_line, &reading, take_value, &reading);
    TRY(reading.err);
    if (line != 0) {
        return fail(reason, ERR_CONFIG, no_field,
                    "%.*s:%d: neither [section] nor key = value nor # comment",
                    STR_ARG(settings->file), line);
    }
    return ERR_OK;
}
