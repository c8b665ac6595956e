#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/secret.h"
#include "ops/log.h"
#include "ops/settings.h"

#include <unistd.h>

#include <stdio.h>
#include <stdlib.h>

struct values {
    struct str listen, pattern;
    struct secret secret, none;
    int64_t life, size, odd, many;
    bool on;
};

/* clang-format off */
static const struct setting rows[] = {
    {.section = "http", .key = "listen", .kind = SETTING_WORDS, .offset = offsetof(struct values, listen),
     .initial = "127.0.0.1:3007 [::1]:3007", .help = "Where to listen. More than one is fine", .expects = "ADDRESS:PORT"},
    {.section = "http", .key = "pattern", .kind = SETTING_TEXT, .offset = offsetof(struct values, pattern),
     .initial = "a|b\\c \"d\"", .help = "Either | or \\", .reloadable = true},
    {.section = "provider.google", .key = "client_secret", .kind = SETTING_SECRET,
     .offset = offsetof(struct values, secret), .initial = "", .least = 8, .help = "From its console"},
    {.section = "provider.google", .key = "other_secret", .kind = SETTING_SECRET,
     .offset = offsetof(struct values, none), .initial = "", .help = "Not given"},
    {.section = "http", .key = "life", .kind = SETTING_SECONDS, .offset = offsetof(struct values, life),
     .initial = "3600", .least = 0, .most = INT64_MAX, .help = "How long", .reloadable = true},
    {.section = "http", .key = "size", .kind = SETTING_BYTES, .offset = offsetof(struct values, size),
     .initial = "65536", .least = 1000, .most = 1 << 30, .help = "How much"},
    {.section = "http", .key = "odd", .kind = SETTING_SECONDS, .offset = offsetof(struct values, odd),
     .initial = "90", .least = 0, .most = 86400, .help = "How odd"},
    {.section = "http", .key = "many", .kind = SETTING_NUMBER, .offset = offsetof(struct values, many),
     .initial = "3", .least = -1, .most = 5, .help = "How many"},
    {.section = "http", .key = "on", .kind = SETTING_SWITCH, .offset = offsetof(struct values, on),
     .initial = "no", .help = "Whether"},
};
/* clang-format on */
static const struct setting_table table = {rows, ARRAY_LEN(rows), sizeof(struct values)};

/* For the static views alone. */
static const struct settings_module static_list[] = {
    {&table,              NULL},
    {&log_settings_table, NULL}
};
static const struct settings_modules static_modules = {static_list, ARRAY_LEN(static_list)};

static void assert_has(struct str text, const char *part)
{
    assert_non_null(text.ptr);
    if (text.ptr && !strstr(text.ptr, part)) {
        fail_msg("%s\nis not in\n%s", part, text.ptr);
    }
}

static struct str printed(struct arena *arena, enum settings_view view)
{
    struct buf out = buf_in_arena(arena, 1 << 16);
    struct str text;

    settings_print(&out, &static_modules, view);
    buf_put_char(&out, '\0');
    assert_ok(buf_end(&out, &text));
    text.len--;
    return text;
}

struct loaded {
    struct values values;
    struct log_settings log;
    struct settings_module list[2];
    struct settings_modules modules;
    struct settings *settings;
};

static void load(struct arena *arena, const struct settings_source *source, struct loaded *loaded)
{
    struct reason reason = {0};

    loaded->list[0] = (struct settings_module){&table, &loaded->values};
    loaded->list[1] = (struct settings_module){&log_settings_table, &loaded->log};
    loaded->modules = (struct settings_modules){loaded->list, 2};
    enum err e = settings_load(arena, &loaded->modules, source, &reason, &loaded->settings);
    assert_string_equal(reason.detail, "");
    assert_ok(e);
}

static struct str effective(struct arena *arena, const struct loaded *loaded)
{
    struct buf out = buf_in_arena(arena, 1 << 16);
    struct str text;

    settings_print_effective(&out, loaded->settings);
    buf_put_char(&out, '\0');
    assert_ok(buf_end(&out, &text));
    text.len--;
    return text;
}

