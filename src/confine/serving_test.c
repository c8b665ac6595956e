/* Each in a process of its own, which shuts itself in as a server does and then tries something. */
#include "base/buf.h"
#include "base/check.h"
#include "base/thread.h"
#include "confine/serving.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum {
    SKIPPED = 77, /* for meson */
    DONE = 42,
    WRONG = 43,
    DESCRIPTORS = 32, /* tried */
    TRIES = 2000
};

/* What the watch was told, in the child. */
struct heard {
    _Atomic int count, number;
    _Atomic int64_t thread;
};

static void hear(void *with, const struct filter_call *call)
{
    struct heard *heard = with;

    atomic_store(&heard->number, call->number);
    atomic_store(&heard->thread, call->thread);
    atomic_fetch_add(&heard->count, 1);
}

static void wait_until_heard(const struct heard *heard, int count)
{
    for (int i = 0; i < 2000 && atomic_load(&heard->count) < count; i++) {
        (void)usleep(1000);
    }
}

/* What became of a child that does `work`: what a test confines, it cannot set free again. */
static int status_of_child(bool (*work)(void *with), void *with)
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        _exit(work(with) ? DONE : WRONG);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void is_done(int status)
{
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), DONE);
}

typedef bool confined_work(struct heard *heard);

static bool confined(void *with)
{
    confined_work *const *work = with;
    struct heard heard = {0};
    struct serving_watch watch = {hear, &heard};
    struct reason reason = {0};
    struct serving *serving;

    if (serving_confine(&watch, &reason, &serving) != ERR_OK) {
        return false;
    }
    bool well = (*work)(&heard);
    serving_close(serving);
    return well;
}

static int status_of(confined_work *work)
{
    return status_of_child(confined, &work);
}

static void goes_well(confined_work *work)
{
    is_done(status_of(work));
}

static void ends_the_process(bool (*work)(struct heard *heard))
{
    int status = status_of(work);

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
}

/* One that is not there: another one would be ended by the filter, too, but only once it runs. */
static bool run_a_program(struct heard *heard)
{
    (void)heard;
    (void)execl("/no/such/program", "program", NULL);
    return true;
}

static bool run_what_is_open(struct heard *heard)
{
    (void)heard;
    (void)syscall(SYS_execveat, -1, "", NULL, NULL, AT_EMPTY_PATH);
    return true;
}

static bool begin_a_process(struct heard *heard)
{
    (void)heard;
    return fork() < 0;
}

static bool begin_one_by_the_library(struct heard *heard)
{
    char name[] = "true";
    char *const arguments[] = {name, NULL};
    pid_t process;

    (void)heard;
    return posix_spawn(&process, "/bin/true", NULL, NULL, arguments, NULL) != 0;
}

static bool begin_one_in_a_namespace(struct heard *heard)
{
    (void)heard;
    return syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL) < 0;
}

static bool trace_another(struct heard *heard)
{
    (void)heard;
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) != 0;
}

static bool read_another_s_memory(struct heard *heard)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};

    (void)heard;
    return process_vm_readv(getppid(), &here, 1, &there, 1, 0) < 0;
}

static bool become_another(struct heard *heard)
{
    (void)heard;
    return syscall(SYS_setresuid, 1, 1, 1) != 0;
}

static bool leave_the_namespace(struct heard *heard)
{
    (void)heard;
    return unshare(CLONE_NEWUSER) != 0;
}

static bool use_a_ring(struct heard *heard)
{
    (void)heard;
    return syscall(SYS_io_uring_setup, 1, NULL) < 0;
}

static void what_only_an_attacker_does_ends_the_process(void **state)
{
    (void)state;
    ends_the_process(run_a_program);
    ends_the_process(run_what_is_open);
    ends_the_process(begin_a_process);
    ends_the_process(begin_one_by_the_library);
    ends_the_process(begin_one_in_a_namespace);
    ends_the_process(trace_another);
    ends_the_process(read_another_s_memory);
    ends_the_process(become_another);
    ends_the_process(leave_the_namespace);
    ends_the_process(use_a_ring);
}

