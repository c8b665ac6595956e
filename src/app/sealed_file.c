/* Chunks in a row behind a head. All but the last are of one size. */
#include "app/sealed_file.h"

#include "base/arena.h"
#include "crypto/sealing.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct sealed_file {
    int descriptor;
    struct sealing sealing;
    struct arena *arena; /* of one chunk */
    struct reason reason;
    int64_t left; /* bytes that are not read yet */
    bool ended;
    size_t filled;
    char bytes[SEALING_CHUNK]; /* clear ones to be sealed, or sealed ones to be opened */
};

static struct sealed_file *make(void)
{
    struct sealed_file *file = calloc(1, sizeof *file);

    if (file) {
        file->descriptor = -1;
        file->arena = arena_create(4 * SEALING_CHUNK, 8 * SEALING_CHUNK);
    }
    return file;
}

void sealed_file_close(struct sealed_file *file)
{
    if (!file) {
        return;
    }
    if (file->descriptor >= 0) {
        (void)close(file->descriptor);
    }
    sealing_wipe(&file->sealing);
    explicit_bzero(file->bytes, sizeof file->bytes);
    arena_destroy(file->arena);
    free(file);
}

void sealed_file_close_at(struct sealed_file **file)
{
    sealed_file_close(*file);
}

static enum err write_all(struct sealed_file *file, struct str bytes, struct reason *reason)
{
    while (bytes.len > 0) {
        ssize_t written = write(file->descriptor, bytes.ptr, bytes.len);
        if (written < 0 && errno != EINTR) {
            return fail(reason, ERR_SYSTEM, STR(""), "cannot write the file: %s",
                        strerrordesc_np(errno));
        }
        bytes = str_skip(bytes, written > 0 ? (size_t)written : 0);
    }
    return ERR_OK;
}

static enum err begin_writing(struct sealed_file *file, const char *path, struct secret passphrase,
                              struct digester *digester, struct reason *reason)
{
    file->descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file->descriptor < 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "cannot make %s: %s", path,
                    strerrordesc_np(errno));
    }
    TRY(sealing_begin(digester, passphrase, &file->sealing));
    return write_all(file, (struct str){file->sealing.head, SEALING_HEAD}, reason);
}

enum err sealed_file_create(const char *path, struct secret passphrase, struct digester *digester,
                            struct reason *reason, struct sealed_file **ret)
{
    struct sealed_file *file = make();

    enum err e =
        file && file->arena ? begin_writing(file, path, passphrase, digester, reason) : ERR_MEMORY;
    if (e != ERR_OK) {
        sealed_file_close(file);
        return e;
    }
    *ret = file;
    return ERR_OK;
}

static enum err flush(struct sealed_file *file, bool last, struct reason *reason)
{
    struct str clear = {file->bytes, file->filled}, sealed;

    arena_reset(file->arena);
    TRY(sealing_close(&file->sealing, file->arena, clear, last, &sealed));
    file->filled = 0;
    return write_all(file, sealed, reason);
}

enum err sealed_file_put(struct sealed_file *file, struct str bytes, struct reason *reason)
{
    while (bytes.len > 0) {
        size_t room = SEALING_CLEAR - file->filled, part = bytes.len < room ? bytes.len : room;
        if (room == 0) { /* only now is it known not to be the last */
            TRY(flush(file, /* last= */ false, reason));
            continue;
        }
        memcpy(file->bytes + file->filled, bytes.ptr, part);
        file->filled += part;
        bytes = str_skip(bytes, part);
    }
    return ERR_OK;
}

enum err sealed_file_end(struct sealed_file *file, struct reason *reason)
{
    TRY(flush(file, /* last= */ true, reason));
    if (fsync(file->descriptor) != 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "cannot write the file: %s",
                    strerrordesc_np(errno));
    }
    return ERR_OK;
}

static enum err read_all(struct sealed_file *file, size_t count, struct reason *reason)
{
    for (file->filled = 0; file->filled < count;) {
        ssize_t got = read(file->descriptor, file->bytes + file->filled, count - file->filled);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return fail(reason, ERR_CONFIG, STR(""), "cannot read the file: %s",
                        got == 0 ? "it has become shorter" : strerrordesc_np(errno));
        }
        file->filled += got > 0 ? (size_t)got : 0;
    }
    file->left -= (int64_t)count;
    return ERR_OK;
}

static enum err resume(struct sealed_file *file, struct secret passphrase,
                       struct digester *digester, struct reason *reason)
{
    enum err e = sealing_resume(digester, (struct str){file->bytes, SEALING_HEAD}, passphrase,
                                &file->sealing);

    if (e == ERR_FIELD_VALUE) {
        return fail(reason, ERR_CONFIG, STR(""), "the file is no backup, or one of a newer signet");
    }
    if (e == ERR_CRYPTO) {
        return fail(reason, ERR_CONFIG, STR(""),
                    "the passphrase is not the one it was sealed under (or its first %d bytes are "
                    "damaged)",
                    SEALING_HEAD);
    }
    return e;
}

static enum err begin_reading(struct sealed_file *file, const char *path, struct secret passphrase,
                              struct digester *digester, struct reason *reason)
{
    struct stat status;

    file->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (file->descriptor < 0 || fstat(file->descriptor, &status) != 0) {
        return fail(reason, ERR_CONFIG, STR(""), "cannot read %s: %s", path,
                    strerrordesc_np(errno));
    }
    if (!S_ISREG(status.st_mode) || status.st_size <= SEALING_HEAD) {
        return fail(reason, ERR_CONFIG, STR(""), "%s is no backup: it is %s", path,
                    S_ISREG(status.st_mode) ? "too short" : "no file");
    }
    file->left = status.st_size;
    TRY(read_all(file, SEALING_HEAD, reason));
    return resume(file, passphrase, digester, reason);
}

enum err sealed_file_open(const char *path, struct secret passphrase, struct digester *digester,
                          struct reason *reason, struct sealed_file **ret)
{
    struct sealed_file *file = make();

    enum err e =
        file && file->arena ? begin_reading(file, path, passphrase, digester, reason) : ERR_MEMORY;
    if (e != ERR_OK) {
        sealed_file_close(file);
        return e;
    }
    *ret = file;
    return ERR_OK;
}

enum err sealed_file_more(void *from, struct str *ret)
{
    struct sealed_file *file = from;

    if (file->ended) {
        return ERR_MISSING;
    }
    bool last = file->left <= SEALING_CHUNK;
    TRY(read_all(file, last ? (size_t)file->left : SEALING_CHUNK, &file->reason));
    arena_reset(file->arena);
    enum err e = sealing_open(&file->sealing, file->arena, (struct str){file->bytes, file->filled},
                              last, ret);
    if (e == ERR_CRYPTO) {
        return fail(&file->reason, ERR_CONFIG, STR(""),
                    last ? "the file is damaged near its end, or has been cut off"
                         : "the file is damaged in its chunk %lld of %d bytes",
                    (long long)file->sealing.number + 1, SEALING_CHUNK);
    }
    file->ended = last;
    return e;
}

const struct reason *sealed_file_reason(const struct sealed_file *file)
{
    return &file->reason;
}
