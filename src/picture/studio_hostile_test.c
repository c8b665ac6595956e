/* The child's place is taken by this program, which does there what the picture asks for. */
#include "base/arena.h"
#include "base/check.h"
#include "base/moment.h"
#include "picture/child.h"
#include "picture/nursery.h"
#include "picture/studio.h"

#include <unistd.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>

enum {
    HEADER = 33,
    BYTES = 64
};

/* A beginning that is a picture's, and behind it what the child is to do. */
static struct str asking_for(char memory[BYTES], const char *deed)
{
    static const char header[HEADER + 1] =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0";

    memset(memory, 0, BYTES);
    memcpy(memory, header, HEADER);
    (void)snprintf(memory + HEADER, BYTES - HEADER, "%s", deed);
    return (struct str){memory, BYTES};
}

/* On a machine that is busy elsewhere a child that works may be taken for one that could not. */
static void refuses_or(const char *deed, enum err expected, enum err when_starved)
{
    struct studio studio = {.arena = arena_create(4096, 4 << 20)};
    struct reason reason = {0};
    int64_t begun = monotonic_ms();
    char memory[BYTES];
    struct str drawn;

    assert_non_null(studio.arena);
    assert_ok(nursery_open(&reason, &studio.nursery));
    enum err e = studio_draw(&studio, asking_for(memory, deed), &reason, &drawn);
    assert_true(e == expected || e == when_starved);
    assert_int_equal(reason.err, e);
    assert_true(monotonic_ms() - begun < STUDIO_MS + 1000);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), 0); /* it is dead, and was waited for */
    nursery_close(studio.nursery);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* and so is the nursery */
    assert_int_equal(errno, ECHILD);
    arena_destroy(studio.arena);
}

static void refuses(const char *deed, enum err expected)
{
    refuses_or(deed, expected, expected);
}

static void a_child_that_does_not_end_is_ended(void **state)
{
    (void)state;
    refuses_or("work", ERR_PICTURE_TYPE, ERR_BUSY);
}

static void one_that_had_no_time_to_work_is_not_the_picture_s_fault(void **state)
{
    (void)state;
    refuses("wait", ERR_BUSY);
}

static void so_is_one_that_says_everything_and_stays(void **state)
{
    (void)state;
    refuses("stay", ERR_PICTURE_TYPE);
}

static void so_is_one_that_talks_too_much(void **state)
{
    (void)state;
    refuses("flood", ERR_PICTURE_TYPE);
}

static void a_child_that_dies_has_drawn_nothing(void **state)
{
    (void)state;
    refuses("crash", ERR_PICTURE_TYPE);
    refuses("deaf", ERR_PICTURE_TYPE);
}

static void a_child_that_hands_out_something_else_is_not_believed(void **state)
{
    (void)state;
    refuses("lie", ERR_PICTURE_TYPE);
    refuses("give back", ERR_PICTURE_TYPE);
    refuses("nothing", ERR_PICTURE_TYPE);
    refuses("fail", ERR_SYSTEM);
}

/* It begins with nothing of ours: no descriptor but its line, no environment. */
static void a_child_inherits_nothing(void **state)
{
    (void)state;
    assert_int_equal(setenv("SIGNET_SECRET", "seen", 1), 0);
    int spare = dup(0);
    assert_true(spare >= 0);
    refuses("look", ERR_PICTURE_TYPE);
    (void)close(spare);
}

static int look_around(void)
{
    if (getenv("SIGNET_SECRET")) {
        return CHILD_FAILED;
    }
    for (int descriptor = 2; descriptor < 100; descriptor++) {
        if (close(descriptor) == 0) {
            return CHILD_FAILED;
        }
    }
    return CHILD_NO_TYPE;
}

static int do_deed(const char *picture)
{
    const char *deed = picture + HEADER;

    if (strcmp(deed, "wait") == 0) {
        (void)sleep(60);
    } else if (strcmp(deed, "work") == 0) {
        for (volatile unsigned turns = 1; turns != 0; turns += 2) {
            /* for ever */
        }
    } else if (strcmp(deed, "stay") == 0) {
        (void)close(0);
        (void)close(1);
        (void)sleep(60);
    } else if (strcmp(deed, "flood") == 0) {
        while (write(1, picture, BYTES) > 0) {
            /* more than anybody takes */
        }
    } else if (strcmp(deed, "crash") == 0) {
        abort();
    } else if (strcmp(deed, "lie") == 0) {
        return write(1, "<html>", 6) == 6 ? CHILD_DRAWN : CHILD_FAILED;
    } else if (strcmp(deed, "give back") == 0) {
        return write(1, picture, BYTES) == BYTES ? CHILD_DRAWN : CHILD_FAILED;
    } else if (strcmp(deed, "look") == 0) {
        return look_around();
    }
    return strcmp(deed, "fail") == 0 ? CHILD_FAILED : CHILD_DRAWN;
}

static int child(void)
{
    char picture[BYTES + 1] = {0};
    size_t length = 0;
    ssize_t got;

    while ((got = read(0, picture + length, BYTES - length)) > 0) {
        length += (size_t)got;
        if (strcmp(picture + HEADER, "deaf") == 0) {
            return CHILD_NO_TYPE;
        }
    }
    return do_deed(picture);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_that_does_not_end_is_ended),
        cmocka_unit_test(one_that_had_no_time_to_work_is_not_the_picture_s_fault),
        cmocka_unit_test(so_is_one_that_says_everything_and_stays),
        cmocka_unit_test(so_is_one_that_talks_too_much),
        cmocka_unit_test(a_child_that_dies_has_drawn_nothing),
        cmocka_unit_test(a_child_that_hands_out_something_else_is_not_believed),
        cmocka_unit_test(a_child_inherits_nothing),
    };

    if (count == 2 && strcmp(arguments[1], CHILD_ARGUMENT) == 0) {
        return child();
    }
    if (count == 2 && strcmp(arguments[1], NURSERY_ARGUMENT) == 0) {
        return nursery_main();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
