#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/secret.h"
#include "ops/settings.h"

#include <unistd.h>

#include <stdio.h>
#include <stdlib.h>

struct web {
    struct str listen, url;
    int64_t loops, idle, body;
    bool strict;
};

struct provider {
    struct secret client_secret, old_secret;
    struct str algorithm;
};

static enum err is_port(struct str word)
{
    return str_contains(word, ':') ? ERR_OK : ERR_FIELD_VALUE;
}

/* clang-format off */
static const struct setting web_rows[] = {
    {.section = "http", .key = "listen", .kind = SETTING_WORDS, .offset = offsetof(struct web, listen),
     .initial = "127.0.0.1:3007", .help = "Where to listen", .expects = "ADDRESS:PORT", .check = is_port},
    {.section = "http", .key = "public_url", .kind = SETTING_TEXT, .offset = offsetof(struct web, url),
     .initial = "", .help = "Base of links", .reloadable = true},
    {.section = "http", .key = "loops", .kind = SETTING_NUMBER, .offset = offsetof(struct web, loops),
     .initial = "0", .least = 0, .most = 64, .help = "Threads"},
    {.section = "http", .key = "idle-seconds", .kind = SETTING_SECONDS, .offset = offsetof(struct web, idle),
     .initial = "60s", .least = 1, .most = 86400, .help = "Idle time", .reloadable = true},
    {.section = "http", .key = "body_bytes", .kind = SETTING_BYTES, .offset = offsetof(struct web, body),
     .initial = "64k", .least = 1024, .most = 1 << 20, .help = "Largest body"},
    {.section = "face.edge", .key = "strict", .kind = SETTING_SWITCH, .offset = offsetof(struct web, strict),
     .initial = "yes", .help = "Strictly"},
};
static const struct setting provider_rows[] = {
    {.section = "provider.google", .key = "client_secret", .kind = SETTING_SECRET,
     .offset = offsetof(struct provider, client_secret), .initial = "", .least = 8, .help = "From its console",
     .expects = "GOCSPX-as-in-the-manual"},
    {.section = "provider.google", .key = "old_secret", .kind = SETTING_SECRET,
     .offset = offsetof(struct provider, old_secret), .initial = "", .help = "The one before"},
    {.section = "provider.google", .key = "algorithm", .kind = SETTING_CHOICE,
     .offset = offsetof(struct provider, algorithm), .initial = "ES256", .choices = "ES256 HS256",
     .help = "How it signs"},
};
/* clang-format on */
static const struct setting_table web_table = {web_rows, ARRAY_LEN(web_rows), sizeof(struct web)};
static const struct setting_table provider_table = {provider_rows, ARRAY_LEN(provider_rows),
                                                    sizeof(struct provider)};

/* One loading: what goes in, and what comes out. */
struct loading {
    struct arena *arena;
    struct web web;
    struct provider provider;
    struct settings_module list[2];
    struct settings_modules modules;
    struct settings_source source;
    struct settings *settings;
    struct reason reason;
    char path[32];
};

static int setup(void **state)
{
    struct loading *loading = calloc(1, sizeof *loading);

    if (!loading) {
        return -1;
    }
    loading->arena = arena_create(65536, 32 << 20);
    loading->list[0] = (struct settings_module){&web_table, &loading->web};
    loading->list[1] = (struct settings_module){&provider_table, &loading->provider};
    loading->modules = (struct settings_modules){loading->list, 2};
    *state = loading;
    return loading->arena ? 0 : -1;
}

static int teardown(void **state)
{
    struct loading *loading = *state;

    if (loading->path[0]) {
        (void)unlink(loading->path);
    }
    arena_destroy(loading->arena);
    free(loading);
    return 0;
}

