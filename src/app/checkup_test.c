/* Looking an installation over: a line a finding, and nothing made. */
#include "app/checkup.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "domain/keyring.h"
#include "picture/nursery.h"

#include <unistd.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct looked {
    char folder[64], data[96];
    struct arena *arena;
    struct config *config;
    struct buf out;
    struct checkup checkup;
};

static int begin(void **state)
{
    static const struct str set[] = {
        {"http.listen=127.0.0.1:0", 23}
    };
    struct looked *looked = calloc(1, sizeof *looked);
    struct reason reason = {0};

    assert_non_null(looked);
    (void)snprintf(looked->folder, sizeof looked->folder, "/tmp/signet-check-XXXXXX");
    assert_non_null(mkdtemp(looked->folder));
    (void)snprintf(looked->data, sizeof looked->data, "%s/data", looked->folder);
    const struct config_options options = {
        .data = str_of(looked->data), .set = set, .set_count = ARRAY_LEN(set)};
    assert_ok(config_load(&options, &reason, &looked->config));
    looked->arena = arena_create(65536, 1 << 20);
    *state = looked;
    return 0;
}

static int file_count(const struct looked *looked, bool remove_them)
{
    DIR *listing = opendir(looked->data);
    const struct dirent *entry;
    char path[400];
    int count = 0;

    while (listing && (entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            (void)snprintf(path, sizeof path, "%s/%s", looked->data, entry->d_name);
            count += remove_them ? remove(path) == 0 : 1;
        }
    }
    if (listing) {
        (void)closedir(listing);
    }
    return count;
}

static int finish(void **state)
{
    struct looked *looked = *state;

    (void)file_count(looked, true);
    (void)remove(looked->data);
    (void)remove(looked->folder);
    config_free(looked->config);
    arena_destroy(looked->arena);
    free(looked);
    return 0;
}

static enum err first_key(struct ctx *ctx, void *with)
{
    (void)with;
    return keyring_rotate(ctx, ctx->now);
}

static void install(const struct looked *looked)
{
    struct instance *instance;
    struct reason reason = {0};

    assert_ok(instance_open(looked->config, INSTANCE_COMMAND, &reason, &instance));
    assert_ok(instance_run(instance, TX_WRITE, first_key, NULL, &reason));
    instance_close(instance);
}

/* Everything that was noted, with a NUL behind it. */
static const char *look(struct looked *looked)
{
    arena_reset(looked->arena);
    looked->out = buf_in_arena(looked->arena, 1 << 16);
    looked->checkup = (struct checkup){.config = looked->config, .out = &looked->out};
    checkup_files(&looked->checkup);
    checkup_store(&looked->checkup);
    checkup_listeners(&looked->checkup);
    checkup_machine(&looked->checkup);
    buf_put_char(&looked->out, '\0');
    assert_false(looked->out.failed);
    return looked->out.data;
}

#define assert_told(text, part)                                                                    \
    do {                                                                                           \
        if (!strstr(text, part)) {                                                                 \
            fail_msg("%s\nis not in\n%s", part, text);                                             \
        }                                                                                          \
    } while (0)

static void a_sound_installation_has_no_failure(void **state)
{
    struct looked *looked = *state;

    install(looked);
    const char *text = look(looked);
    assert_int_equal(looked->checkup.failures, 0);
    assert_told(text, "ok   data directory ");
    assert_told(text, "ok   store: schema 1, up to date\n");
    assert_told(text, "ok   master key opens all signing keys, of which there are 1\n");
    assert_told(text, "ok   listener 127.0.0.1, port 0: free\n");
    assert_told(text, "ok   the clock says ");
    assert_null(strstr(text, "FAIL"));
}

static void an_open_face_without_a_public_url_is_told_of(void **state)
{
    struct looked *looked = *state;

    install(looked);
    assert_null(strstr(look(looked), "face.directory.open"));
    looked->config->directory.face.open = true;
    assert_told(look(looked), "warn face.directory.open: http.public_url is not set");
    assert_int_equal(looked->checkup.failures, 0);
    looked->config->http.public_url = STR("http://ids:8080");
    assert_null(strstr(look(looked), "face.directory.open"));
}

