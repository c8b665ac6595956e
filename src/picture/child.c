/* Load what is needed, give up everything else, and only then read. */
#include "picture/child.h"

#include "confine/drawing.h"
#include "picture/header.h"
#include "picture/library.h"
#include "picture/redraw.h"

#include <unistd.h>

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/resource.h>

enum {
    POLITENESS = 5 /* requests come before pictures */
};

/* libgd writes to standard error, which there is not. */
static void say_nothing(int priority, const char *format, va_list list)
{
    (void)priority;
    (void)format;
    (void)list;
}

static enum err begin(struct picture_library *ret)
{
    (void)setpriority(PRIO_PROCESS, 0, POLITENESS);
    TRY(picture_library_load(NULL, ret));
    ret->on_error(say_nothing);
    return drawing_confine();
}

/* One byte more than may be, so that more is seen. */
static enum err read_all(char *bytes, struct str *ret)
{
    size_t length = 0;

    while (length <= PICTURE_BYTES) {
        ssize_t got = read(0, bytes + length, PICTURE_BYTES + 1 - length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return ERR_SYSTEM;
        }
        if (got == 0) {
            break;
        }
        length += (size_t)got;
    }
    *ret = (struct str){bytes, length};
    return ERR_OK;
}

static enum err write_all(struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(1, bytes.ptr, bytes.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return ERR_SYSTEM;
        }
        bytes = str_skip(bytes, (size_t)written);
    }
    return ERR_OK;
}

static enum err draw(const struct picture_library *library, char *memory)
{
    struct str bytes, drawn;

    TRY(read_all(memory, &bytes));
    TRY(redraw(library, bytes, &drawn));
    return write_all(drawn); /* nothing is freed: the process ends */
}

int child_main(void)
{
    struct picture_library library;
    char *memory = malloc(PICTURE_BYTES + 1);

    if (!memory || begin(&library) != ERR_OK) {
        _exit(CHILD_FAILED);
    }
    enum err e = draw(&library, memory);
    if (e == ERR_PICTURE_TYPE || e == ERR_PICTURE_LARGE) {
        _exit(e == ERR_PICTURE_TYPE ? CHILD_NO_TYPE : CHILD_TOO_LARGE);
    }
    _exit(e == ERR_OK ? CHILD_DRAWN : CHILD_FAILED); /* without what exit() would still call */
}