static void give_file(struct loading *loading, struct str text)
{
    if (!loading->path[0]) {
        memcpy(loading->path, "/tmp/signet-test-XXXXXX", 24);
        int descriptor = mkstemp(loading->path);
        assert_true(descriptor >= 0);
        assert_int_equal(close(descriptor), 0);
    }
    FILE *file = fopen(loading->path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    loading->source.file = str_of(loading->path);
}

static enum err load(struct loading *loading)
{
    loading->reason = (struct reason){0};
    return settings_load(loading->arena, &loading->modules, &loading->source, &loading->reason,
                         &loading->settings);
}

/* The reason without the path in front, which is another each time. */
static const char *complaint(const struct loading *loading)
{
    size_t length = strlen(loading->path);
    const char *detail = loading->reason.detail;

    return length > 0 && strncmp(detail, loading->path, length) == 0 ? detail + length : detail;
}

static void defaults_come_from_the_rows(void **state)
{
    struct loading *l = *state;

    assert_ok(load(l));
    assert_str(l->web.listen, "127.0.0.1:3007");
    assert_str(l->web.url, "");
    assert_int_equal(l->web.loops, 0);
    assert_int_equal(l->web.idle, 60);
    assert_int_equal(l->web.body, 65536);
    assert_true(l->web.strict);
    assert_str(l->provider.client_secret.hidden, "");
    assert_str(l->provider.algorithm, "ES256");
}

static void the_file_is_read(void **state)
{
    struct loading *l = *state;

    give_file(l, STR("\xef\xbb\xbf# a comment\r\n"
                     "[http]\r\n"
                     "listen = 127.0.0.1:1 [::1]:2   \r\n"
                     "  public_url=https://id.example.org/?a=b;c#d\n"
                     "idle-seconds = 15m\n"
                     "; another comment\n"
                     "\n"
                     "[face.edge]\n"
                     "strict = no\n"
                     "[provider.google]\n"
                     "client_secret = a b ; c # d = e\n"
                     "[http]\n"
                     "body_bytes = 1m")); /* no newline at the end */
    assert_ok(load(l));
    assert_str(l->web.listen, "127.0.0.1:1 [::1]:2");
    assert_str(l->web.url, "https://id.example.org/?a=b;c#d");
    assert_int_equal(l->web.idle, 900);
    assert_int_equal(l->web.body, 1 << 20);
    assert_false(l->web.strict);
    assert_str(l->provider.client_secret.hidden, "a b ; c # d = e");
}

static void later_sources_win(void **state)
{
    struct loading *l = *state;
    const struct str presets[] = {STR("http.loops=1"), STR("http.idle-seconds=1"),
                                  STR("http.body_bytes=1k"), STR("face.edge.strict=no")};
    char *environment[] = {(char[]){"HOME=/root"}, (char[]){"SIGNET_HTTP_IDLE_SECONDS=3"},
                           (char[]){"SIGNET_HTTP_BODY_BYTES=3k"}, NULL};
    const struct str overrides[] = {STR("http.body_bytes=4k"), STR("http.body_bytes = 5k")};

    give_file(l, STR("[http]\nloops = 2\nidle-seconds = 2\nbody_bytes = 2k\n"));
    l->source.presets = presets;
    l->source.preset_count = ARRAY_LEN(presets);
    l->source.preset_origin = "signet dev";
    l->source.environment = environment;
    l->source.overrides = overrides;
    l->source.override_count = ARRAY_LEN(overrides);
    assert_ok(load(l));
    assert_false(l->web.strict);
    assert_int_equal(l->web.loops, 2);
    assert_int_equal(l->web.idle, 3);
    assert_int_equal(l->web.body, 5120);
}

static void faults_of_the_file_are_told_with_their_line(void **state)
{
    struct loading *l = *state;
    static const struct {
        const char *text, *complaint;
    } table[] = {
        {"[http]\nlistne = a:1\n",                                                  ":2: no key 'listne' in [http]; the nearest is http.listen"},
        {"\n[htpp]\nlisten = a:1\n",                                                ":3: no section [htpp]; the nearest is [http]"             },
        {"[provider]\nclient_secret = x\n",
         ":2: no section [provider]; the nearest is [provider.google]"                                                                         },
        {"[http]\nalgorithm = x\n",
         ":2: no key 'algorithm' in [http]; the nearest is provider.google.algorithm"                                                          },
        {"loops = 1\n",                                                             ":1: no section []; the nearest is [http]"                 },
        {"[http]\nloops = 65\n",                                                    ":2: http.loops: '65' is not a number from 0 to 64"        },
        {"[http]\nloops =\n",                                                       ":2: http.loops: '' is not a number from 0 to 64"          },
        {"[http]\nloops = 1 # one\n",                                               ":2: http.loops: '1 # one' is not a number from 0 to 64"   },
        {"[http]\nidle-seconds = 2d\n",                                             ":2: http.idle-seconds: '2d' is not a time from 1s to 1d"  },
        {"[http]\nidle-seconds = -1\n",                                             ":2: http.idle-seconds: '-1' is not a time from 1s to 1d"  },
        {"[http]\nidle-seconds = 9223372036854775807d\n",
         ":2: http.idle-seconds: '9223372036854775807d' is not a time from 1s to 1d"                                                           },
        {"[http]\nbody_bytes = 1kb\n",                                              ":2: http.body_bytes: '1kb' is not a size from 1k to 1m"   },
        {"[face.edge]\nstrict = 0123456789012345678901234567890123456789\n",
         ":2: face.edge.strict: '0123456789012345678901234567890123456789' is not yes or no"                                                   },
        {"[face.edge]\nstrict = 012345678901234567890123456789012345678\xc3\xbc\n",
         ":2: face.edge.strict: '012345678901234567890123456789012345678...' is not yes or no"                                                 },
        {"[face.edge]\nstrict = true\n",                                            ":2: face.edge.strict: 'true' is not yes or no"            },
        {"[provider.google]\nalgorithm = none\n",
         ":2: provider.google.algorithm: 'none' is not one of ES256 HS256"                                                                     },
        {"[http]\nlisten = a:1 b c:2\n",                                            ":2: http.listen: 'b' is not of the form ADDRESS:PORT"     },
        {"[http]\nloops = 1\n\nloops = 2\n",
         ":4: http.loops is set a second time, first on line 2"                                                                                },
        {"[http]\nloops\n",                                                         ":2: neither [section] nor key = value nor # comment"      },
        {"[http\nloops = 1\n",                                                      ":1: neither [section] nor key = value nor # comment"      },
        {"[http]\n\npublic_url = \xff\n",                                           ":3: the line is not UTF-8"                                },
        {"[http]\npublic_url = a\x1b[31m\n",                                        ":2: http.public_url: has a control character in it"       },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        give_file(l, str_of(table[i].text));
        assert_err(load(l), ERR_CONFIG);
        assert_string_equal(complaint(l), table[i].complaint);
    }
}

static void what_a_c_string_would_hide_is_found(void **state)
{
    struct loading *l = *state;
    char *text = malloc((1 << 20) + 2);

    assert_non_null(text);
    give_file(l, STR("[http]\nloops = 1\0 and more\n"));
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l), ":2: the line has a NUL byte in it");

    memset(text, 'a', (1 << 20) + 2);
    memcpy(text, "[http]\npublic_url = ", 20);
    give_file(l, (struct str){text, 7 + (16 << 10)}); /* the longest line there may be */
    assert_ok(load(l));
    assert_int_equal(l->web.url.len, (16 << 10) - 13);
    give_file(l, (struct str){text, 7 + (16 << 10) + 1});
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l), ":2: the line is longer than 16 KiB");

    memset(text, '\n', (1 << 20) + 2);
    give_file(l, (struct str){text, 1 << 20});
    assert_ok(load(l));
    give_file(l, (struct str){text, (1 << 20) + 1});
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l), " is larger than 1 MiB");
    free(text);
}

