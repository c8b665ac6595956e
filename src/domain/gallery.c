/* Pictures as files of one folder. A crash leaves a file that nobody names, and never half of one
 * under a name: what is written gets its name when it is durable. */
#include "domain/gallery.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "base/random.h"

#include <unistd.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX STR(".webp")

enum {
    RANDOM_BYTES = 16,
    DIGITS = 2 * RANDOM_BYTES,
    MOST_PICTURE = 4 << 20
};
_Static_assert(DIGITS + 5 == GALLERY_NAME, "a name is digits and the suffix");

struct gallery {
    int folder;
    DIR *round; /* of those who look for what is nobody's */
};

static void close_at(const int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
}

static enum err open_folder(struct gallery *gallery, struct str folder, struct reason *reason)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%.*s", STR_ARG(folder));

    if (length < 0 || (size_t)length >= sizeof path) {
        return fail(reason, ERR_CONFIG, STR(""), "the path of the pictures is too long");
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return fail(reason, ERR_SYSTEM, STR(""), "cannot make %s: %s", path,
                    strerrordesc_np(errno));
    }
    gallery->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return gallery->folder >= 0 ? ERR_OK
                                : fail(reason, ERR_SYSTEM, STR(""), "cannot open %s: %s", path,
                                       strerrordesc_np(errno));
}

enum err gallery_open(struct str folder, struct reason *reason, struct gallery **ret)
{
    struct gallery *gallery = calloc(1, sizeof *gallery);

    if (!gallery) {
        return ERR_MEMORY;
    }
    gallery->folder = -1;
    enum err e = open_folder(gallery, folder, reason);
    if (e != ERR_OK) {
        gallery_close(gallery);
        return e;
    }
    *ret = gallery;
    return ERR_OK;
}

void gallery_close(struct gallery *gallery)
{
    if (!gallery) {
        return;
    }
    if (gallery->round) {
        (void)closedir(gallery->round);
    }
    close_at(&gallery->folder);
    free(gallery);
}

static enum err draw_name(struct arena *arena, struct str *ret)
{
    struct buf name = buf_in_arena(arena, GALLERY_NAME + 1);
    uint8_t bytes[RANDOM_BYTES];

    TRY(random_fill(bytes, sizeof bytes));
    buf_put_hex(&name, bytes, sizeof bytes);
    buf_put(&name, SUFFIX);
    buf_put_char(&name, '\0');
    TRY(buf_end(&name, ret));
    ret->len = GALLERY_NAME;
    return ERR_OK;
}

/* As draw_name makes them: so no path, and no file of another's. */
static bool is_name(struct str name)
{
    if (name.len != GALLERY_NAME || !str_ends(name, SUFFIX)) {
        return false;
    }
    for (size_t i = 0; i < DIGITS; i++) {
        char c = name.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return true;
}

static bool write_all(int file, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(file, bytes.ptr, bytes.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes = str_skip(bytes, (size_t)written);
    }
    return true;
}

/* The file under a name that is no picture's, then durable, then under its own. */
static bool keep(const struct gallery *gallery, const char *temporary, const char *name,
                 struct str picture)
{
    CLEANUP(close_at)
    int file = openat(gallery->folder, temporary,
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    return file >= 0 && write_all(file, picture) && fsync(file) == 0 &&
           renameat(gallery->folder, temporary, gallery->folder, name) == 0 &&
           fsync(gallery->folder) == 0;
}

enum err gallery_put(struct gallery *gallery, struct arena *arena, struct str picture,
                     struct reason *reason, struct str *ret_name)
{
    struct str name, temporary;

    TRY(draw_name(arena, &name));
    TRY(arena_print(arena, &temporary, ".%s.new", name.ptr));
    if (!keep(gallery, temporary.ptr, name.ptr, picture)) {
        int failed = errno;
        (void)unlinkat(gallery->folder, temporary.ptr, 0);
        return fail(reason, failed == ENOSPC || failed == EDQUOT ? ERR_STORE_FULL : ERR_SYSTEM,
                    STR(""), "cannot keep a picture: %s", strerrordesc_np(failed));
    }
    *ret_name = name;
    return ERR_OK;
}

static enum err read_whole(int file, struct arena *arena, struct str *ret)
{
    struct stat state;

    if (fstat(file, &state) != 0 || !S_ISREG(state.st_mode) || state.st_size > MOST_PICTURE) {
        return ERR_MISSING;
    }
    size_t size = (size_t)state.st_size, length = 0;
    char *bytes = arena_alloc(arena, size + 1);
    if (!bytes) {
        return ERR_MEMORY;
    }
    while (length < size) {
        ssize_t got = pread(file, bytes + length, size - length, (off_t)length);
        if (got <= 0) {
            return ERR_SYSTEM;
        }
        length += (size_t)got;
    }
    *ret = (struct str){bytes, length};
    return ERR_OK;
}

enum err gallery_get(const struct gallery *gallery, struct arena *arena, struct str name,
                     struct str *ret)
{
    struct str path;

    if (!is_name(name)) {
        return ERR_MISSING;
    }
    TRY(arena_copy(arena, name, &path));
    CLEANUP(close_at)
    int file = openat(gallery->folder, path.ptr, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) {
        return errno == ENOENT || errno == ELOOP ? ERR_MISSING : ERR_SYSTEM;
    }
    return read_whole(file, arena, ret);
}

void gallery_remove(const struct gallery *gallery, struct str name)
{
    char path[NAME_MAX + 1];
    struct buf text = buf_over(path, sizeof path);

    buf_put(&text, name);
    buf_put_char(&text, '\0');
    if (!text.failed && !str_contains(name, '/')) {
        (void)unlinkat(gallery->folder, path, 0);
    }
}

static bool is_old_file(const struct gallery *gallery, const char *name, int64_t seconds)
{
    struct stat state;
    int64_t now = moment_seconds(moment_now());

    return fstatat(gallery->folder, name, &state, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(state.st_mode) && state.st_mtim.tv_sec < now - seconds;
}

static enum err begin_round(struct gallery *gallery)
{
    int folder = openat(gallery->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    gallery->round = folder >= 0 ? fdopendir(folder) : NULL;
    if (!gallery->round) {
        close_at(&folder);
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

enum err gallery_glance(struct gallery *gallery, struct arena *arena, int64_t seconds,
                        struct str *ret, size_t *ret_count)
{
    size_t count = 0;

    TRY(gallery->round ? ERR_OK : begin_round(gallery));
    for (int looked = 0; looked < GALLERY_GLANCE; looked++) {
        const struct dirent *entry = readdir(gallery->round);
        if (!entry) {
            (void)closedir(gallery->round);
            gallery->round = NULL;
            break;
        }
        if (is_old_file(gallery, entry->d_name, seconds)) {
            TRY(arena_copy(arena, str_of(entry->d_name), &ret[count]));
            count++;
        }
    }
    *ret_count = count;
    return ERR_OK;
}
