/* Both sides of it. A message is a descriptor one way, and the child's process id or what stood in
 * the way the other. */
#include "picture/nursery.h"

#include "base/str.h"
#include "picture/child.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
    LINE = 0,          /* the nursery's own descriptor */
    NURSERY_FIRST = 1, /* of its others: it has none */
    CHILD_FIRST = 2
};

struct nursery {
    pid_t process;
    int line;
    pthread_mutex_t turn; /* one question at a time */
};

/* Room for one descriptor. */
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static void close_at(const int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
}

/* Its descriptor is the line and nothing else: none of the server's gets in. */
static enum err arrange_descriptors(posix_spawn_file_actions_t *actions, int line)
{
    bool well = posix_spawn_file_actions_adddup2(actions, line, LINE) == 0 &&
                posix_spawn_file_actions_addclosefrom_np(actions, NURSERY_FIRST) == 0;

    return well ? ERR_OK : ERR_MEMORY;
}

/* Blocked until it has begun: then it ignores some. */
static enum err arrange_signals(posix_spawnattr_t *attributes)
{
    sigset_t all;

    (void)sigfillset(&all);
    bool well =
        posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
        posix_spawnattr_setsigmask(attributes, &all) == 0 &&
        posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) == 0;
    return well ? ERR_OK : ERR_MEMORY;
}

/* posix_spawn never copies our memory, and an environment may hold secrets: it gets none. */
static enum err spawn(int line, struct reason *reason, pid_t *ret)
{
    char name[] = "signet", argument[] = NURSERY_ARGUMENT;
    char *const arguments[] = {name, argument, NULL}, *const environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    (void)posix_spawn_file_actions_init(&actions); /* neither of them fails here */
    (void)posix_spawnattr_init(&attributes);
    enum err e = arrange_descriptors(&actions, line);
    e = e == ERR_OK ? arrange_signals(&attributes) : e;
    if (e == ERR_OK) {
        int failed =
            posix_spawn(ret, "/proc/self/exe", &actions, &attributes, arguments, environment);
        e = failed == 0 ? ERR_OK
                        : fail(reason, ERR_SYSTEM, STR(""), "cannot start what begins children: %s",
                               strerrordesc_np(failed));
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return e;
}

enum err nursery_open(struct reason *reason, struct nursery **ret)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "no line to what begins children: %s",
                    strerrordesc_np(errno));
    }
    CLEANUP(close_at) int theirs = ends[1];
    struct nursery *nursery = calloc(1, sizeof *nursery);
    pid_t process = 0;
    enum err e = nursery ? spawn(theirs, reason, &process) : ERR_MEMORY;
    if (e != ERR_OK) {
        free(nursery);
        (void)close(ends[0]);
        return e;
    }
    nursery->process = process;
    nursery->line = ends[0];
    (void)pthread_mutex_init(&nursery->turn, NULL);
    *ret = nursery;
    return ERR_OK;
}

void nursery_close(struct nursery *nursery)
{
    if (!nursery) {
        return;
    }
    (void)close(nursery->line);
    while (waitpid(nursery->process, NULL, 0) < 0 && errno == EINTR) {
        /* interrupted by a signal */
    }
    (void)pthread_mutex_destroy(&nursery->turn);
    free(nursery);
}

/* A byte, as an empty message is the end, with room for a descriptor beside it. */
static struct msghdr message_of(struct iovec *byte, union control *control)
{
    return (struct msghdr){.msg_iov = byte,
                           .msg_iovlen = 1,
                           .msg_control = control->bytes,
                           .msg_controllen = sizeof control->bytes};
}

static bool send_descriptor(int line, int descriptor)
{
    char nothing = 0;
    union control control = {0};
    struct iovec byte = {&nothing, sizeof nothing};
    struct msghdr message = message_of(&byte, &control);
    ssize_t sent;

    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
    do {
        sent = sendmsg(line, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == sizeof nothing;
}

/* False when nobody sends any more. *ret is -1 when a message came without. */
static bool receive_descriptor(int line, int *ret)
{
    char nothing;
    union control control = {0};
    struct iovec byte = {&nothing, sizeof nothing};
    struct msghdr message = message_of(&byte, &control);
    ssize_t got;

    do {
        got = recvmsg(line, &message, 0); /* it may be given the very number that a child needs */
    } while (got < 0 && errno == EINTR);
    if (got != sizeof nothing) {
        return false;
    }
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    bool has = header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
               header->cmsg_len == CMSG_LEN(sizeof(int));
    *ret = -1;
    if (has) {
        memcpy(ret, CMSG_DATA(header), sizeof *ret);
    }
    return true;
}

/* A process id, or less than 0 what stood in the way. */
static bool receive_answer(int line, int *ret)
{
    ssize_t got;

    do {
        got = recv(line, ret, sizeof *ret, 0);
    } while (got < 0 && errno == EINTR);
    return got == sizeof *ret;
}

enum err nursery_begin(struct nursery *nursery, int line, struct reason *reason, pid_t *ret)
{
    int answer = 0;

    (void)pthread_mutex_lock(&nursery->turn);
    bool well = send_descriptor(nursery->line, line) && receive_answer(nursery->line, &answer);
    (void)pthread_mutex_unlock(&nursery->turn);
    if (!well) {
        return fail(reason, ERR_SYSTEM, STR(""), "what begins children has ended");
    }
    if (answer <= 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "cannot begin a child: %s",
                    strerrordesc_np(-answer));
    }
    *ret = answer;
    return ERR_OK;
}

/* Begun anew, so that each child has its memory laid out in its own way. It was copied from a
 * process of one thread, and so may do anything. */
__attribute__((noreturn)) static void become_child(int line)
{
    char name[] = "signet", argument[] = CHILD_ARGUMENT;
    char *const arguments[] = {name, argument, NULL}, *const environment[] = {NULL};

    if (dup2(line, 0) == 0 && dup2(line, 1) == 1 && close_range(CHILD_FIRST, ~0U, 0) == 0) {
        (void)execve("/proc/self/exe", arguments, environment);
    }
    _exit(CHILD_FAILED);
}

/* CLONE_PARENT: it is the server that waits for it, learns how it ended, and may end it. glibc has
 * no function for that. */
static int begin(int line)
{
    if (line < 0) {
        return -EBADF;
    }
    long process = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
    if (process == 0) {
        become_child(line);
    }
    int answer = process > 0 ? (int)process : -errno;
    (void)close(line);
    return answer;
}

/* Whatever ends the server's group, or stops its unit, is for the server to see to: this and what
 * it began end with the server. */
static void outlast_signals(void)
{
    sigset_t all;

    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_UNBLOCK, &all, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

int nursery_main(void)
{
    int line;

    outlast_signals();
    while (receive_descriptor(LINE, &line)) {
        int answer = begin(line);
        if (send(LINE, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer) {
            break;
        }
    }
    return 0;
}
