/* Files of the data directory other than the store's own. */
#include "app/data_directory.h"

#include "base/buf.h"
#include "base/hex.h"
#include "base/moment.h"
#include "base/number.h"
#include "base/random.h"

#include <unistd.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

enum {
    KEY_TEXT = 64
};

static enum err file_in(struct str directory, const char *name, char path[PATH_MAX],
                        struct reason *reason)
{
    int length = snprintf(path, PATH_MAX, "%.*s/%s", STR_ARG(directory), name);

    if (length < 0 || length >= PATH_MAX) {
        return fail(reason, ERR_CONFIG, STR(""), "the path of the data directory is too long");
    }
    return ERR_OK;
}

static void close_at(int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
}

enum err data_directory_make(struct str path, struct reason *reason)
{
    char name[PATH_MAX];

    TRY(file_in(path, "", name, reason));
    if (mkdir(name, 0700) == 0 || errno == EEXIST) {
        return ERR_OK;
    }
    return fail(reason, ERR_SYSTEM, STR(""), "cannot make the data directory %.*s: %s",
                STR_ARG(path), strerror(errno));
}

enum err data_directory_lock(struct str path, struct reason *reason, int *ret_descriptor)
{
    char name[PATH_MAX], holder[32] = "";

    TRY(file_in(path, "signet.lock", name, reason));
    int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "cannot open %s: %s", name, strerror(errno));
    }
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ssize_t length = read(lock, holder, sizeof holder - 1);
        (void)close(lock);
        return fail(reason, ERR_SYSTEM, STR(""),
                    "another signet (process %.*s) already serves the data directory %.*s",
                    length > 0 ? (int)length : 1, length > 0 ? holder : "?", STR_ARG(path));
    }
    int length = snprintf(holder, sizeof holder, "%ld", (long)getpid());
    if (ftruncate(lock, 0) != 0 || pwrite(lock, holder, (size_t)length, 0) != length) {
        (void)close(lock);
        return fail(reason, ERR_SYSTEM, STR(""), "cannot write %s: %s", name, strerror(errno));
    }
    *ret_descriptor = lock;
    return ERR_OK;
}

int64_t data_directory_holder(struct str path)
{
    char name[PATH_MAX], holder[32] = "";
    int64_t process = 0;

    if (file_in(path, "signet.lock", name, NULL) != ERR_OK) {
        return 0;
    }
    CLEANUP(close_at) int lock = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    /* Shared, so that two who look do not take each other for a server. */
    if (lock < 0 || flock(lock, LOCK_SH | LOCK_NB) == 0) {
        return 0;
    }
    ssize_t length = read(lock, holder, sizeof holder - 1);
    enum err e =
        number_parse((struct str){holder, length > 0 ? (size_t)length : 0}, 1, INT64_MAX, &process);
    return e == ERR_OK ? process : 1;
}

static void note_name(char to[64], const char *name)
{
    if (!to[0]) {
        (void)snprintf(to, 64, "%.63s", name);
    }
}

static void look_at_file(int directory, const char *name, struct data_directory_state *state)
{
    struct stat status;

    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
        return;
    }
    if (status.st_uid != state->owner) {
        note_name(state->stranger, name);
    }
    if ((status.st_mode & 077) != 0) {
        note_name(state->open, name);
    }
}

static void close_listing_at(DIR **listing)
{
    if (*listing) {
        (void)closedir(*listing);
    }
}

enum err data_directory_look(struct str path, struct reason *reason,
                             struct data_directory_state *ret)
{
    struct data_directory_state state = {0};
    const struct dirent *entry;
    char name[PATH_MAX];
    struct stat status;

    TRY(file_in(path, "", name, reason));
    CLEANUP(close_listing_at) DIR *listing = opendir(name);
    if (!listing && errno == ENOENT) {
        return ERR_MISSING;
    }
    if (!listing || fstat(dirfd(listing), &status) != 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "cannot read %.*s: %s", STR_ARG(path),
                    strerrordesc_np(errno));
    }
    state.mode = status.st_mode & 07777;
    state.owner = status.st_uid;
    while ((entry = readdir(listing)) != NULL) {
        look_at_file(dirfd(listing), entry->d_name, &state);
    }
    *ret = state;
    return ERR_OK;
}

