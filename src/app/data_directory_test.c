/* The data directory, its lock and its master key. */
#include "app/data_directory.h"
#include "base/check.h"

#include <unistd.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct place {
    char folder[64], data[96], path[128]; /* path: the last one named */
};

static int begin(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    assert_non_null(place);
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/signet-data-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    (void)snprintf(place->data, sizeof place->data, "%s/data", place->folder);
    *state = place;
    return 0;
}

static const char *in_data(struct place *place, const char *name)
{
    (void)snprintf(place->path, sizeof place->path, "%s/%s", place->data, name);
    return place->path;
}

static int finish(void **state)
{
    static const char *const names[] = {"signet.lock", "master.key", "odd", ""};
    struct place *place = *state;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        (void)remove(in_data(place, names[i]));
    }
    (void)remove(place->folder);
    free(place);
    return 0;
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(file, mode), 0);
    assert_int_equal(close(file), 0);
}

static void it_is_made_for_its_owner_alone_and_kept_when_it_is_there(void **state)
{
    struct place *place = *state;
    struct data_directory_state seen;
    struct reason reason = {0};

    assert_err(data_directory_look(str_of(place->data), &reason, &seen), ERR_MISSING);
    assert_ok(data_directory_make(str_of(place->data), &reason));
    assert_ok(data_directory_make(str_of(place->data), &reason));
    assert_ok(data_directory_look(str_of(place->data), &reason, &seen));
    assert_int_equal(seen.mode, 0700);
    assert_int_equal(seen.owner, geteuid());
    assert_string_equal(seen.open, "");
    assert_string_equal(seen.stranger, "");
}

static void a_file_in_it_that_others_may_read_is_seen(void **state)
{
    struct place *place = *state;
    struct data_directory_state seen;
    struct reason reason = {0};

    assert_ok(data_directory_make(str_of(place->data), &reason));
    write_file(in_data(place, "odd"), "", 0640);
    assert_ok(data_directory_look(str_of(place->data), &reason, &seen));
    assert_string_equal(seen.open, "odd");
}

static void what_is_no_directory_is_told(void **state)
{
    struct place *place = *state;
    struct data_directory_state seen;
    struct reason reason = {0};

    assert_ok(data_directory_make(str_of(place->data), &reason));
    write_file(in_data(place, "odd"), "", 0600);
    assert_err(data_directory_look(str_of(in_data(place, "odd")), &reason, &seen), ERR_SYSTEM);
    assert_non_null(strstr(reason.detail, "Not a directory"));
}

static void one_server_holds_it_and_others_are_told_which(void **state)
{
    struct place *place = *state;
    struct reason reason = {0};
    char number[32];
    int lock, second;

    assert_ok(data_directory_make(str_of(place->data), &reason));
    assert_int_equal(data_directory_holder(str_of(place->data)), 0);
    assert_int_not_equal(access(in_data(place, "signet.lock"), F_OK), 0); /* looking made none */
    assert_ok(data_directory_lock(str_of(place->data), &reason, &lock));
    assert_int_equal(data_directory_holder(str_of(place->data)), getpid());
    assert_err(data_directory_lock(str_of(place->data), &reason, &second), ERR_SYSTEM);
    (void)snprintf(number, sizeof number, "%ld", (long)getpid());
    assert_non_null(strstr(reason.detail, number));
    assert_non_null(strstr(reason.detail, place->data));
    assert_int_equal(close(lock), 0);
    assert_int_equal(data_directory_holder(str_of(place->data)), 0);
}

