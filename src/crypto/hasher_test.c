#include "base/check.h"
#include "base/sanitized.h"
#include "crypto/hasher.h"

#include <unistd.h>

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

static const struct password_cost cheap = {.memory_kib = 256, .passes = 2};
static const unsigned kinds[] = {1, 0}; /* companions: one, or none and on this thread */

/* From the test of the reference implementation (phc-winner-argon2), password "password". */
static const char known[] =
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

static struct hasher *new_hasher(unsigned companions, struct password_cost cost)
{
    struct hasher *hasher = NULL;

    assert_ok(hasher_create(companions, cost, &hasher));
    return hasher;
}

static void both_kinds_make_and_verify(void **state)
{
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(kinds[i], cheap);
        struct password_hash hash;
        bool right = false;

        assert_ok(hasher_verify(hasher, str_of(known), STR("password"), &right));
        assert_true(right);
        assert_ok(hasher_make(hasher, STR("correct horse"), &hash));
        assert_ok(hasher_verify(hasher, str_of(hash.text), STR("correct horse"), &right));
        assert_true(right);
        assert_ok(hasher_verify(hasher, str_of(hash.text), STR("correct house"), &right));
        assert_false(right);
    }
}

static void refused_hashes_are_errors_of_both_kinds(void **state)
{
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(kinds[i], cheap);
        bool right = true;

        assert_err(hasher_verify(hasher, STR("$argon2id$v=19$m=262145,t=2,p=1$c29tZXNhbHQ$nf65EO"),
                                 STR("password"), &right),
                   ERR_CRYPTO);
        assert_true(right);                                                       /* untouched */
        assert_ok(hasher_verify(hasher, str_of(known), STR("password"), &right)); /* still works */
        assert_true(right);
    }
}

static void an_empty_hash_never_matches(void **state)
{
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(kinds[i], cheap);
        bool right = true;

        assert_ok(hasher_verify(hasher, STR(""), STR("password"), &right));
        assert_false(right);
        right = true;
        assert_ok(hasher_verify(hasher, (struct str){0}, STR(""), &right));
        assert_false(right);
    }
}