static bool do_the_unknown(struct heard *heard)
{
    bool refused = syscall(SYS_inotify_init1, 0) == -1 && errno == ENOSYS;

    wait_until_heard(heard, 1);
    return refused && atomic_load(&heard->count) == 1 &&
           atomic_load(&heard->number) == SYS_inotify_init1 &&
           atomic_load(&heard->thread) == gettid();
}

static void *do_it_there(void *argument)
{
    return do_the_unknown(argument) ? argument : NULL;
}

static bool do_it_in_a_new_thread(struct heard *heard)
{
    pthread_t thread;
    void *done = NULL;

    return thread_start(do_it_there, heard, &thread) == ERR_OK &&
           pthread_join(thread, &done) == 0 && done;
}

static bool listen_somewhere(struct heard *heard)
{
    int line = socket(AF_INET, SOCK_STREAM, 0);
    bool refused = listen(line, 1) == -1 && errno == ENOSYS;

    wait_until_heard(heard, 1);
    return refused && atomic_load(&heard->number) == SYS_listen;
}

static bool speak_another_family(struct heard *heard)
{
    bool refused = socket(AF_ALG, SOCK_SEQPACKET, 0) == -1 && errno == ENOSYS;

    wait_until_heard(heard, 1);
    return refused && atomic_load(&heard->number) == SYS_socket;
}

static bool push_words_into_a_terminal(struct heard *heard)
{
    char letter = 'x';
    bool refused = ioctl(0, TIOCSTI, &letter) == -1 && errno == ENOSYS;

    wait_until_heard(heard, 1);
    return refused && atomic_load(&heard->number) == SYS_ioctl;
}

/* The kernel itself would say EINVAL to this one. */
static bool begin_a_thread_in_a_namespace(struct heard *heard)
{
    const int flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_NEWUSER;

    (void)heard;
    return syscall(SYS_clone, flags, NULL, NULL, NULL, NULL) == -1 && errno == ENOSYS;
}

static bool raise_a_limit(struct heard *heard)
{
    struct rlimit limit = {0};

    (void)heard;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && setrlimit(RLIMIT_NOFILE, &limit) == -1 &&
           errno == ENOSYS;
}

static bool stop_another(struct heard *heard)
{
    (void)heard;
    return kill(getppid(), SIGSTOP) == -1 && errno == ENOSYS;
}

static bool be_looked_into_again(struct heard *heard)
{
    (void)heard;
    return prctl(PR_SET_DUMPABLE, 1) == -1 && errno == ENOSYS;
}

static void what_is_not_in_the_table_is_refused_and_told(void **state)
{
    (void)state;
    goes_well(do_the_unknown);
    goes_well(do_it_in_a_new_thread);
    goes_well(listen_somewhere);
    goes_well(speak_another_family);
    goes_well(push_words_into_a_terminal);
    goes_well(begin_a_thread_in_a_namespace);
    goes_well(raise_a_limit);
    goes_well(stop_another);
    goes_well(be_looked_into_again);
}

/* Of the kernel's ways to tell of a call, one lets whoever holds its descriptor also say that the
 * call be done: tried on whatever is open here. */
