/* Reading DIR/mail/ID.eml. Names are made of ids alone, so that none leads out of the folder. */
#include "pages/mailbox.h"

#include "base/arena.h"
#include "base/buf.h"

#include <unistd.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FILES_MOST = 10000,
    LETTER_MOST = 1 << 20
};
#define SUFFIX ".eml"

static int newer_first(const void *one, const void *other)
{
    return memcmp(other, one, sizeof(struct id)); /* their first bytes are the time */
}

static bool is_letter(const char *name, struct id *ret)
{
    struct str text = str_of(name);

    return text.len == ID_TEXT + sizeof SUFFIX - 1 && str_ends(text, STR(SUFFIX)) &&
           id_parse(str_sub(text, 0, ID_TEXT), ret) == ERR_OK;
}

enum err caught_list(struct arena *arena, struct str folder, struct id **ret, size_t *ret_count)
{
    struct id *ids = arena_array(arena, FILES_MOST, sizeof *ids);
    DIR *opened = opendir(folder.ptr);
    size_t count = 0;

    if (opened && ids) {
        for (struct dirent *entry = readdir(opened); entry && count < FILES_MOST;
             entry = readdir(opened)) {
            count += is_letter(entry->d_name, &ids[count]);
        }
    }
    if (opened) {
        (void)closedir(opened);
    }
    if (!ids) {
        return ERR_MEMORY;
    }
    qsort(ids, count, sizeof *ids, newer_first);
    *ret = ids;
    *ret_count = count < LISTED_MOST ? count : LISTED_MOST;
    return ERR_OK;
}

static enum err read_all(struct arena *arena, int file, struct str *ret)
{
    struct stat state;
    size_t length = 0;
    ssize_t got = 1;

    if (fstat(file, &state) != 0 || !S_ISREG(state.st_mode) || state.st_size > LETTER_MOST) {
        return ERR_MISSING;
    }
    size_t size = (size_t)state.st_size;
    char *text = arena_alloc(arena, size + 1);
    if (!text) {
        return ERR_MEMORY;
    }
    while (length < size && got > 0) {
        got = read(file, text + length, size - length);
        length += got > 0 ? (size_t)got : 0;
    }
    *ret = (struct str){text, length};
    return got < 0 ? ERR_MISSING : ERR_OK;
}

static enum err read_file(struct arena *arena, const char *path, struct str *ret)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (file < 0) {
        return ERR_MISSING;
    }
    enum err e = read_all(arena, file, ret);
    (void)close(file);
    return e;
}

enum err caught_read(struct arena *arena, struct str folder, struct id id, struct caught *ret)
{
    char path[PATH_MAX];
    struct buf name = buf_over(path, sizeof path);
    struct str message;

    buf_print(&name, "%.*s/", STR_ARG(folder));
    id_print(&name, id);
    buf_put(&name, STR(SUFFIX));
    buf_put_char(&name, '\0');
    if (name.failed) {
        return ERR_MISSING;
    }
    TRY(read_file(arena, path, &message));
    enum err e = caught_parse(arena, message, ret);
    return e == ERR_FIELD_VALUE ? ERR_MISSING : e;
}