static int64_t work_of_verifying(struct hasher *hasher, struct str hash)
{
    int64_t least = INT64_MAX;

    for (int i = 0; i < 8; i++) {
        struct timespec before, after;
        bool right;

        (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
        assert_ok(hasher_verify(hasher, hash, STR("password"), &right));
        (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
        int64_t took = (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec;
        least = took < least ? took : least;
    }
    return least;
}

/* Processor time of this thread, not time on the wall: it says how much was computed, however busy
 * the machine is. Without the dummy hash an empty one would take a thousandth. */
static void an_empty_hash_takes_the_work_of_a_right_one(void **state)
{
    (void)state;
    CLEANUP(hasher_destroy_at)
    struct hasher *hasher = new_hasher(0, (struct password_cost){.memory_kib = 8192, .passes = 2});
    struct password_hash hash;

    assert_ok(hasher_make(hasher, STR("password"), &hash));
    int64_t right = work_of_verifying(hasher, str_of(hash.text));
    int64_t none = work_of_verifying(hasher, STR(""));
    assert_true(none > right / 2);
    assert_true(none < right * 2);
}

static void hashes_of_another_cost_are_stale(void **state)
{
    (void)state;
    CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(0, cheap);
    struct password_hash hash;

    assert_ok(hasher_make(hasher, STR("password"), &hash));
    assert_false(password_hash_is_stale(hasher, str_of(hash.text)));
    assert_false(password_hash_is_stale(hasher, str_of(known)));
    assert_true(password_hash_is_stale(hasher, STR("$argon2id$v=19$m=256,t=3,p=1$c29tZQ$nf65")));
    assert_true(password_hash_is_stale(hasher, STR("$argon2id$v=19$m=255,t=2,p=1$c29tZQ$nf65")));
    assert_true(password_hash_is_stale(hasher, STR("$argon2id$v=19$m=512,t=2,p=1$c29tZQ$nf65")));
    assert_true(password_hash_is_stale(hasher, STR("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBk")));
    assert_true(password_hash_is_stale(hasher, STR("")));
}

static void a_cost_or_a_number_out_of_bounds_makes_no_hasher(void **state)
{
    (void)state;
    struct hasher *hasher = NULL;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        assert_err(hasher_create(kinds[i], (struct password_cost){.memory_kib = 19456}, &hasher),
                   ERR_CONFIG);
    }
    assert_err(hasher_create(257, cheap, &hasher), ERR_CONFIG);
    assert_null(hasher);
    hasher_destroy(hasher);
}

/* How many threads of this process the kernel has in its idle class, and one of them. */
static int idle_threads(pid_t *ret_one)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;

    assert_non_null(tasks);
    for (struct dirent *task = readdir(tasks); task; task = readdir(tasks)) {
        pid_t id = (pid_t)strtol(task->d_name, NULL, 10);
        if (id > 0 && sched_getscheduler(id) == SCHED_IDLE) {
            *ret_one = id;
            count++;
        }
    }
    (void)closedir(tasks);
    return count;
}

static void companions_are_of_the_idle_class_and_go_with_their_hasher(void **state)
{
    (void)state;
    pid_t one_of_them;

    assert_int_equal(idle_threads(&one_of_them), 0);
    struct hasher *direct = new_hasher(0, cheap);
    assert_int_equal(idle_threads(&one_of_them), 0);
    struct hasher *one = new_hasher(1, cheap);
    struct hasher *three = new_hasher(3, cheap);
    assert_int_equal(idle_threads(&one_of_them), 4);
    assert_int_equal(sched_getscheduler(0), SCHED_OTHER); /* the caller itself never */
    hasher_destroy(one);
    assert_int_equal(idle_threads(&one_of_them), 3);
    hasher_destroy(three);
    hasher_destroy(direct);
    assert_int_equal(idle_threads(&one_of_them), 0);
}

static bool eight_hashes(struct hasher *hasher)
{
    for (int i = 0; i < 8; i++) {
        char text[16];
        struct password_hash hash;
        bool right = false, wrong = true;
        int length = snprintf(text, sizeof text, "password %d", i);
        struct str password = {text, (size_t)length};

        if (hasher_make(hasher, password, &hash) != ERR_OK ||
            hasher_verify(hasher, str_of(hash.text), password, &right) != ERR_OK || !right ||
            hasher_verify(hasher, str_of(known), password, &wrong) != ERR_OK || wrong) {
            return false;
        }
    }
    return true;
}

static void *with_a_hasher_of_its_own(void *argument)
{
    const unsigned *companions = argument;
    CLEANUP(hasher_destroy_at) struct hasher *hasher = NULL;

    return hasher_create(*companions, cheap, &hasher) == ERR_OK && eight_hashes(hasher) ? argument
                                                                                        : NULL;
}

static void *with_the_hasher_of_all(void *argument)
{
    return eight_hashes(argument) ? argument : NULL;
}

static void run_threads(size_t count, void *(*run)(void *argument), void *const arguments[8])
{
    pthread_t threads[8];

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run, arguments[i]), 0);
    }
    for (size_t i = 0; i < count; i++) {
        void *done = NULL;
        assert_int_equal(pthread_join(threads[i], &done), 0);
        assert_ptr_equal(done, arguments[i]);
    }
}

static void eight_threads_hash_beside_each_other(void **state)
{
    (void)state;
    unsigned companions[8];
    void *arguments[8];

    for (size_t i = 0; i < ARRAY_LEN(companions); i++) {
        companions[i] = kinds[i % 2];
        arguments[i] = &companions[i];
    }
    run_threads(ARRAY_LEN(arguments), with_a_hasher_of_its_own, arguments);
}

/* Who finds none free waits for its turn; nobody gets another's answer, whatever the hash before
 * has left in the memory. With one thread too many the queue is empty and not by turns. */
static void threads_share_companions(void **state)
{
    (void)state;

    for (unsigned companions = 1; companions <= 3; companions++) {
        CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(companions, cheap);
        void *arguments[8];
        for (size_t i = 0; i < ARRAY_LEN(arguments); i++) {
            arguments[i] = hasher;
        }
        run_threads(ARRAY_LEN(arguments), with_the_hasher_of_all, arguments);
        run_threads(companions + 1, with_the_hasher_of_all, arguments);
    }
}

static void ignore_alarm(int signal)
{
    (void)signal;
}

static void signals_do_not_disturb_a_hash(void **state)
{
    (void)state;
    CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(1, cheap);
    struct sigaction action = {.sa_handler = ignore_alarm}, before; /* no SA_RESTART */
    struct itimerval often = {.it_interval.tv_usec = 200, .it_value.tv_usec = 200}, never = {0};

    assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    for (int i = 0; i < 50; i++) {
        bool right = false;
        assert_ok(hasher_verify(hasher, str_of(known), STR("password"), &right));
        assert_true(right);
    }
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
}

static volatile sig_atomic_t handled;

static void count_signal(int signal)
{
    (void)signal;
    handled++;
}

