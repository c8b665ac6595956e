/* Reading a password. */
#include "app/prompt.h"

#include "base/arena.h"

#include <unistd.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>

enum {
    MOST_LINE = 1100 /* 256 code points, their line end, and some to be told that it is too long */
};

/* One line, without its end. */
static enum err read_line_of(FILE *file, char text[MOST_LINE], struct reason *reason)
{
    (void)setvbuf(file, NULL, _IONBF, 0); /* no copy of it stays in a buffer */
    if (!fgets(text, MOST_LINE, file)) {
        return fail(reason, ERR_CONFIG, STR(""),
                    "no password: it is one line on standard input, or asked for on a terminal");
    }
    size_t length = strlen(text);
    if (length == 0 || (text[length - 1] != '\n' && !feof(file))) {
        return fail(reason, ERR_CONFIG, STR(""), "the password is too long, or binary");
    }
    text[strcspn(text, "\r\n")] = '\0';
    return ERR_OK;
}

static enum err read_line(const char *prompt, char text[MOST_LINE], struct reason *reason)
{
    (void)fputs(prompt, stderr);
    return read_line_of(stdin, text, reason);
}

/* Nothing to do: that a signal has a handler is what ends the reading. */
static void interrupt(int number)
{
    (void)number;
}

static void handle_all(struct sigaction action[3], struct sigaction before[3])
{
    static const int numbers[3] = {SIGINT, SIGTERM, SIGHUP};

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        (void)sigaction(numbers[i], &action[i], before ? &before[i] : NULL);
    }
}

/* With the echo off, which Ctrl-C must not leave behind. */
static enum err read_unseen(const char *prompt, char text[MOST_LINE], struct reason *reason)
{
    struct sigaction ours[3] = {
        {.sa_handler = interrupt}, {.sa_handler = interrupt}, {.sa_handler = interrupt}};
    struct sigaction before[3];
    struct termios seen, unseen;

    if (tcgetattr(STDIN_FILENO, &seen) != 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "the terminal cannot be asked for a password");
    }
    unseen = seen;
    unseen.c_lflag &= ~(tcflag_t)ECHO;
    handle_all(ours, before);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    enum err e = read_line(prompt, text, reason);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &seen);
    handle_all(before, NULL);
    (void)fputc('\n', stderr);
    return e;
}

static enum err ask(const char *prompt, char text[MOST_LINE], struct reason *reason)
{
    char again[MOST_LINE];

    if (!isatty(STDIN_FILENO)) {
        return read_line("", text, reason);
    }
    TRY(read_unseen(prompt, text, reason));
    enum err e = read_unseen("Once more: ", again, reason);
    bool same = e == ERR_OK && strcmp(text, again) == 0;
    explicit_bzero(again, sizeof again);
    if (e == ERR_OK && !same) {
        return fail(reason, ERR_CONFIG, STR(""), "the two passwords differ");
    }
    return e;
}

enum err prompt_password(struct arena *arena, struct reason *reason, struct secret *ret)
{
    char text[MOST_LINE];

    enum err e = ask("New password: ", text, reason);
    if (e == ERR_OK) {
        e = arena_copy(arena, str_of(text), &ret->hidden);
    }
    explicit_bzero(text, sizeof text);
    return e;
}

static enum err read_file(struct str name, char text[MOST_LINE], struct reason *reason)
{
    char path[PATH_MAX];

    if (name.len >= sizeof path) {
        return fail(reason, ERR_CONFIG, STR(""), "the name of the passphrase file is too long");
    }
    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(name));
    FILE *file = fopen(path, "re");
    if (!file) {
        return fail(reason, ERR_CONFIG, STR(""), "cannot read %s: %s", path,
                    strerrordesc_np(errno));
    }
    enum err e = read_line_of(file, text, reason);
    (void)fclose(file);
    return e;
}

enum err prompt_passphrase(struct arena *arena, struct str file, bool anew, struct reason *reason,
                           struct secret *ret)
{
    char text[MOST_LINE];
    enum err e;

    if (str_is_set(file)) {
        e = read_file(file, text, reason);
    } else if (anew || !isatty(STDIN_FILENO)) {
        e = ask("New passphrase: ", text, reason);
    } else {
        e = read_unseen("Passphrase: ", text, reason);
    }
    if (e == ERR_OK) {
        e = arena_copy(arena, str_of(text), &ret->hidden);
    }
    explicit_bzero(text, sizeof text);
    return e;
}
