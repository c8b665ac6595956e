#include "app/sealed_file.h"
#include "base/check.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "crypto/sealing.h"

#include <unistd.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    LONG = 3 * SEALING_CLEAR /* ends with a whole chunk */
};

static const struct secret passphrase = {
    {"correct horse", 13}
};

struct rig {
    struct digester *digester;
    char folder[64], path[80];
    size_t size;
};

static void write_file(struct rig *r, size_t size)
{
    struct sealed_file *file;
    char piece[1000];

    memset(piece, 'x', sizeof piece);
    assert_ok(sealed_file_create(r->path, passphrase, r->digester, NULL, &file));
    for (r->size = 0; r->size < size; r->size += sizeof piece) {
        size_t left = size - r->size;
        assert_ok(sealed_file_put(
            file, (struct str){piece, left < sizeof piece ? left : sizeof piece}, NULL));
    }
    r->size = size;
    assert_ok(sealed_file_end(file, NULL));
    sealed_file_close(file);
}

static int set_up(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    (void)snprintf(r->folder, sizeof r->folder, "/tmp/signet-sealed-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    (void)snprintf(r->path, sizeof r->path, "%s/file", r->folder);
    assert_ok(password_start());
    assert_ok(digester_create(&r->digester));
    write_file(r, LONG);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *r = *state;

    (void)unlink(r->path);
    (void)rmdir(r->folder);
    digester_destroy(r->digester);
    free(r);
    return 0;
}

/* How much comes before the end or the error. */
static enum err read_file(struct rig *r, struct reason *reason, size_t *ret)
{
    struct sealed_file *file;
    struct str piece;
    enum err e;

    *ret = 0;
    TRY(sealed_file_open(r->path, passphrase, r->digester, reason, &file));
    while ((e = sealed_file_more(file, &piece)) == ERR_OK) {
        *ret += piece.len;
    }
    *reason = *sealed_file_reason(file);
    sealed_file_close(file);
    return e == ERR_MISSING ? ERR_OK : e;
}

static void it_is_for_its_owner_and_comes_back(void **state)
{
    struct rig *r = *state;
    struct reason reason = {0};
    struct stat status;
    size_t size;

    assert_int_equal(stat(r->path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_size, SEALING_HEAD + 3 * SEALING_CHUNK);
    assert_ok(read_file(r, &reason, &size));
    assert_int_equal(size, LONG);
    (void)unlink(r->path);
    write_file(r, 0);
    assert_ok(read_file(r, &reason, &size));
    assert_int_equal(size, 0);
}

static void nothing_is_written_over(void **state)
{
    struct rig *r = *state;
    struct sealed_file *file;
    struct reason reason = {0};

    assert_err(sealed_file_create(r->path, passphrase, r->digester, &reason, &file), ERR_SYSTEM);
    assert_non_null(strstr(reason.detail, "File exists"));
}

static void every_cut_is_told(void **state)
{
    struct rig *r = *state;
    const off_t cuts[] = {SEALING_HEAD + 3 * SEALING_CHUNK - 1, SEALING_HEAD + 2 * SEALING_CHUNK,
                          SEALING_HEAD + SEALING_CHUNK + 5, SEALING_HEAD + 1};

    for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
        struct reason reason = {0};
        size_t size;
        assert_int_equal(truncate(r->path, cuts[i]), 0);
        assert_err(read_file(r, &reason, &size), ERR_CONFIG);
        assert_string_equal(reason.detail, "the file is damaged near its end, or has been cut off");
    }
}

static void damage_is_told_with_its_place(void **state)
{
    struct rig *r = *state;
    struct reason reason = {0};
    size_t size;
    char c;

    int file = open(r->path, O_RDWR | O_CLOEXEC);
    off_t at = SEALING_HEAD + SEALING_CHUNK + 1000;
    assert_true(file >= 0);
    assert_int_equal(pread(file, &c, 1, at), 1);
    c ^= 16;
    assert_int_equal(pwrite(file, &c, 1, at), 1);
    (void)close(file);
    assert_err(read_file(r, &reason, &size), ERR_CONFIG);
    assert_non_null(strstr(reason.detail, "damaged in its chunk 2 "));
    assert_int_equal(size, SEALING_CLEAR);
}

static void what_is_no_backup_is_told(void **state)
{
    struct rig *r = *state;
    struct reason reason = {0};
    struct sealed_file *file;

    assert_err(sealed_file_open(r->path, (struct secret){STR("another horse")}, r->digester,
                                &reason, &file),
               ERR_CONFIG);
    assert_non_null(strstr(reason.detail, "the passphrase is not the one"));
    reason = (struct reason){0};
    assert_err(sealed_file_open("/proc/self/cmdline", passphrase, r->digester, &reason, &file),
               ERR_CONFIG);
    assert_non_null(strstr(reason.detail, "too short"));
    reason = (struct reason){0};
    assert_err(sealed_file_open(r->folder, passphrase, r->digester, &reason, &file), ERR_CONFIG);
    assert_non_null(strstr(reason.detail, "no file"));
}

/* clang-format off */
#define WITH_FILE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(it_is_for_its_owner_and_comes_back),
        WITH_FILE(nothing_is_written_over),
        WITH_FILE(every_cut_is_told),
        WITH_FILE(damage_is_told_with_its_place),
        WITH_FILE(what_is_no_backup_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
