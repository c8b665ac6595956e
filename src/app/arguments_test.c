/* Command lines, read; and what help says of each command. */
#include "app/arguments.h"
#include "app/help.h"
#include "app/options.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"

#include <stdlib.h>

enum {
    MOST = 24
};

struct typed {
    char text[256];
    char *words[MOST + 1];
    struct command_line line;
    struct reason reason;
};

/* As a shell would cut it at blanks; "signet" comes first. */
static enum err type(struct typed *typed, const char *text)
{
    int count = 0;

    *typed = (struct typed){0};
    (void)snprintf(typed->text, sizeof typed->text, "signet %s", text);
    for (char *at = typed->text, *next; at; at = next) {
        next = strchr(at, ' ');
        if (next) {
            *next++ = '\0';
        }
        if (*at) {
            assert_true(count < MOST);
            typed->words[count++] = at;
        }
    }
    return arguments_read(count, typed->words, &typed->line, &typed->reason);
}

static void a_command_gets_its_words_and_options_in_any_order(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "admin create ada --email ada@example.org --data /d",
        "--data=/d admin --email=ada@example.org create ada",
        "-d /d admin create --email ada@example.org -- ada",
    };
    struct typed typed;

    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        assert_ok(type(&typed, lines[i]));
        assert_string_equal(typed.line.command->name, "admin create");
        assert_int_equal(typed.line.word_count, 1);
        assert_str(typed.line.words[0], "ada");
        assert_str(typed.line.email, "ada@example.org");
        assert_str(typed.line.options.data, "/d");
        assert_false(str_is_set(typed.line.role));
    }
}

static void all_listeners_are_one_setting_where_the_first_stands(void **state)
{
    (void)state;
    struct typed typed;

    assert_ok(type(&typed,
                   "serve --set log.level=debug -l 127.0.0.1:1 --set http.loops=2 "
                   "--listen [::1]:2=edge --set token.issuer=a=b"));
    assert_int_equal(typed.line.options.set_count, 4);
    assert_str(typed.line.options.set[0], "log.level=debug");
    assert_str(typed.line.options.set[1], "http.listen=127.0.0.1:1 [::1]:2=edge");
    assert_str(typed.line.options.set[2], "http.loops=2");
    assert_str(typed.line.options.set[3], "token.issuer=a=b");
}

static void flags_are_set(void **state)
{
    (void)state;
    struct typed typed;

    assert_ok(type(&typed, "key rotate --now"));
    assert_true(typed.line.now);
    assert_ok(type(&typed, "session end --all ada"));
    assert_true(typed.line.all);
    assert_ok(type(&typed, "migrate"));
    assert_false(typed.line.check);
}

static void version_is_a_command_and_an_option(void **state)
{
    (void)state;
    struct typed typed;

    assert_ok(type(&typed, "--version"));
    assert_string_equal(typed.line.command->name, "version");
    assert_ok(type(&typed, "-V --full"));
    assert_string_equal(typed.line.command->name, "version");
    assert_true(typed.line.full);
}

static void help_is_asked_for_in_three_ways(void **state)
{
    (void)state;
    static const char *const of_one[] = {"help admin create", "admin create --help",
                                         "-h admin create ada"};
    struct typed typed;

    for (size_t i = 0; i < ARRAY_LEN(of_one); i++) {
        assert_ok(type(&typed, of_one[i]));
        assert_true(typed.line.help);
        assert_string_equal(typed.line.command->name, "admin create");
    }
    assert_ok(type(&typed, "help admin"));
    assert_true(typed.line.help);
    assert_null(typed.line.command);
    assert_str(typed.line.group, "admin");
    assert_ok(type(&typed, "--help"));
    assert_null(typed.line.command);
    assert_int_equal(typed.line.group.len, 0);
}

struct mistake {
    const char *line, *told;
};

