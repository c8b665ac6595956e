/* What a server asks of the kernel once it answers. Found by strace under the whole test suite, on
 * both engines; kept short by saying no to what only start-up, other programs or attackers need.
 *
 * Calls that every request makes have no condition: for them the kernel remembers that the answer
 * is always yes (since 5.11), and does not run the filter. */
#include "base/buf.h"
#include "base/str.h"
#include "confine/serving.h"

#include <errno.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* clang-format off */
/* An int is looked at as the kernel does, without what may stand above it. */
#define IS(argument, value)       .only = {{(argument), UINT32_MAX, (uint64_t)(value)}}
#define HAS(argument, mask, bits) .only = {{(argument), (mask), (bits)}}
/* Streams and datagrams alone, of the family's usual protocol or the one named: asking for others
 * has the kernel load what nobody looks at (SCTP, DCCP). */
#define SOCKET(family, protocol)                                                                   \
    .only = {{0, UINT32_MAX, (family)}, {1, NEITHER_STREAM_NOR_DATAGRAM, 0}, {2, UINT32_MAX, (protocol)}}
#define OWN_PROCESS(argument)     .only = {{(argument), UINT32_MAX, .own_process = true}}
/* clang-format on */

enum {
    A_THREAD = CLONE_VM | CLONE_THREAD,
    A_NAMESPACE = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                  CLONE_NEWPID | CLONE_NEWNET,
    /* SOCK_STREAM is 1, SOCK_DGRAM 2, and SOCK_RAW 3, which needs a capability. */
    NEITHER_STREAM_NOR_DATAGRAM = 0xc
};

/* clang-format off */
static const struct filter_row rows[] = {
    {"epoll_wait epoll_pwait epoll_ctl epoll_create1 eventfd2 accept4 recvfrom sendto shutdown close",
     .why = "requests and their answers"},
    {"poll ppoll select pselect6 connect getsockname getpeername getsockopt setsockopt sendmsg "
     "sendmmsg recvmsg pipe2",
     .why = "asking others: PostgreSQL, mail servers, providers, names (libpq, libcurl, the "
            "resolver), and the process that begins children. Neither bind nor listen: what is "
            "listened to was bound before"},
    {"socket", SOCKET(AF_UNIX, 0), .when = "AF_UNIX", .why = "the same, and systemd"},
    {"socket", SOCKET(AF_INET, 0), .when = "AF_INET, TCP or UDP", .why = "likewise"},
    {"socket", SOCKET(AF_INET, IPPROTO_TCP), .when = "AF_INET, TCP by name", .why = "likewise"},
    {"socket", SOCKET(AF_INET6, 0), .when = "AF_INET6, TCP or UDP", .why = "likewise"},
    {"socket", SOCKET(AF_INET6, IPPROTO_TCP), .when = "AF_INET6, TCP by name", .why = "likewise"},
    {"socketpair", IS(0, AF_UNIX), .when = "AF_UNIX", .why = "likewise"},
    {"socket", FILTER_REFUSE, EAFNOSUPPORT, IS(0, AF_NETLINK), .when = "AF_NETLINK",
     .why = "getaddrinfo would look at our own addresses with it, and goes on without"},
    {"read write readv writev pread64 pwrite64 lseek fsync fdatasync ftruncate fallocate fadvise64 "
     "fcntl flock fstat newfstatat stat lstat statx",
     .why = "the store, its log and its lock; the log of requests"},
    {"openat open access faccessat faccessat2 readlink readlinkat getdents64 getcwd unlink unlinkat "
     "rename renameat renameat2 link linkat mkdir mkdirat rmdir umask chmod fchmod chown fchown "
     "statfs fstatfs utimensat dup",
     .why = "files beside it: pictures, letters in a folder, settings read again, certificates, the "
            "resolver's files. What may be opened is for the user and for systemd to decide"},
    {"brk munmap mremap madvise mincore msync", .why = "memory (malloc, SQLite's shared index)"},
    {"mmap", HAS(2, PROT_WRITE, 0), .when = "not to be written to",
     .why = "libraries that are loaded when they are first needed; large reads"},
    {"mmap", HAS(2, PROT_WRITE | PROT_EXEC, PROT_WRITE), .when = "to be written to, and no code",
     .why = "memory"},
    {"mmap", FILTER_REFUSE, EPERM, HAS(2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC),
     .when = "code that can be written to",
     .why = "some libraries try whether they may, and go another way"},
    {"mprotect", HAS(2, PROT_EXEC, 0), .when = "no code", .why = "stacks of threads, malloc, and what "
     "the loader makes unwritable"},
    {"mprotect pkey_mprotect", FILTER_REFUSE, EPERM, HAS(2, PROT_EXEC, PROT_EXEC),
     .when = "memory made code", .why = "nothing of ours makes code"},
    {"futex futex_waitv set_robust_list rseq sched_yield sched_getaffinity membarrier getcpu gettid exit "
     "exit_group",
     .why = "threads"},
    {"clone", HAS(0, A_THREAD | A_NAMESPACE, A_THREAD), .when = "a thread, no namespace",
     .why = "threads that are started later: libcurl's resolver"},
    {"clone", FILTER_KILL, 0, HAS(0, CLONE_THREAD, 0), .when = "a process",
     .why = "a server begins none"},
    {"clone3", FILTER_REFUSE, ENOSYS,
     .why = "its flags cannot be looked at from here; the C library then uses clone"},
    {"sched_setscheduler", IS(1, SCHED_IDLE), .when = "the idle class",
     .why = "threads that hash passwords"},
    {"sched_getattr sched_setattr", IS(0, 0), .when = "of oneself",
     .why = "short turns for the threads that wait for requests; more than that takes a privilege"},
    {"clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time restart_syscall",
     .why = "clocks"},
    {"getpid getppid getuid geteuid getgid getegid getgroups uname sysinfo getrusage times getrandom",
     .why = "what is asked about ourselves, and chance"},
    {"prlimit64", HAS(2, UINT64_MAX, 0), .when = "to look, not to set", .why = "likewise"},
    {"getrlimit", .why = "likewise"},
    {"prctl", IS(0, PR_SET_NAME), .when = "a thread's name", .why = "likewise"},
    {"prctl", IS(0, PR_SET_VMA), .when = "the name of some memory",
     .why = "the C library from 2.38 on"},
    {"rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait sigaltstack",
     .why = "signals that come"},
    {"tgkill", OWN_PROCESS(0), .when = "to ourselves", .why = "abort()"},
    {"kill", IS(1, SIGKILL), .when = "SIGKILL", .why = "a child that draws for too long"},
    {"wait4 waitid", .why = "its end"},
    {"ioctl", IS(1, TCGETS), .when = "TCGETS", .why = "whether it is a terminal"},
    {"ioctl", IS(1, FIONREAD), .when = "FIONREAD", .why = "the resolver, libcurl"},
    {"ioctl", IS(1, FIONBIO), .when = "FIONBIO", .why = "likewise"},
    {"ioctl", FILTER_REFUSE, ENODEV, IS(1, SIOCGIFINDEX), .when = "SIOCGIFINDEX",
     .why = "libcurl asks for the interface that an address names (fe80::1%eth0): we call none of these"},
    {"execve execveat fork vfork", FILTER_KILL, .why = "beginning other programs"},
    {"ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp", FILTER_KILL,
     .why = "looking into other processes"},
    {"setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset unshare "
     "setns",
     FILTER_KILL, .why = "becoming somebody else"},
    {"mount umount2 pivot_root chroot open_tree move_mount fsopen fsmount open_by_handle_at swapon "
     "swapoff",
     FILTER_KILL, .why = "arranging file systems"},
    {"init_module finit_module delete_module kexec_load kexec_file_load reboot bpf perf_event_open "
     "userfaultfd io_uring_setup io_uring_enter io_uring_register iopl ioperm modify_ldt",
     FILTER_KILL, .why = "the kernel's own depths, where most of its faults were found"},
};
/* clang-format on */