enum err master_key_read(struct str path, struct reason *reason, struct key32 *ret)
{
    char name[PATH_MAX], text[KEY_TEXT + 2];
    struct stat status;

    TRY(file_in(path, "master.key", name, reason));
    CLEANUP(close_at) int file = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && errno == ENOENT) {
        return ERR_MISSING;
    }
    if (file < 0 || fstat(file, &status) != 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "cannot read %s: %s", name, strerror(errno));
    }
    if ((status.st_mode & 077) != 0) {
        return fail(reason, ERR_CONFIG, STR(""), "%s can be read by others: chmod 600 it", name);
    }
    ssize_t length = read(file, text, sizeof text);
    bool ends_well = length == KEY_TEXT || (length == KEY_TEXT + 1 && text[KEY_TEXT] == '\n');
    enum err e = ends_well ? hex_parse((struct str){text, KEY_TEXT}, ret->bytes, sizeof ret->bytes)
                           : ERR_FIELD_VALUE;
    explicit_bzero(text, sizeof text);
    if (e != ERR_OK) {
        return fail(reason, ERR_CONFIG, STR(""), "%s is no key: 64 hexadecimal digits", name);
    }
    if (secret_is_pattern((struct str){(const char *)ret->bytes, sizeof ret->bytes})) {
        return fail(reason, ERR_CONFIG, STR(""), "%s is an example of a key, and no secret", name);
    }
    return ERR_OK;
}

static bool write_key(int file, const struct key32 *key)
{
    char text[KEY_TEXT + 1];
    struct buf out = buf_over(text, sizeof text);

    buf_put_hex(&out, key->bytes, sizeof key->bytes);
    buf_put_char(&out, '\n');
    bool written = write(file, text, out.len) == (ssize_t)out.len && fsync(file) == 0;
    explicit_bzero(text, sizeof text);
    return written;
}

/* Gives the key that is there another name, which nothing has. */
static bool set_aside(int directory)
{
    char aside[64];

    (void)snprintf(aside, sizeof aside, "master.key.%lld", (long long)moment_now().ms);
    return linkat(directory, "master.key", directory, aside, 0) == 0 || errno == ENOENT;
}

/* A key is whole before it has its name, and durable when its directory is. Until then the name is
 * of this process, so that nobody gives half of another's key its name. */
static bool put_key(int directory, const struct key32 *key, bool (*give_name)(int, const char *))
{
    char part[64];

    (void)snprintf(part, sizeof part, "master.key.%ld.part", (long)getpid());
    (void)unlinkat(directory, part, 0); /* of a run that was killed */
    CLEANUP(close_at)
    int file = openat(directory, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool put = file >= 0 && write_key(file, key) && give_name(directory, part);
    int error = errno;
    (void)unlinkat(directory, part, 0);
    errno = error;
    return put && fsync(directory) == 0;
}

static bool as_the_first(int directory, const char *part)
{
    return linkat(directory, part, directory, "master.key", 0) == 0; /* not over another one */
}

static bool as_the_next(int directory, const char *part)
{
    return set_aside(directory) && renameat(directory, part, directory, "master.key") == 0;
}

static enum err put_key_in(struct str path, const struct key32 *key,
                           bool (*give_name)(int, const char *), struct reason *reason)
{
    char name[PATH_MAX];

    TRY(file_in(path, "", name, reason));
    CLEANUP(close_at) int directory = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || !put_key(directory, key, give_name)) {
        return fail(reason, ERR_SYSTEM, STR(""), "cannot write %smaster.key: %s", name,
                    strerror(errno));
    }
    return ERR_OK;
}

enum err master_key_make(struct str path, struct reason *reason, struct key32 *ret)
{
    TRY(random_fill(ret->bytes, sizeof ret->bytes));
    return put_key_in(path, ret, as_the_first, reason);
}

enum err master_key_put(struct str path, const struct key32 *key, struct reason *reason)
{
    CLEANUP(key32_wipe) struct key32 there = {0};

    if (master_key_read(path, NULL, &there) == ERR_OK && key32_eq(&there, key)) {
        return ERR_OK;
    }
    return put_key_in(path, key, as_the_next, reason);
}