static void a_file_that_was_named_has_to_exist(void **state)
{
    struct loading *l = *state;

    l->source.file = STR("/nowhere/signet.conf");
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l),
                        "/nowhere/signet.conf cannot be read: No such file or directory");
    l->source.file = STR("/tmp");
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l), "/tmp cannot be read: Is a directory");
}

static void variables_that_are_no_settings_are_refused(void **state)
{
    struct loading *l = *state;
    char *misspelt[] = {(char[]){"SIGNET_HTTP_LISTNE=a:1"}, NULL};
    char *wrong[] = {(char[]){"SIGNET_FACE_EDGE_STRICT=maybe"}, NULL};
    char *linked[] = {(char[]){"SIGNET_SERVICE_HOST=10.0.0.1"},
                      (char[]){"SIGNET_PORT_8085_TCP_ADDR=10.0.0.1"}, (char[]){"SIGNETS=x"}, NULL};

    l->source.environment = misspelt;
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l),
                        "SIGNET_HTTP_LISTNE in the environment is no setting; "
                        "the nearest is SIGNET_HTTP_LISTEN");
    l->source.environment = wrong;
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l),
                        "SIGNET_FACE_EDGE_STRICT: face.edge.strict: 'maybe' is not yes or no");
    l->source.environment = linked; /* Kubernetes' doing, or none of ours */
    assert_ok(load(l));
}

static void overrides_name_themselves_in_faults(void **state)
{
    struct loading *l = *state;
    static const struct {
        const char *text, *complaint;
    } table[] = {
        {"http.loops",   "--set takes section.key=value, not 'http.loops'"                    },
        {"loops=1",      "--set takes section.key=value, not 'loops'"                         },
        {"http.lops=1",  "--set http.lops: no key 'lops' in [http]; the nearest is http.loops"},
        {"http.loops=x", "--set http.loops: http.loops: 'x' is not a number from 0 to 64"     },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct str override = str_of(table[i].text);
        l->source.overrides = &override;
        l->source.override_count = 1;
        assert_err(load(l), ERR_CONFIG);
        assert_string_equal(complaint(l), table[i].complaint);
    }
}