static void a_mistake_is_told_in_plain_words(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"",                               "which command?"                                           },
        {"check it out",                   "one word too many: it"                                    },
        {"admni list",                     "there is no command admni list; the nearest is admin list"},
        {"help chek",                      "there is no command chek; the nearest is check"           },
        {"migrat x",                       "there is no command migrat x; the nearest is migrate"     },
        {"fly",                            "there is no command fly"                                  },
        {"session",                        "session is followed by one of: list, end"                 },
        {"key lst",                        "key is followed by one of: list, rotate"                  },
        {"admin create",                   "admin create needs NAME --email ADDRESS"                  },
        {"admin create ada",               "admin create needs --email ADDRESS"                       },
        {"admin list ada",                 "one word too many: ada"                                   },
        {"key list --now",                 "key list does not take --now"                             },
        {"serve --version",                "serve does not take --version"                            },
        {"serve --nonsense",               "there is no option like that in --nonsense"               },
        {"serve --set",                    "--set needs something behind it"                          },
        {"serve --set http.loops",         "--set takes SECTION.KEY=VALUE"                            },
        {"serve --set loops=1",            "--set takes SECTION.KEY=VALUE"                            },
        {"a b c d e f g h i",              "too many words"                                           },
        {"serve --listen 127.0.0.1:70000",
         "\"127.0.0.1:70000\" is not ADDRESS:PORT or ADDRESS:PORT=FACE,FACE"                          },
    };
    struct typed typed;

    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        assert_err(type(&typed, mistakes[i].line), ERR_CONFIG);
        assert_string_equal(typed.reason.detail, mistakes[i].told);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    char signet[] = "signet", serve[] = "serve", set[] = "--set", setting[] = "http.loops=1";
    char *words[2 * MOST_SETTINGS + 8] = {signet, serve};
    static struct command_line line;
    struct reason reason = {0};
    int count = 2;

    for (int i = 0; i <= MOST_SETTINGS; i++) {
        words[count++] = set;
        words[count++] = setting;
    }
    assert_ok(arguments_read(count - 2, words, &line, &reason));
    line = (struct command_line){0};
    assert_err(arguments_read(count, words, &line, &reason), ERR_CONFIG);
    assert_string_equal(reason.detail, "more than 64 settings");
}

static struct str all_help(struct arena *arena)
{
    struct buf out = buf_in_arena(arena, 1 << 18);
    struct str text;

    help_all(&out);
    help_group(&out, STR("admin"));
    for (size_t i = 0; commands[i]; i++) {
        help_command(&out, commands[i]);
    }
    assert_ok(buf_end(&out, &text));
    return text;
}

static void help_fits_a_terminal(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct str rest = all_help(arena), line;

    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest);
        if (line.len > 80 || str_ends(line, STR(" "))) {
            fail_msg("%.*s|", STR_ARG(line));
        }
    }
}

static void every_option_is_taken_by_somebody_and_every_need_is_taken(void **state)
{
    (void)state;
    unsigned taken = TAKES_HELP | TAKES_VERSION;

    for (size_t i = 0; commands[i]; i++) {
        taken |= commands[i]->takes;
        assert_int_equal(commands[i]->needs & ~commands[i]->takes, 0);
        assert_true(commands[i]->least <= commands[i]->most && commands[i]->most <= MOST_WORDS);
    }
    for (const struct option_row *row = option_rows; row->name; row++) {
        assert_true((taken & row->option) != 0);
        taken &= ~(unsigned)row->option;
    }
    assert_int_equal(taken, 0); /* nobody takes an option that has no row */
}

static void the_help_of_a_command_tells_its_own_options_and_no_others(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct buf out = buf_in_arena(arena, 1 << 16);
    struct typed typed;

    assert_ok(type(&typed, "key rotate"));
    help_command(&out, typed.line.command);
    buf_put_char(&out, '\0');
    assert_false(out.failed);
    assert_true(str_starts(buf_str(&out), STR("usage: signet key rotate [OPTION]...\n\n")));
    assert_non_null(strstr(out.data, "--now "));
    assert_non_null(strstr(out.data, "-d, --data DIR"));
    assert_null(strstr(out.data, "--email"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_gets_its_words_and_options_in_any_order),
        cmocka_unit_test(all_listeners_are_one_setting_where_the_first_stands),
        cmocka_unit_test(flags_are_set),
        cmocka_unit_test(version_is_a_command_and_an_option),
        cmocka_unit_test(help_is_asked_for_in_three_ways),
        cmocka_unit_test(a_mistake_is_told_in_plain_words),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(help_fits_a_terminal),
        cmocka_unit_test(every_option_is_taken_by_somebody_and_every_need_is_taken),
        cmocka_unit_test(the_help_of_a_command_tells_its_own_options_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