static void approve_what_waits(void)
{
    struct seccomp_notif call;
    struct seccomp_notif_resp answer;

    for (int descriptor = 3; descriptor < DESCRIPTORS; descriptor++) {
        struct pollfd line = {.fd = descriptor, .events = POLLIN};
        call = (struct seccomp_notif){0};
        if (poll(&line, 1, 0) == 1 && ioctl(descriptor, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0) {
            answer = (struct seccomp_notif_resp){.id = call.id,
                                                 .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
            (void)ioctl(descriptor, SECCOMP_IOCTL_NOTIF_SEND, &answer);
        }
    }
}

static void *try_again_and_again(void *argument)
{
    _Atomic int *result = argument;
    int refused = 0;

    while (refused < TRIES && syscall(SYS_inotify_init1, 0) == -1) {
        refused++;
    }
    atomic_store(result, refused == TRIES ? DONE : WRONG);
    return NULL;
}

static bool let_oneself_through(struct heard *heard)
{
    _Atomic int result = 0;
    pthread_t thread;

    (void)heard;
    if (pthread_create(&thread, NULL, try_again_and_again, &result) != 0) {
        return false;
    }
    while (atomic_load(&result) == 0) {
        approve_what_waits();
    }
    return pthread_join(thread, NULL) == 0 && atomic_load(&result) == DONE;
}

static void nobody_inside_can_let_a_refused_call_through(void **state)
{
    (void)state;
    goes_well(let_oneself_through);
}

struct early {
    sem_t go;
    struct heard heard;
};

static void *do_it_when_told(void *argument)
{
    struct early *early = argument;

    while (sem_wait(&early->go) != 0) {
        /* interrupted by a signal */
    }
    return do_the_unknown(&early->heard) ? early : NULL;
}

static bool a_thread_from_before_is_shut_in(void *with)
{
    struct early early = {0};
    struct serving_watch watch = {hear, &early.heard};
    struct reason reason = {0};
    struct serving *serving = NULL;
    pthread_t thread;
    void *done = NULL;

    (void)with;
    if (sem_init(&early.go, 0, 0) != 0 ||
        thread_start(do_it_when_told, &early, &thread) != ERR_OK) {
        return false;
    }
    bool well = serving_confine(&watch, &reason, &serving) == ERR_OK;
    (void)sem_post(&early.go);
    well = pthread_join(thread, &done) == 0 && done && well && serving_refused(serving) == 1;
    serving_close(serving);
    return well;
}

static void threads_from_before_are_shut_in_too(void **state)
{
    (void)state;
    is_done(status_of_child(a_thread_from_before_is_shut_in, NULL));
}

static bool do_it_with_the_signal_blocked(struct heard *heard)
{
    sigset_t all;

    (void)heard;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, NULL);
    (void)syscall(SYS_inotify_init1, 0);
    return true;
}

static void who_blocks_the_signal_is_ended_and_not_let_through(void **state)
{
    (void)state;
    ends_the_process(do_it_with_the_signal_blocked);
}

/* A flood shuts out nobody who is refused, and is counted to the last. */
static bool try_very_often(struct heard *heard)
{
    for (int i = 0; i < 20000; i++) {
        if (syscall(SYS_inotify_init1, 0) != -1 || errno != ENOSYS) {
            return false;
        }
    }
    wait_until_heard(heard, 1);
    return true;
}

static bool ask_for_another_protocol(struct heard *heard)
{
    bool refused = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP) == -1 && errno == ENOSYS &&
                   socket(AF_INET6, SOCK_DCCP, 0) == -1 && errno == ENOSYS &&
                   socketpair(AF_TIPC, SOCK_STREAM, 0, (int[2]){0}) == -1 && errno == ENOSYS;

    wait_until_heard(heard, 3);
    return refused;
}

static void what_is_refused_is_refused_always(void **state)
{
    (void)state;
    goes_well(try_very_often);
    goes_well(ask_for_another_protocol);
}

static bool open_the_usual_sockets(struct heard *heard)
{
    static const int families[] = {AF_INET, AF_INET6};

    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        if ((socket(families[i], SOCK_STREAM | SOCK_CLOEXEC, 0) < 0 && errno == ENOSYS) ||
            (socket(families[i], SOCK_STREAM, IPPROTO_TCP) < 0 && errno == ENOSYS) ||
            (socket(families[i], SOCK_DGRAM | SOCK_NONBLOCK, 0) < 0 && errno == ENOSYS)) {
            return false;
        }
    }
    return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) >= 0 && heard->count == 0;
}

static bool make_code(struct heard *heard)
{
    const int private = MAP_PRIVATE | MAP_ANONYMOUS;
    void *both = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, private, -1, 0);
    bool refused = both == MAP_FAILED && errno == EPERM;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, private, -1, 0);

    return refused && page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == -1 &&
           errno == EPERM && mprotect(page, 4096, PROT_READ) == 0 && heard->count == 0;
}

