/* The whole of it: this program is the child, too. */
#include "base/arena.h"
#include "base/check.h"
#include "base/moment.h"
#include "picture/child.h"
#include "picture/header.h"
#include "picture/nursery.h"
#include "picture/redraw.h"
#include "picture/studio.h"

#include <unistd.h>

#include <dirent.h>
#include <errno.h>
#include <gd.h>
#include <sys/wait.h>

struct place {
    struct studio studio;
    struct reason reason;
};

static int set_up(void **state)
{
    static struct place place;

    place = (struct place){.studio.arena = arena_create(4096, 64 << 20)};
    assert_non_null(place.studio.arena);
    assert_ok(nursery_open(&place.reason, &place.studio.nursery));
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    arena_destroy(place->studio.arena);
    nursery_close(place->studio.nursery);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* it has ended, and was waited for */
    assert_int_equal(errno, ECHILD);
    return 0;
}

static enum err draw(struct place *place, const void *bytes, size_t length, struct str *ret)
{
    place->reason = (struct reason){0};
    enum err e = studio_draw(&place->studio, (struct str){bytes, length}, &place->reason, ret);
    assert_int_equal(place->reason.err, e);
    /* Nobody is left to be waited for but the nursery, which is there. */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), 0);
    return e;
}

static void *png_of(int width, int height, int *ret_length)
{
    gdImagePtr picture = gdImageCreateTrueColor(width, height);

    assert_non_null(picture);
    void *bytes = gdImagePngPtrEx(picture, ret_length, 1);
    gdImageDestroy(picture);
    assert_non_null(bytes);
    return bytes;
}

static size_t open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    assert_non_null(folder);
    while (readdir(folder)) {
        count++;
    }
    (void)closedir(folder);
    return count;
}

static void a_picture_is_drawn_and_nothing_is_left_open(void **state)
{
    size_t before = open_descriptors();
    struct picture_header header;
    struct str drawn;
    int length;
    void *bytes = png_of(1000, 700, &length);

    assert_ok(draw(*state, bytes, (size_t)length, &drawn));
    assert_ok(picture_header_read(drawn, NULL, &header));
    assert_int_equal(header.format, PICTURE_WEBP);
    assert_int_equal(header.width, REDRAWN_SIDE);
    assert_int_equal(open_descriptors(), before);
    gdFree(bytes);
}

/* As large as a picture may be, and a result that is more than a line holds at once. */
static void the_largest_picture_is_drawn(void **state)
{
    struct str drawn;
    int length;
    void *bytes = png_of(4000, 4000, &length);

    assert_ok(draw(*state, bytes, (size_t)length, &drawn));
    gdFree(bytes);
}

static void what_is_broken_behind_its_beginning_is_no_picture(void **state)
{
    struct str drawn;
    int length;
    char *bytes = png_of(640, 480, &length);

    assert_err(draw(*state, bytes, (size_t)length / 2, &drawn), ERR_PICTURE_TYPE);
    assert_err(draw(*state, bytes, 33, &drawn), ERR_PICTURE_TYPE);
    memset(bytes + 60, 0x55, 200);
    assert_err(draw(*state, bytes, (size_t)length, &drawn), ERR_PICTURE_TYPE);
    gdFree(bytes);
}

/* What its beginning gives away needs no child. */
static void what_is_refused_by_its_beginning_is_so_at_once(void **state)
{
    static const char bomb[] =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0";
    struct str drawn;
    int64_t begun = monotonic_ms();

    for (int i = 0; i < 1000; i++) {
        assert_err(draw(*state, bomb, sizeof bomb - 1, &drawn), ERR_PICTURE_LARGE);
        assert_err(draw(*state, "<svg/>", 6, &drawn), ERR_PICTURE_TYPE);
    }
    assert_true(monotonic_ms() - begun < 2000);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_picture_is_drawn_and_nothing_is_left_open, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_largest_picture_is_drawn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_broken_behind_its_beginning_is_no_picture, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_refused_by_its_beginning_is_so_at_once, set_up,
                                        tear_down),
    };

    if (count == 2 && strcmp(arguments[1], CHILD_ARGUMENT) == 0) {
        return child_main();
    }
    if (count == 2 && strcmp(arguments[1], NURSERY_ARGUMENT) == 0) {
        return nursery_main();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
