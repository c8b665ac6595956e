/* What the commands share. */
#include "app/cli.h"

#include "app/help.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    MOST_OUTPUT = 256 << 20,
    MOST_NAME = 80 /* of what is missing, as far as it is repeated */
};

/* Details are noted for the log: in the caller's mistakes they only repeat what clients are told,
 * save for a value that is refused, of which they say what is wrong with it, and for what cli_found
 * has named. */
static bool says_more(enum err e, const struct reason *reason)
{
    enum err_class class = err_class(e);

    return reason->detail[0] &&
           (class == CLASS_INTERNAL || class == CLASS_UNAVAILABLE || e == ERR_FIELD_VALUE ||
            e == ERR_FIELD_MISSING || e == ERR_PASSWORD_COMMON ||
            (e == ERR_MISSING && reason->field.len > 0));
}

/* Of these the field is the name that nobody knows. */
static bool names_unknown(enum err e)
{
    return e == ERR_ROLE_UNKNOWN || e == ERR_PERMISSION_UNKNOWN;
}

int cli_failed(enum err e, const struct reason *reason)
{
    if (names_unknown(e)) {
        (void)fprintf(stderr, "signet: %s: %.*s\n", err_text(e),
                      STR_ARG(str_sub(reason->field, 0, MOST_NAME)));
        return STATUS_FAILED;
    }
    if (!says_more(e, reason)) {
        const char *name = err_class(e) == CLASS_INTERNAL ? err_name(e) : "";
        (void)fprintf(stderr, "signet: %s%s%s\n", err_text(e), name[0] ? ", " : "", name);
        return STATUS_FAILED;
    }
    bool names_field = e == ERR_FIELD_VALUE || e == ERR_FIELD_MISSING;
    (void)fprintf(stderr, "signet: %.*s%s%s\n", names_field ? (int)reason->field.len : 0,
                  names_field ? reason->field.ptr : "",
                  names_field && reason->field.len > 0 ? ": " : "", reason->detail);
    return STATUS_FAILED;
}

int cli_misused(const struct command_line *line, const char *format, ...)
{
    char memory[512];
    struct buf usage = buf_over(memory, sizeof memory);
    va_list list;

    (void)fputs("signet: ", stderr);
    va_start(list, format);
    (void)vfprintf(stderr, format, list);
    va_end(list);
    if (line->command) {
        help_usage(&usage, line->command);
    }
    (void)fprintf(stderr, "\n%.*s`signet help%s%s` tells more.\n", STR_ARG(buf_str(&usage)),
                  line->command ? " " : "", line->command ? line->command->name : "");
    return STATUS_USAGE;
}

static enum err put_out(const struct buf *out, struct reason *reason)
{
    struct str text;

    TRY(buf_end(out, &text));
    if (fwrite(text.ptr ? text.ptr : "", 1, text.len, stdout) != text.len || fflush(stdout) != 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "standard output: %s", strerrordesc_np(errno));
    }
    return ERR_OK;
}

int cli_print(const struct buf *out)
{
    struct reason reason = {0};
    enum err e = put_out(out, &reason);

    return e == ERR_OK ? STATUS_OK : cli_failed(e, &reason);
}

enum err cli_config(const struct command_line *line, bool dev, struct reason *reason,
                    struct config **ret)
{
    struct config_options options = line->options;

    options.dev = dev;
    if (!str_is_set(options.data)) {
        options.data = dev ? STR("./var") : STR("/var/lib/signet");
    }
    return config_load(&options, reason, ret);
}

enum err cli_found(struct ctx *ctx, enum err e, const char *noun, struct str name)
{
    if (e != ERR_MISSING) {
        return e;
    }
    return ctx_fail(ctx, e, name, "no such %s: %.*s", noun, STR_ARG(str_sub(name, 0, MOST_NAME)));
}

enum err cli_names(struct arena *arena, struct str text, struct text_list *ret)
{
    struct str *names = arena_array(arena, text.len + 1, sizeof *names);
    struct str name;
    size_t count = 0;

    if (!names) {
        return ERR_MEMORY;
    }
    while (str_next(&text, ',', &name)) {
        name = str_trim(name);
        if (name.len > 0) {
            names[count++] = name;
        }
    }
    *ret = (struct text_list){names, count};
    return ERR_OK;
}

static enum err run_in(struct instance *instance, const struct cli_task *task,
                       struct reason *reason)
{
    struct buf out = buf_in_arena(instance->arena, MOST_OUTPUT);

    TRY(instance_run(instance, task->kind, task->work, task->with, reason));
    if (instance->warning) {
        (void)fprintf(stderr, "signet: warning: %s\n", instance->warning);
    }
    if (task->show) {
        task->show(&out, task->with);
    }
    return put_out(&out, reason);
}

static enum err run_with(const struct config *config, const struct cli_task *task,
                         struct reason *reason)
{
    struct instance *instance;

    TRY(instance_open(config, INSTANCE_COMMAND, reason, &instance));
    enum err e = run_in(instance, task, reason);
    instance_close(instance);
    return e;
}

int cli_run(const struct command_line *line, const struct cli_task *task)
{
    struct reason reason = {0};
    struct config *config = NULL;

    enum err e = cli_config(line, /* dev= */ false, &reason, &config);
    if (e == ERR_OK) {
        e = run_with(config, task, &reason);
    }
    config_free(config);
    if (e == ERR_MISSING && task->noun) {
        (void)fprintf(stderr, "signet: no such %s: %.*s\n", task->noun, STR_ARG(line->words[0]));
        return STATUS_FAILED;
    }
    return e == ERR_OK ? STATUS_OK : cli_failed(e, &reason);
}