static bool look_at_own_addresses(struct heard *heard)
{
    return socket(AF_NETLINK, SOCK_RAW, 0) == -1 && errno == EAFNOSUPPORT && heard->count == 0;
}

static void what_libraries_try_is_refused_without_a_word(void **state)
{
    (void)state;
    goes_well(make_code);
    goes_well(look_at_own_addresses);
}

static bool resolve_a_name(struct heard *heard)
{
    struct addrinfo *found = NULL;

    (void)!getaddrinfo("localhost", "80", NULL, &found); /* whether or not it is known here */
    if (found) {
        freeaddrinfo(found);
    }
    (void)!getaddrinfo("signet.invalid", "80", NULL, &found);
    return heard->count == 0;
}

static bool do_much(struct heard *heard)
{
    char *volatile memory = malloc(64 << 20);
    int folder = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int ends[2] = {-1, -1};
    bool well = memory && folder >= 0 && socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0;

    free(memory);
    (void)close(folder);
    well = well && pthread_setname_np(pthread_self(), "busy") == 0 && kill(-1, 0) == -1;
    wait_until_heard(heard, 1);
    return well && heard->count == 1; /* the last one */
}

static void what_a_server_does_goes_on(void **state)
{
    (void)state;
    goes_well(resolve_a_name);
    goes_well(open_the_usual_sockets);
    goes_well(do_much);
}

static bool abort_now(struct heard *heard)
{
    (void)heard;
    abort();
}

static void a_failed_assertion_is_still_told_from_a_forbidden_call(void **state)
{
    int status;

    (void)state;
    status = status_of(abort_now);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* Nobody listens any more: the kernel refuses by itself, and nobody hangs. */
static bool a_call_after_the_watch_is_refused(void *with)
{
    struct heard heard = {0};
    struct serving_watch watch = {hear, &heard};
    struct reason reason = {0};
    struct serving *serving;

    (void)with;
    if (serving_confine(&watch, &reason, &serving) != ERR_OK) {
        return false;
    }
    serving_close(serving);
    return syscall(SYS_inotify_init1, 0) == -1 && errno == ENOSYS && heard.count == 0;
}

static void after_the_end_of_the_watch_calls_are_still_refused(void **state)
{
    (void)state;
    is_done(status_of_child(a_call_after_the_watch_is_refused, NULL));
}

static void the_page_names_every_call(void **state)
{
    char *memory = malloc(64 << 10);
    const struct filter_table *table = serving_table();

    (void)state;
    assert_non_null(memory);
    struct buf out = buf_over(memory, (64 << 10) - 1);
    serving_describe(&out);
    assert_false(out.failed);
    memory[out.len] = 0;
    for (size_t i = 0; i < table->count; i++) {
        struct str rest = str_of(table->rows[i].calls), name;
        while (str_next(&rest, ' ', &name)) {
            char quoted[48];
            (void)snprintf(quoted, sizeof quoted, "`%.*s`", STR_ARG(name));
            assert_non_null(strstr(memory, quoted));
        }
    }
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_only_an_attacker_does_ends_the_process),
        cmocka_unit_test(what_is_not_in_the_table_is_refused_and_told),
        cmocka_unit_test(threads_from_before_are_shut_in_too),
        cmocka_unit_test(who_blocks_the_signal_is_ended_and_not_let_through),
        cmocka_unit_test(what_is_refused_is_refused_always),
        cmocka_unit_test(nobody_inside_can_let_a_refused_call_through),
        cmocka_unit_test(what_libraries_try_is_refused_without_a_word),
        cmocka_unit_test(what_a_server_does_goes_on),
        cmocka_unit_test(a_failed_assertion_is_still_told_from_a_forbidden_call),
        cmocka_unit_test(after_the_end_of_the_watch_calls_are_still_refused),
        cmocka_unit_test(the_page_names_every_call),
    };

    if (filter_support() != FILTER_CAN) {
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
