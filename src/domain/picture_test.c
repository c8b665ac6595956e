/* This program is the child that draws, and what begins it, too. */
#include "base/arena.h"
#include "base/check.h"
#include "base/rcu.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/gallery.h"
#include "domain/housekeeping.h"
#include "domain/picture.h"
#include "picture/child.h"
#include "picture/nursery.h"

#include <unistd.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static const unsigned char png[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
    0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x08, 0x02, 0x00, 0x00, 0x00, 0xfd,
    0xd4, 0x9a, 0x73, 0x00, 0x00, 0x00, 0x10, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8,
    0xcf, 0x00, 0x04, 0xff, 0x19, 0x20, 0x14, 0x00, 0x1b, 0xf2, 0x03, 0xfd, 0xd6, 0x96, 0xf2,
    0x2b, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

struct call {
    struct str upload;
    struct user user;
    bool then_fails;
};

static enum err set(struct ctx *ctx, void *with)
{
    struct call *call = with;
    struct str drawn;

    TRY(picture_draw(ctx, call->upload, &drawn));
    TRY(picture_set(ctx, drawn, &call->user));
    return call->then_fails ? ERR_FORBIDDEN : ERR_OK;
}

static int set_up(void **state)
{
    struct reason reason = {0};

    assert_int_equal(fixture_set_up(state), 0);
    struct fixture *f = *state;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/avatars", f->folder);
    assert_ok(gallery_open(str_of(path), &reason, &f->service.gallery));
    assert_ok(nursery_open(&reason, &f->service.nursery));
    return 0;
}

static DIR *open_pictures(const struct fixture *f)
{
    char path[96];

    (void)snprintf(path, sizeof path, "%s/avatars", f->folder);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    return folder;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    DIR *folder = open_pictures(f);
    char path[96];

    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    (void)closedir(folder);
    (void)snprintf(path, sizeof path, "%s/avatars", f->folder);
    assert_int_equal(rmdir(path), 0);
    gallery_close(f->service.gallery);
    nursery_close(f->service.nursery);
    return fixture_tear_down(state);
}

static size_t count_files(const struct fixture *f)
{
    DIR *folder = open_pictures(f);
    size_t count = 0;

    while (readdir(folder)) {
        count++;
    }
    (void)closedir(folder);
    return count - 2;
}

static struct str small(void)
{
    return (struct str){(const char *)png, sizeof png};
}

static struct call call_of(struct fixture *f, const char *name)
{
    return (struct call){.upload = small(), .user = fixture_user(f, name)};
}

static struct str name_of(const struct call *call)
{
    return str_skip(call->user.avatar, strlen(PICTURE_PATH));
}

static void a_picture_takes_the_place_of_the_one_before(void **state)
{
    struct fixture *f = *state;
    struct call call = call_of(f, "ann");
    struct actor ann = fixture_actor(f, call.user.id);
    struct str picture, first;

    assert_ok(fixture_run(f, &ann, TX_LATE, set, &call));
    first = name_of(&call);
    assert_ok(picture_get(fixture_ctx(f), first, &picture));
    assert_true(str_starts(picture, STR("RIFF")));
    assert_ok(fixture_run(f, &ann, TX_LATE, set, &call));
    assert_false(str_eq(name_of(&call), first));
    assert_err(picture_get(fixture_ctx(f), first, &picture), ERR_MISSING);
    assert_ok(picture_get(fixture_ctx(f), name_of(&call), &picture));
    assert_int_equal(count_files(f), 1);
    assert_int_equal(fixture_count(f, EVENT_USER_UPDATED), 2);
}