const struct filter_table *serving_table(void)
{
    static const struct filter_table table = {rows, ARRAY_LEN(rows), FILTER_REST_SIGNAL};

    return &table;
}

static void describe_calls(struct buf *out, const struct filter_row *row)
{
    struct str rest = str_of(row->calls), name;
    bool first = true;

    while (str_next(&rest, ' ', &name)) {
        buf_put(out, first ? STR("`") : STR(", `"));
        buf_put(out, name);
        buf_put_char(out, '`');
        first = false;
    }
}

static void describe_rows(struct buf *out, enum filter_verdict verdict)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct filter_row *row = &rows[i];
        if (row->verdict != verdict) {
            continue;
        }
        buf_put(out, STR("| "));
        describe_calls(out, row);
        buf_print(out, " | %s |", row->when ? row->when : "");
        if (verdict == FILTER_REFUSE) {
            buf_print(out, " %s |", strerrorname_np(row->error));
        }
        buf_print(out, " %s |\n", row->why);
    }
}

void serving_describe(struct buf *out)
{
    buf_put(out, STR("Allowed:\n\n| calls | only | for |\n|---|---|---|\n"));
    describe_rows(out, FILTER_ALLOW);
    buf_put(out, STR("\nRefused, without a word, as whoever asks can do without:\n\n"
                     "| calls | when | as | why |\n|---|---|---|---|\n"));
    describe_rows(out, FILTER_REFUSE);
    buf_put(out, STR("\nThe end of the process:\n\n| calls | when | which is |\n|---|---|---|\n"));
    describe_rows(out, FILTER_KILL);
}