/* S37: secrets that are an example stop the start, and none is ever told. */
static void example_secrets_are_refused_without_being_shown(void **state)
{
    struct loading *l = *state;
    static const char *const examples[] = {"change-me", "CHANGE_ME", "<your-client-secret>",
                                           "secret", "GOCSPX-as-in-the-manual"};

    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        char memory[128];
        struct buf text = buf_over(memory, sizeof memory);
        buf_print(&text, "[provider.google]\nclient_secret = %s\n", examples[i]);
        give_file(l, buf_str(&text));
        assert_err(load(l), ERR_CONFIG);
        assert_string_equal(complaint(l),
                            ":2: provider.google.client_secret: is an example, not a secret");
    }
    give_file(l, STR("[provider.google]\nclient_secret = tooshrt\n"));
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l), ":2: provider.google.client_secret: is shorter than 8 bytes");
    give_file(l, STR("[provider.google]\nclient_secret = secretly-long-enough\n"));
    assert_ok(load(l));
}

static const struct setting twin_rows[] = {
    {.section = "face",
     .key = "edge_strict",
     .kind = SETTING_TEXT,
     .initial = "",
     .help = "A twin"},
};
static const struct setting_table twin_table = {twin_rows, 1, sizeof(struct str)};

static const struct setting broken_rows[] = {
    {.section = "broken",
     .key = "number",
     .kind = SETTING_NUMBER,
     .initial = "7",
     .help = "No range"},
};
static const struct setting_table broken_table = {broken_rows, 1, sizeof(int64_t)};

static void tables_that_cannot_be_right_are_found(void **state)
{
    struct loading *l = *state;
    int64_t number;
    struct str text;

    l->list[1] = (struct settings_module){&twin_table, &text};
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l), "two settings are called SIGNET_FACE_EDGE_STRICT");
    l->list[1] = (struct settings_module){&broken_table, &number};
    assert_err(load(l), ERR_CONFIG);
    assert_string_equal(complaint(l), "default: broken.number: '7' is not a number from 0 to 0");
}

static void a_reload_keeps_what_only_a_restart_changes(void **state)
{
    struct loading *current = *state, *fresh;
    void *other = NULL;
    char memory[256];
    struct buf waiting = buf_over(memory, sizeof memory);

    if (setup(&other) != 0) {
        fail_msg("no second set of settings");
        return; /* which the analyzers do not know of fail_msg */
    }
    fresh = other;
    give_file(current, STR("[http]\nlisten = a:1\npublic_url = https://old\nloops = 1\n"
                           "[provider.google]\nold_secret = older\n"));
    assert_ok(load(current));
    give_file(fresh, STR("[http]\nlisten = b:1\npublic_url = https://new\nloops = 1\n"
                         "body_bytes = 2k\n[face.edge]\nstrict = no\n"
                         "[provider.google]\nold_secret = younger\n"));
    assert_ok(load(fresh));
    assert_ok(settings_keep(fresh->settings, current->settings, &waiting));
    assert_str(buf_str(&waiting),
               "http.listen, http.body_bytes, face.edge.strict, provider.google.old_secret");
    arena_reset(current->arena); /* nothing of it is needed any more */
    assert_str(fresh->web.listen, "a:1");
    assert_str(fresh->web.url, "https://new");
    assert_int_equal(fresh->web.body, 65536);
    assert_true(fresh->web.strict);
    assert_str(fresh->provider.old_secret.hidden, "older");
    assert_int_equal(teardown(&other), 0);
}

static void no_memory_is_no_misuse(void **state)
{
    struct loading *l = *state;
    bool loaded = false;

    give_file(l, STR("[http]\nlisten = a:1\n"));
    for (size_t limit = 0; limit < 20000 && !loaded; limit += 50) {
        arena_destroy(l->arena);
        l->arena = arena_create(0, limit);
        assert_non_null(l->arena);
        enum err e = load(l);
        loaded = e == ERR_OK;
        assert_true(loaded || e == ERR_MEMORY);
    }
    assert_true(loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(defaults_come_from_the_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(the_file_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(later_sources_win, setup, teardown),
        cmocka_unit_test_setup_teardown(faults_of_the_file_are_told_with_their_line, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_a_c_string_would_hide_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_that_was_named_has_to_exist, setup, teardown),
        cmocka_unit_test_setup_teardown(variables_that_are_no_settings_are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(overrides_name_themselves_in_faults, setup, teardown),
        cmocka_unit_test_setup_teardown(example_secrets_are_refused_without_being_shown, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(tables_that_cannot_be_right_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reload_keeps_what_only_a_restart_changes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(no_memory_is_no_misuse, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
