#include "base/arena.h"
#include "base/check.h"
#include "domain/gallery.h"

#include <unistd.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct place {
    struct arena *arena;
    struct gallery *gallery;
    char folder[64], path[80];
};

static int set_up(void **state)
{
    static struct place place;
    struct reason reason = {0};

    place = (struct place){.arena = arena_create(4096, 16 << 20)};
    (void)snprintf(place.folder, sizeof place.folder, "/tmp/signet-gallery-XXXXXX");
    assert_non_null(mkdtemp(place.folder));
    (void)snprintf(place.path, sizeof place.path, "%s/avatars", place.folder);
    assert_ok(gallery_open(str_of(place.path), &reason, &place.gallery));
    *state = &place;
    return 0;
}

static void file_path(const struct place *place, const char *name, char ret[256])
{
    (void)snprintf(ret, 256, "%s/%s", place->path, name);
}

/* The names in the folder but . and .., how many there are. */
static size_t count_files(const struct place *place)
{
    DIR *folder = opendir(place->path);
    size_t count = 0;

    assert_non_null(folder);
    while (readdir(folder)) {
        count++;
    }
    (void)closedir(folder);
    return count - 2;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    DIR *folder = opendir(place->path);

    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    (void)closedir(folder);
    gallery_close(place->gallery);
    assert_int_equal(rmdir(place->path), 0);
    assert_int_equal(rmdir(place->folder), 0);
    arena_destroy(place->arena);
    return 0;
}

static void a_picture_is_kept_under_a_name_of_its_own(void **state)
{
    struct place *place = *state;
    struct str first, second, picture;
    struct stat found;
    char path[256];

    assert_ok(gallery_put(place->gallery, place->arena, STR("one"), NULL, &first));
    assert_ok(gallery_put(place->gallery, place->arena, STR("one"), NULL, &second));
    assert_false(str_eq(first, second));
    assert_int_equal(first.len, GALLERY_NAME);
    assert_ok(gallery_get(place->gallery, place->arena, first, &picture));
    assert_str(picture, "one");
    assert_int_equal(count_files(place), 2); /* nothing else is left */
    file_path(place, first.ptr, path);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0600);
    assert_int_equal(stat(place->path, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0700);
    gallery_remove(place->gallery, first);
    gallery_remove(place->gallery, first);
    assert_err(gallery_get(place->gallery, place->arena, first, &picture), ERR_MISSING);
    assert_ok(gallery_get(place->gallery, place->arena, second, &picture));
}

static void no_other_name_is_opened(void **state)
{
    struct place *place = *state;
    static const char *const names[] = {
        "",
        ".",
        "..",
        "../../etc/passwd",
        "../secret",
        "00000000000000000000000000000000",
        "0000000000000000000000000000000.webp",
        "000000000000000000000000000000000.webp",
        "0000000000000000000000000000000G.webp",
        "0000000000000000000000000000000A.webp",
        "000000000000000000000000000000/0.webp",
        "00000000000000000000000000000000.html",
        ".0000000000000000000000000000000.webp",
    };
    struct str picture;
    char path[256];

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_err(gallery_get(place->gallery, place->arena, str_of(names[i]), &picture),
                   ERR_MISSING);
    }
    /* What is no file of ours under a right name is not followed. */
    file_path(place, "00000000000000000000000000000000.webp", path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_err(gallery_get(place->gallery, place->arena,
                           STR("00000000000000000000000000000000.webp"), &picture),
               ERR_MISSING);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_err(gallery_get(place->gallery, place->arena,
                           STR("00000000000000000000000000000000.webp"), &picture),
               ERR_MISSING);
    assert_int_equal(rmdir(path), 0);
}

static void grow_old(const struct place *place, const char *name)
{
    const struct timespec times[] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    char path[256];

    file_path(place, name, path);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void a_glance_shows_the_old_ones_whatever_they_are(void **state)
{
    struct place *place = *state;
    struct str fresh, old, *names = arena_array(place->arena, GALLERY_GLANCE, sizeof *names);
    char path[256];
    size_t count;

    assert_ok(gallery_put(place->gallery, place->arena, STR("fresh"), NULL, &fresh));
    assert_ok(gallery_put(place->gallery, place->arena, STR("old"), NULL, &old));
    grow_old(place, old.ptr);
    file_path(place, ".left.new", path);
    FILE *left = fopen(path, "w");
    assert_non_null(left);
    (void)fclose(left);
    grow_old(place, ".left.new");
    for (int round = 0; round < 3; round++) {
        assert_ok(gallery_glance(place->gallery, place->arena, 3600, names, &count));
        assert_int_equal(count, 2);
        for (size_t i = 0; i < count; i++) {
            assert_false(str_eq(names[i], fresh));
        }
    }
}

static void many_are_looked_at_a_few_at_a_time(void **state)
{
    struct place *place = *state;
    struct str name, *names = arena_array(place->arena, GALLERY_GLANCE, sizeof *names);
    size_t count, seen = 0;

    for (int i = 0; i < GALLERY_GLANCE + 50; i++) {
        assert_ok(gallery_put(place->gallery, place->arena, STR("x"), NULL, &name));
        grow_old(place, name.ptr);
    }
    for (int round = 0; round < 2; round++) {
        assert_ok(gallery_glance(place->gallery, place->arena, 3600, names, &count));
        seen += count;
    }
    assert_int_equal(seen, GALLERY_GLANCE + 50);
}

static void a_folder_that_cannot_be_is_told_in_words(void **state)
{
    struct gallery *gallery;
    struct reason reason = {0};

    (void)state;
    assert_err(gallery_open(STR("/proc/no/such"), &reason, &gallery), ERR_SYSTEM);
    assert_non_null(strstr(reason.detail, "/proc/no/such"));
    gallery_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_picture_is_kept_under_a_name_of_its_own, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_other_name_is_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_glance_shows_the_old_ones_whatever_they_are, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(many_are_looked_at_a_few_at_a_time, set_up, tear_down),
        cmocka_unit_test(a_folder_that_cannot_be_is_told_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