static void what_is_refused_leaves_the_old_one_there(void **state)
{
    struct fixture *f = *state;
    struct call call = call_of(f, "ann"), bad = call;
    struct actor ann = fixture_actor(f, call.user.id);
    struct str picture;

    assert_ok(fixture_run(f, &ann, TX_LATE, set, &call));
    bad.upload = STR("<svg/>");
    assert_err(fixture_run(f, &ann, TX_LATE, set, &bad), ERR_PICTURE_TYPE);
    bad.upload = str_sub(small(), 0, 40);
    assert_err(fixture_run(f, &ann, TX_LATE, set, &bad), ERR_PICTURE_TYPE);
    assert_ok(picture_get(fixture_ctx(f), name_of(&call), &picture));
    assert_int_equal(count_files(f), 1);
}

static void grow_old(const struct fixture *f)
{
    const struct timespec times[] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    DIR *folder = open_pictures(f);

    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2) {
            assert_int_equal(utimensat(dirfd(folder), entry->d_name, times, 0), 0);
        }
    }
    (void)closedir(folder);
}

static void keep_house(struct fixture *f)
{
    bool more = true;

    while (more) {
        rcu_enter(f->desk->reader);
        assert_ok(housekeeping_step(fixture_ctx(f), &more));
        rcu_leave(f->desk->reader);
    }
}

/* Two uploads at once: the second one has looked before the first one has written. */
struct second {
    struct fixture *f;
    struct call first, call;
    int tries;
};

static enum err set_second(struct ctx *ctx, void *with)
{
    struct second *second = with;
    struct user user;

    TRY(user_get(ctx, second->call.user.id, &user));
    if (second->tries++ == 0) {
        assert_ok(fixture_run(second->f, &actor_operator, TX_WRITE, set, &second->first));
    }
    return set(ctx, &second->call);
}

static void of_two_pictures_at_once_the_one_that_is_shown_is_kept(void **state)
{
    struct fixture *f = *state;
    struct second second = {.f = fixture_join(f), .call = call_of(f, "ann")};
    struct str picture;

    second.first = second.call;
    second.f->service.gallery = f->service.gallery;
    second.f->service.nursery = f->service.nursery;
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, set_second, &second));
    assert_int_equal(second.tries, 2);
    assert_ok(picture_get(fixture_ctx(f), name_of(&second.call), &picture));
    assert_false(str_eq(second.first.user.avatar, second.call.user.avatar));
    assert_int_equal(count_files(f), 2); /* one of the first try, for the housekeeping */
    fixture_leave(second.f);
}

/* A unit that is rolled back, a process that ended before it was durable: the same for the files.
 */
static void housekeeping_removes_what_is_nobodys_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    struct call kept = call_of(f, "ann"), lost = call_of(f, "bob");
    struct actor ann = fixture_actor(f, kept.user.id), bob = fixture_actor(f, lost.user.id);
    struct str picture;

    lost.then_fails = true;
    assert_ok(fixture_run(f, &ann, TX_LATE, set, &kept));
    assert_err(fixture_run(f, &bob, TX_LATE, set, &lost), ERR_FORBIDDEN);
    assert_int_equal(count_files(f), 2);
    keep_house(f);
    assert_int_equal(count_files(f), 2); /* somebody may be about to name it */
    grow_old(f);
    keep_house(f);
    assert_int_equal(count_files(f), 1);
    assert_ok(picture_get(fixture_ctx(f), name_of(&kept), &picture));
}

static void a_user_who_is_not_there_has_no_picture(void **state)
{
    struct fixture *f = *state;
    struct call call = {.upload = small(), .user.id = {{1}}};

    assert_err(fixture_run(f, &actor_operator, TX_LATE, set, &call), ERR_MISSING);
}

int main(int count, char **arguments)
{
    struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_picture_takes_the_place_of_the_one_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_refused_leaves_the_old_one_there, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(housekeeping_removes_what_is_nobodys_and_nothing_else,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_two_pictures_at_once_the_one_that_is_shown_is_kept,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_user_who_is_not_there_has_no_picture, set_up, tear_down),
    };

    if (count == 2 && strcmp(arguments[1], CHILD_ARGUMENT) == 0) {
        return child_main();
    }
    if (count == 2 && strcmp(arguments[1], NURSERY_ARGUMENT) == 0) {
        return nursery_main();
    }
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
