/* Settings files, over a table with a row of each kind: what is read lies within its row, is
 * printed so that it is read as the same again, and a secret is shown nowhere. */
#include "ops/settings.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "fuzz/harness.h"
#include "ops/setting_value.h"

#include <unistd.h>

#include <string.h>
#include <sys/mman.h>

struct sample {
    struct str text, words, choice, url;
    struct secret secret;
    int64_t number, seconds, bytes;
    bool yes;
};

enum {
    URL = 3 /* its row */
};

static enum err is_short(struct str text)
{
    return text.len <= 20 ? ERR_OK : ERR_FIELD_VALUE;
}

// clang-format off
static const struct setting rows[] = {
    {"a", "text", SETTING_TEXT, offsetof(struct sample, text), "x", .help = "Text", .expects = "TEXT", .check = is_short},
    {"a", "words", SETTING_WORDS, offsetof(struct sample, words), "", .help = "Words", .expects = "WORD", .check = is_short},
    {"a", "choice", SETTING_CHOICE, offsetof(struct sample, choice), "one", .choices = "one two", .help = "Choice"},
    {"a.b", "url", SETTING_TEXT, offsetof(struct sample, url), "", .help = "An address with a password"},
    {"a.b", "secret", SETTING_SECRET, offsetof(struct sample, secret), "", 12, .help = "Secret"},
    {"c", "number", SETTING_NUMBER, offsetof(struct sample, number), "5", -5, 64, .help = "Number"},
    {"c", "seconds", SETTING_SECONDS, offsetof(struct sample, seconds), "1h", 0, 1000000, .help = "Seconds"},
    {"c", "bytes", SETTING_BYTES, offsetof(struct sample, bytes), "64k", 1, INT64_MAX, .help = "Bytes"},
    {"c", "yes", SETTING_SWITCH, offsetof(struct sample, yes), "no", .help = "Switch"},
};
// clang-format on
static const struct setting_table table = {rows, ARRAY_LEN(rows), sizeof(struct sample)};

static void assert_within(const struct sample *sample)
{
    PROMISE(sample->number >= -5 && sample->number <= 64);
    PROMISE(sample->seconds >= 0 && sample->seconds <= 1000000 && sample->bytes >= 1);
    PROMISE(str_eq(sample->choice, STR("one")) || str_eq(sample->choice, STR("two")));
    PROMISE(sample->secret.hidden.len == 0 || sample->secret.hidden.len >= 12);
    PROMISE(sample->text.len <= 20);
}

/* What is printed is not all of it: of an address the password is left out. */
static bool hides(const struct setting *row, const struct sample *sample)
{
    const struct str *text = (const struct str *)(const void *)((const char *)sample + row->offset);

    return row->kind == SETTING_SECRET ||
           ((row->kind == SETTING_TEXT || row->kind == SETTING_WORDS) &&
            setting_password_in(*text).len > 0);
}

/* Each value as it is printed, read by its row. */
static void assert_printable(struct arena *arena, const struct sample *sample)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out = buf_in_arena(arena, 1 << 20), complaint = buf_in_arena(arena, 4096);
        const void *value = (const char *)sample + rows[i].offset;
        struct sample again = {0};
        struct str text;
        setting_print(&out, &rows[i], value);
        PROMISE(buf_end(&out, &text) == ERR_OK);
        PROMISE(rows[i].kind != SETTING_SECRET || text.len == 0 || str_eq(text, STR("(hidden)")));
        if (hides(&rows[i], sample)) {
            continue;
        }
        void *read = (char *)&again + rows[i].offset;
        PROMISE(setting_parse(arena, &rows[i], text, read, &complaint) == ERR_OK);
        PROMISE(setting_same(&rows[i], value, read));
    }
}

/* The password of an address is not shown. */
static void assert_hidden(struct arena *arena, const struct settings *settings,
                          const struct sample *sample)
{
    struct buf all = buf_in_arena(arena, 4 << 20), url = buf_in_arena(arena, 4096);
    const struct setting *row = &rows[URL];

    settings_print_effective(&all, settings);
    PROMISE(!all.failed && str_starts(buf_str(&all), STR("a.text = ")));
    if (str_eq(sample->url, STR("https://user:PASSWORD@host/"))) {
        setting_print(&url, row, &sample->url);
        PROMISE(str_eq(buf_str(&url), STR("https://user:(hidden)@host/")));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 26);
    struct sample sample = {0};
    struct settings_module module = {&table, &sample};
    struct settings_modules modules = {&module, 1};
    struct settings_source source = {0};
    struct settings *settings;
    struct reason reason = {0};
    int file = memfd_create("settings", MFD_CLOEXEC);

    PROMISE(file >= 0 && write(file, data, size) == (ssize_t)size);
    PROMISE(arena_print(arena, &source.file, "/proc/self/fd/%d", file) == ERR_OK);
    enum err e = settings_load(arena, &modules, &source, &reason, &settings);
    PROMISE(e == ERR_OK || (e == ERR_CONFIG && reason.err == e && reason.detail[0] != '\0'));
    if (e == ERR_OK) {
        assert_within(&sample);
        assert_printable(arena, &sample);
        assert_hidden(arena, settings, &sample);
    }
    (void)close(file);
    return 0;
}