static void write_file(char *path, struct str text)
{
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text.ptr, text.len), text.len);
    assert_int_equal(close(descriptor), 0);
}

static void what_is_in_force_is_told_with_where_it_came_from(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(65536, 4 << 20);
    char path[] = "/tmp/signet-test-XXXXXX", expected[256];
    char *environment[] = {(char[]){"SIGNET_HTTP_LIFE=43200"}, NULL};
    const struct str presets[] = {STR("http.on=yes")}, overrides[] = {STR("http.size=1048576")};
    struct loaded loaded = {0};

    assert_non_null(arena);
    write_file(path, STR("\n[provider.google]\nclient_secret = hunter2hunter3\n"));
    struct settings_source source = {.presets = presets,
                                     .preset_count = 1,
                                     .preset_origin = "signet dev",
                                     .file = str_of(path),
                                     .environment = environment,
                                     .overrides = overrides,
                                     .override_count = 1};
    load(arena, &source, &loaded);
    assert_int_equal(unlink(path), 0);
    struct str text = effective(arena, &loaded);
    assert_has(text, "http.listen = 127.0.0.1:3007 [::1]:3007           # default\n");
    assert_has(text, "http.on = yes                                     # from signet dev\n");
    assert_has(text, "http.life = 12h                                   # from the environment\n");
    assert_has(text, "http.size = 1m                                    # from --set\n");
    assert_has(text, "http.odd = 90s                                    # default\n");
    (void)snprintf(expected, sizeof expected,
                   "provider.google.client_secret = (hidden)          # from %s:3\n", path);
    assert_has(text, expected);
    assert_has(text, "provider.google.other_secret =                    # default\n");
    assert_null(strstr(text.ptr, "hunter2"));
}

static void the_password_of_a_url_is_a_secret_too(void **state)
{
    (void)state;
    static const char *const given[][2] = {
        {"postgresql://signet:hush@db/signet",          "postgresql://signet:(hidden)@db/signet"    },
        {"a://u:p@ss@h b://h:80 c://v:q@i",             "a://u:(hidden)@h b://h:80 c://v:(hidden)@i"},
        {"postgresql://db/signet?password=hush&x=1",
         "postgresql://db/signet?password=(hidden)&x=1"                                             },
        {"postgresql://u:p@db/s?a=b&sslpassword=hush",
         "postgresql://u:(hidden)@db/s?a=b&sslpassword=(hidden)"                                    },
        {"https://id.example.org/?password=",           NULL                                        },
        {"https://id.example.org:8443/a:b@c?d=e:f@g#h", NULL                                        },
        {"postgresql://signet@db/signet",               NULL                                        },
        {"sqlite:signet.db",                            NULL                                        },
        {"a://u:@h",                                    NULL                                        },
        {"://",                                         NULL                                        },
    };

    for (size_t i = 0; i < ARRAY_LEN(given); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(65536, 4 << 20);
        char text[128], line[128];
        struct loaded loaded = {0};
        (void)snprintf(text, sizeof text, "http.pattern=%s", given[i][0]);
        (void)snprintf(line, sizeof line, "http.pattern = %s ",
                       given[i][1] ? given[i][1] : given[i][0]);
        const struct str overrides[] = {str_of(text)};
        struct settings_source source = {.overrides = overrides, .override_count = 1};
        load(arena, &source, &loaded);
        assert_has(effective(arena, &loaded), line);
    }
}

/* Takes the # off in front of every setting; comments have a space behind it. */
static struct str uncommented(struct arena *arena, struct str example)
{
    struct buf out = buf_in_arena(arena, 1 << 16);
    struct str line, text;

    while (example.len > 0) {
        (void)str_cut(example, '\n', &line, &example);
        bool setting = line.len > 1 && line.ptr[0] == '#' && line.ptr[1] != ' ';
        buf_put(&out, str_skip(line, setting));
        buf_put_char(&out, '\n');
    }
    assert_ok(buf_end(&out, &text));
    return text;
}