static void looking_makes_nothing(void **state)
{
    struct looked *looked = *state;

    assert_told(look(looked), "does not exist");
    assert_int_equal(looked->checkup.failures, 1);
    assert_int_not_equal(access(looked->data, F_OK), 0);
    assert_int_equal(mkdir(looked->data, 0700), 0);
    assert_told(look(looked), "warn there is no store yet");
    assert_int_equal(looked->checkup.failures, 0);
    assert_int_equal(file_count(looked, false), 0);
}

static void another_master_key_is_told_and_so_is_none(void **state)
{
    struct looked *looked = *state;
    char path[128];

    install(looked);
    (void)snprintf(path, sizeof path, "%s/master.key", looked->data);
    assert_int_equal(remove(path), 0);
    assert_told(look(looked), "master.key is missing");
    assert_int_equal(looked->checkup.failures, 1);
    FILE *key = fopen(path, "w");
    assert_non_null(key);
    assert_int_equal(fchmod(fileno(key), 0600), 0);
    assert_true(fputs("8f1d6a2be07c9354f6b0a3d1c5e87219004c7be23d95f1a86b0e37dd42c9a15e", key) > 0);
    assert_int_equal(fclose(key), 0);
    assert_told(look(looked), "was sealed under another master key");
    assert_int_equal(looked->checkup.failures, 1);
}

static void what_others_may_do_is_told(void **state)
{
    struct looked *looked = *state;
    char path[128];

    install(looked);
    assert_int_equal(chmod(looked->data, 0750), 0);
    assert_told(look(looked), "warn data directory ");
    assert_int_equal(looked->checkup.failures, 0);
    assert_int_equal(chmod(looked->data, 0770), 0);
    assert_told(look(looked), "FAIL data directory ");
    assert_int_equal(looked->checkup.failures, 1);
    assert_int_equal(chmod(looked->data, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/signet.db", looked->data);
    assert_int_equal(chmod(path, 0644), 0);
    assert_told(look(looked), "/signet.db may be read by others: chmod 600 it");
    assert_int_equal(looked->checkup.failures, 1);
}

static void listeners_of_a_running_server_are_not_tried(void **state)
{
    struct looked *looked = *state;
    struct instance *serving;
    struct reason reason = {0};

    install(looked);
    assert_ok(instance_open(looked->config, INSTANCE_SERVE, &reason, &serving));
    const char *text = look(looked);
    assert_int_equal(looked->checkup.failures, 0);
    assert_int_equal(looked->checkup.server, getpid());
    assert_told(text, "it is being served, by process ");
    assert_null(strstr(text, "free\n"));
    instance_close(serving);
}

static void a_clock_is_behind_by_whole_seconds(void **state)
{
    (void)state;
    assert_int_equal(checkup_clock_behind((struct moment){5000}, (struct moment){5000}), 0);
    assert_int_equal(checkup_clock_behind((struct moment){5001}, (struct moment){5000}), 0);
    assert_int_equal(checkup_clock_behind((struct moment){5000}, (struct moment){5001}), 1);
    assert_int_equal(checkup_clock_behind((struct moment){5000}, (struct moment){9000}), 4);
}

/* What serves starts this program again, to begin those that draw. */
int main(int count, char **arguments)
{
    if (count == 2 && str_eq(str_of(arguments[1]), STR(NURSERY_ARGUMENT))) {
        return nursery_main();
    }
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_sound_installation_has_no_failure),
        TEST(an_open_face_without_a_public_url_is_told_of),
        TEST(looking_makes_nothing),
        TEST(another_master_key_is_told_and_so_is_none),
        TEST(what_others_may_do_is_told),
        TEST(listeners_of_a_running_server_are_not_tried),
        cmocka_unit_test(a_clock_is_behind_by_whole_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