static void the_companion_handles_no_signals(void **state)
{
    (void)state;
    CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(1, cheap);
    struct sigaction action = {.sa_handler = count_signal}, before;
    pid_t companion = 0;
    bool right;

    assert_int_equal(idle_threads(&companion), 1);
    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    assert_int_equal(tgkill(getpid(), companion, SIGUSR1), 0);
    assert_ok(hasher_verify(hasher, str_of(known), STR("password"), &right));
    assert_int_equal(handled, 0);
    assert_int_equal(tgkill(getpid(), gettid(), SIGUSR1), 0); /* and it would have been counted */
    for (int i = 0; i < 1000 && handled == 0; i++) {          /* ThreadSanitizer delivers late */
        (void)usleep(1000);
    }
    assert_int_equal(handled, 1);
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

/* Lets this process have so many bytes of address space more than it has. */
static void allow_only(size_t more)
{
    FILE *file = fopen("/proc/self/statm", "r");
    char pages[32];
    struct rlimit limit;

    assert_non_null(file);
    assert_non_null(fgets(pages, sizeof pages, file));
    (void)fclose(file);
    assert_int_equal(getrlimit(RLIMIT_AS, &limit), 0);
    limit.rlim_cur = strtoull(pages, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) + more;
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
}

/* Its memory is kept, so the usual hash works where a dearer one does not; and that one is told
 * from a wrong password. */
static void a_hasher_has_its_memory_once_it_is_made(void **state)
{
    (void)state;
    const struct str dear =
        STR("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y"
            "7cJHAph8ArZWb2GRPPc");
    const struct password_cost cost = {.memory_kib = 32768, .passes = 1};
    struct rlimit before;

    if (SANITIZED) {
        skip();
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(kinds[i], cost);
        struct password_hash hash;
        bool right = false;

        assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
        allow_only(8 << 20);
        enum err made = hasher_make(hasher, STR("password"), &hash);
        enum err verified = hasher_verify(hasher, str_of(hash.text), STR("password"), &right);
        enum err refused = hasher_verify(hasher, dear, STR("password"), &right);
        assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
        assert_ok(made);
        assert_ok(verified);
        assert_err(refused, ERR_MEMORY);
        assert_ok(hasher_verify(hasher, dear, STR("password"), &right));
        assert_true(right);
    }
}

static bool is_empty(const char *from, const char *to)
{
    while (from < to && *from == 0) {
        from++;
    }
    return from == to;
}

/* The memory that hashers keep is what this process has of exactly that size. Tells whether all of
 * it is zero. */
static bool is_wiped(size_t size, unsigned *ret_count)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[256];
    bool wiped = true;

    assert_non_null(maps);
    *ret_count = 0;
    while (fgets(line, sizeof line, maps)) {
        char *end;
        const char *from = (const char *)strtoull(line, &end, 16);
        const char *to = (const char *)strtoull(end + 1, NULL, 16);
        if ((size_t)(to - from) == size) {
            wiped = is_empty(from, to) && wiped;
            ++*ret_count;
        }
    }
    (void)fclose(maps);
    return wiped;
}

static void a_hash_leaves_nothing_when_nobody_waits(void **state)
{
    (void)state;
    const struct password_cost odd = {.memory_kib = 12372, .passes = 1};
    unsigned count;

    if (SANITIZED) {
        skip();
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(hasher_destroy_at) struct hasher *hasher = new_hasher(kinds[i], odd);
        struct password_hash hash;
        bool wiped = false;
        assert_ok(hasher_make(hasher, STR("password"), &hash));
        for (int tries = 0; tries < 1000 && !wiped; tries++) { /* the companion is in no hurry */
            wiped = is_wiped((size_t)odd.memory_kib * 1024, &count);
            assert_int_equal(count, 1);
            (void)usleep(10000);
        }
        assert_true(wiped);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_kinds_make_and_verify),
        cmocka_unit_test(refused_hashes_are_errors_of_both_kinds),
        cmocka_unit_test(an_empty_hash_never_matches),
        cmocka_unit_test(an_empty_hash_takes_the_work_of_a_right_one),
        cmocka_unit_test(hashes_of_another_cost_are_stale),
        cmocka_unit_test(a_cost_or_a_number_out_of_bounds_makes_no_hasher),
        cmocka_unit_test(companions_are_of_the_idle_class_and_go_with_their_hasher),
        cmocka_unit_test(eight_threads_hash_beside_each_other),
        cmocka_unit_test(threads_share_companions),
        cmocka_unit_test(signals_do_not_disturb_a_hash),
        cmocka_unit_test(the_companion_handles_no_signals),
        cmocka_unit_test(a_hasher_has_its_memory_once_it_is_made),
        cmocka_unit_test(a_hash_leaves_nothing_when_nobody_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