static void the_example_file_says_the_defaults_and_can_be_read_back(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(65536, 4 << 20);
    char path[] = "/tmp/signet-test-XXXXXX";
    struct loaded plain = {0}, read_back = {0};
    struct settings_source nothing = {0}, file = {.file = str_of(path)};

    assert_non_null(arena);
    struct str example = printed(arena, SETTINGS_EXAMPLE);
    assert_has(example,
               "\n[http]\n\n# Where to listen. More than one is fine.\n"
               "# Words with spaces between, ADDRESS:PORT.\n"
               "#listen = 127.0.0.1:3007 [::1]:3007\n");
    assert_has(example, "# How long.\n# A time of at least 0. Taken over at SIGHUP.\n#life = 1h\n");
    assert_has(example, "# A secret of at least 8 bytes.\n#client_secret =\n");
    assert_has(example,
               "# One of debug info warning error. Taken over at SIGHUP.\n#level = info\n");
    write_file(path, uncommented(arena, example));
    load(arena, &nothing, &plain);
    load(arena, &file, &read_back);
    assert_int_equal(unlink(path), 0);
    struct str text = effective(arena, &read_back);
    assert_null(strstr(text.ptr, "# default")); /* each row was in it, in its own section */
    assert_str(read_back.values.listen, "127.0.0.1:3007 [::1]:3007");
    assert_str(read_back.values.pattern, "a|b\\c \"d\"");
    assert_int_equal(read_back.values.life, plain.values.life);
    assert_int_equal(read_back.values.size, plain.values.size);
    assert_int_equal(read_back.values.many, 3);
    assert_str(read_back.log.level, "info");
}

static void the_reference_page_is_a_table_a_section(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(65536, 4 << 20);

    assert_non_null(arena);
    struct str text = printed(arena, SETTINGS_MARKDOWN);
    assert_has(text,
               "# Settings\n\n## `[http]`\n\n| key | default | takes | reload | meaning |\n"
               "|---|---|---|---|---|\n"
               "| `listen` | `127.0.0.1:3007 [::1]:3007` | words with spaces between, "
               "ADDRESS:PORT | no | Where to listen. More than one is fine |\n");
    assert_has(text, "| `pattern` | `a\\|b\\c \"d\"` | a text | yes | Either \\| or \\ |\n");
    assert_has(text, "| `client_secret` | none | a secret of at least 8 bytes | no |");
    assert_has(text, "| `size` | `64k` | a size from 1000 to 1g | no | How much |\n");
    assert_has(text, "| `many` | `3` | a number from -1 to 5 | no | How many |\n");
    assert_has(text, "\n## `[log]`\n");
    const char *http = strstr(text.ptr, "## `[http]`");
    assert_null(strstr(http + 1, "## `[http]`")); /* though its rows are not in one piece */
}

static void the_manual_is_mdoc(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(65536, 4 << 20);

    assert_non_null(arena);
    struct str text = printed(arena, SETTINGS_MAN);
    assert_has(text,
               ".Ss http\n.Bl -tag -width Ds\n.It Cm listen\nWhere to listen.\n"
               "More than one is fine.\nWords with spaces between, ADDRESS:PORT.\n"
               "The default is\n.Ql \"127.0.0.1:3007 [::1]:3007\" .\n");
    assert_has(text,
               "Either | or \\e.\nA text.\nTaken over at\n.Dv SIGHUP .\n"
               "The default is\n.Ql \"a|b\\ec \"\"d\"\"\" .\n");
    assert_true(str_ends(text, STR(".El\n")));
}

static void a_view_that_does_not_fit_is_told(void **state)
{
    (void)state;
    char memory[64];
    struct buf out = buf_over(memory, sizeof memory);
    struct str text;

    settings_print(&out, &static_modules, SETTINGS_MAN);
    assert_err(buf_end(&out, &text), ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_force_is_told_with_where_it_came_from),
        cmocka_unit_test(the_password_of_a_url_is_a_secret_too),
        cmocka_unit_test(the_example_file_says_the_defaults_and_can_be_read_back),
        cmocka_unit_test(the_reference_page_is_a_table_a_section),
        cmocka_unit_test(the_manual_is_mdoc),
        cmocka_unit_test(a_view_that_does_not_fit_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