static void a_master_key_is_read_back_as_it_was_made(void **state)
{
    struct place *place = *state;
    struct key32 made, read_back;
    struct reason reason = {0};
    struct stat status;

    assert_ok(data_directory_make(str_of(place->data), &reason));
    assert_err(master_key_read(str_of(place->data), &reason, &read_back), ERR_MISSING);
    assert_ok(master_key_make(str_of(place->data), &reason, &made));
    assert_ok(master_key_read(str_of(place->data), &reason, &read_back));
    assert_true(key32_eq(&made, &read_back));
    assert_int_equal(stat(in_data(place, "master.key"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_err(master_key_make(str_of(place->data), &reason, &made), ERR_SYSTEM);
    assert_ok(master_key_read(str_of(place->data), &reason, &made));
    assert_true(key32_eq(&made, &read_back)); /* a second one does not take its place */
}

static void a_master_key_that_others_may_read_or_that_is_none_is_refused(void **state)
{
    static const char good[] = "8f1d6a2be07c9354f6b0a3d1c5e87219004c7be23d95f1a86b0e37dd42c9a15e";
    struct place *place = *state;
    const char *path = in_data(place, "master.key");
    struct reason reason = {0};
    struct key32 key;

    assert_ok(data_directory_make(str_of(place->data), &reason));
    write_file(path, good, 0600);
    assert_ok(master_key_read(str_of(place->data), &reason, &key));
    write_file(path, good, 0640);
    assert_err(master_key_read(str_of(place->data), &reason, &key), ERR_CONFIG);
    assert_non_null(strstr(reason.detail, "chmod 600"));
    const char *const bad[] = {"", "0011", &good[1],
                               "x0112233445566778899aabbccddeeff0"
                               "0112233445566778899aabbccddeeff"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        reason = (struct reason){0};
        write_file(path, bad[i], 0600);
        assert_err(master_key_read(str_of(place->data), &reason, &key), ERR_CONFIG);
        assert_non_null(strstr(reason.detail, "64 hexadecimal digits"));
    }
}

static void a_master_key_that_is_an_example_is_refused(void **state)
{
    static const char *const examples[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    };
    struct place *place = *state;
    struct reason reason = {0};
    struct key32 key;

    assert_ok(data_directory_make(str_of(place->data), &reason));
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        reason = (struct reason){0};
        write_file(in_data(place, "master.key"), examples[i], 0600);
        assert_err(master_key_read(str_of(place->data), &reason, &key), ERR_CONFIG);
        assert_non_null(strstr(reason.detail, "is an example of a key"));
        assert_null(strstr(reason.detail, examples[i]));
    }
}

static void a_master_key_that_is_put_loses_none(void **state)
{
    struct place *place = *state;
    struct reason reason = {0};
    struct key32 first, second = {{7}}, found;
    struct dirent *entry;
    int aside = 0;

    assert_ok(data_directory_make(str_of(place->data), &reason));
    assert_ok(master_key_make(str_of(place->data), &reason, &first));
    assert_ok(master_key_put(str_of(place->data), &first, &reason));
    for (int i = 0; i < 2; i++) {
        assert_ok(master_key_put(str_of(place->data), &second, &reason));
        assert_ok(master_key_read(str_of(place->data), &reason, &found));
        assert_true(key32_eq(&found, &second));
    }
    DIR *listing = opendir(place->data);
    assert_non_null(listing);
    while ((entry = readdir(listing)) != NULL) {
        aside += strncmp(entry->d_name, "master.key.", 11) == 0;
        if (strncmp(entry->d_name, "master.key.", 11) == 0) {
            assert_int_equal(unlinkat(dirfd(listing), entry->d_name, 0), 0);
        }
    }
    (void)closedir(listing);
    assert_int_equal(aside, 1); /* the first one, once */
}

/* A limit stands for whatever ends the writing early: a disk that is full, a kill, the power. */
static void a_master_key_that_was_not_written_whole_is_not_there(void **state)
{
    struct place *place = *state;
    struct rlimit before, little;
    struct reason reason = {0};
    struct key32 key;

    assert_ok(data_directory_make(str_of(place->data), &reason));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = (struct rlimit){10, before.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum err made = master_key_make(str_of(place->data), &reason, &key);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_err(made, ERR_SYSTEM);
    assert_err(master_key_read(str_of(place->data), &reason, &key), ERR_MISSING);
    assert_ok(master_key_make(str_of(place->data), &reason, &key));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
    const struct CMUnitTest tests[] = {
        TEST(it_is_made_for_its_owner_alone_and_kept_when_it_is_there),
        TEST(a_file_in_it_that_others_may_read_is_seen),
        TEST(what_is_no_directory_is_told),
        TEST(one_server_holds_it_and_others_are_told_which),
        TEST(a_master_key_is_read_back_as_it_was_made),
        TEST(a_master_key_that_is_put_loses_none),
        TEST(a_master_key_that_was_not_written_whole_is_not_there),
        TEST(a_master_key_that_others_may_read_or_that_is_none_is_refused),
        TEST(a_master_key_that_is_an_example_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
