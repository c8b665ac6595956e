/* Long work on a terminal and elsewhere. */
#include "app/progress.h"
#include "base/check.h"

#include <unistd.h>

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

enum {
    PATIENCE_MS = 20000
};

static void on_a_terminal_a_line_says_what_goes_on_and_is_taken_back(void **state)
{
    (void)state;
    int screen = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct pollfd seen = {.fd = screen, .events = POLLIN};
    struct progress *progress;
    char text[256] = "";

    assert_true(screen >= 0 && grantpt(screen) == 0 && unlockpt(screen) == 0);
    int terminal = open(ptsname(screen), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(terminal >= 0);
    assert_ok(progress_start(terminal, "turning stones", &progress));
    assert_int_equal(poll(&seen, 1, PATIENCE_MS), 1);
    assert_true(read(screen, text, sizeof text - 1) > 0);
    assert_non_null(strstr(text, "\rturning stones: "));
    progress_stop(progress);
    memset(text, 0, sizeof text);
    assert_int_equal(poll(&seen, 1, PATIENCE_MS), 1);
    assert_true(read(screen, text, sizeof text - 1) > 0);
    assert_non_null(strstr(text, "\r\033[K"));
    (void)close(terminal);
    (void)close(screen);
}

static void work_that_can_be_counted_has_a_bar(void **state)
{
    (void)state;
    int screen = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct pollfd seen = {.fd = screen, .events = POLLIN};
    struct progress *progress;
    char text[256] = "";

    assert_true(screen >= 0 && grantpt(screen) == 0 && unlockpt(screen) == 0);
    int terminal = open(ptsname(screen), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(terminal >= 0);
    assert_ok(progress_start(terminal, "turning stones", &progress));
    progress_expect(progress, 4);
    progress_advance(progress);
    assert_int_equal(poll(&seen, 1, PATIENCE_MS), 1);
    assert_true(read(screen, text, sizeof text - 1) > 0);
    assert_non_null(strstr(text, "\rturning stones: [######..................] 25 %, "));
    progress_stop(progress);
    progress_expect(NULL, 4);
    progress_advance(NULL);
    (void)close(terminal);
    (void)close(screen);
}

static void elsewhere_nothing_is_said(void **state)
{
    (void)state;
    struct progress *progress;
    int ends[2];
    char text[8];

    assert_int_equal(pipe(ends), 0);
    assert_ok(progress_start(ends[1], "turning stones", &progress));
    (void)usleep(1200000);
    progress_stop(progress);
    progress_stop(NULL);
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], text, sizeof text), 0);
    (void)close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_a_terminal_a_line_says_what_goes_on_and_is_taken_back),
        cmocka_unit_test(work_that_can_be_counted_has_a_bar),
        cmocka_unit_test(elsewhere_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
