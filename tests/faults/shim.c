/* Stands between Signet and the C library (LD_PRELOAD) and does what a test says: lets calls fail,
 * turns the clock, writes down what would be lost without power. The test says it in a file that
 * both have mapped; tests/faults/lib/shim.js knows the same layout. */
#include <sqlite3.h>
#include <unistd.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

enum kind {
    WRITE,
    SHORT,
    READ,
    SYNC,
    OPEN,
    TRUNCATE,
    UNLINK,
    MAP,
    RANDOM,
    ALLOCATE,
    STATEMENT,
    CONNECT,
    SEND,
    RECEIVE,
    KINDS
};

struct rule {
    _Atomic int64_t calls, hits;
    _Atomic int64_t after;   /* the so-manyeth call from now on fails; 0 is none */
    _Atomic int64_t forever; /* and all after it */
    _Atomic int64_t chance;  /* so many of a million fail */
    _Atomic int64_t error;
};

enum level {
    AS_ASKED,
    NORMAL,
    OFF
};

struct control {
    struct rule rules[KINDS];
    _Atomic int64_t clock_ms; /* added to the wall clock */
    _Atomic int64_t level;    /* what "synchronous = FULL" becomes */
    _Atomic int64_t position; /* how many records were written */
    _Atomic int64_t blocks;   /* of memory that are given out and not given back, to the server */
    _Atomic int64_t server;   /* its process; its children have memory of their own */
};

/* What is written down of a change to a file of the store; its bytes follow. */
struct record {
    int64_t what, file, at, length;
};

enum {
    DESCRIPTORS = 1 << 16
};

enum file {
    OTHER,
    DATABASE,
    LOG,
    OUTSIDE /* a socket that leads to another service */
};

static struct control *control;
static bool is_server;
static int recorder = -1;
static pthread_mutex_t recording = PTHREAD_MUTEX_INITIALIZER;
static _Atomic unsigned char files[DESCRIPTORS];
static _Atomic uint64_t dice;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

/* The function that would have been called without us. */
#define REAL(name)    (__extension__(__typeof__(&name)) real(&real_##name, #name))
#define DECLARE(name) static void *real_##name

static void *real(void **kept, const char *name)
{
    if (!*kept) {
        *kept = dlsym(RTLD_NEXT, name);
    }
    return *kept;
}

DECLARE(open);
DECLARE(open64);
DECLARE(close);
DECLARE(pwrite);
DECLARE(pwrite64);
DECLARE(pread);
DECLARE(pread64);
DECLARE(fsync);
DECLARE(fdatasync);
DECLARE(ftruncate);
DECLARE(ftruncate64);
DECLARE(unlink);
DECLARE(mmap);
DECLARE(mmap64);
DECLARE(getrandom);
DECLARE(clock_gettime);
DECLARE(sqlite3_exec);
DECLARE(sqlite3_step);
DECLARE(sqlite3_extended_errcode);
DECLARE(sqlite3_sql);
DECLARE(sqlite3_db_handle);
DECLARE(sqlite3_get_autocommit);
DECLARE(connect);
DECLARE(send);
DECLARE(recv);

static int open_for_us(const char *variable, int flags)
{
    const char *path = getenv(variable);

    return path ? REAL(open)(path, flags | O_CLOEXEC, 0600) : -1;
}

static int find_given(struct dl_phdr_info *library, size_t size, void *nothing);

/* The first one is, and who comes when it is gone. */
static void find_server(void)
{
    int64_t before = atomic_load(&control->server);

    is_server = (before == 0 || kill((pid_t)before, 0) != 0) &&
                atomic_compare_exchange_strong(&control->server, &before, getpid());
}

static void become_child(void)
{
    is_server = false;
}

/* Only in the program itself, not in what starts it. */
__attribute__((constructor)) static void start(void)
{
    if (strcmp(program_invocation_short_name, "signet") != 0) {
        return;
    }
    int file = open_for_us("FAULTS_CONTROL", O_RDWR);
    recorder = open_for_us("FAULTS_RECORD", O_WRONLY | O_APPEND | O_CREAT);
    if (file >= 0) {
        void *mapped =
            REAL(mmap)(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        control = mapped == MAP_FAILED ? NULL : mapped;
        if (control) {
            find_server();
        }
        (void)dl_iterate_phdr(find_given, NULL);
        (void)pthread_atfork(NULL, NULL, become_child);
        (void)REAL(close)(file);
    }
}

static uint64_t throw_dice(void)
{
    uint64_t x = atomic_fetch_add(&dice, 0x9e3779b97f4a7c15U);

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

static bool its_turn(struct rule *rule)
{
    int64_t after = atomic_load(&rule->after);

    if (after <= 0) {
        return false;
    }
    if (after == 1 && atomic_load(&rule->forever)) {
        return true;
    }
    return atomic_fetch_sub(&rule->after, 1) == 1;
}

static bool fails(enum kind kind)
{
    if (!control) {
        return false;
    }
    struct rule *rule = &control->rules[kind];
    int64_t chance = atomic_load(&rule->chance);
    atomic_fetch_add(&rule->calls, 1);
    bool hit = its_turn(rule) || (chance > 0 && (int64_t)(throw_dice() % 1000000) < chance);
    if (hit) {
        atomic_fetch_add(&rule->hits, 1);
        errno = (int)atomic_load(&rule->error);
    }
    return hit;
}

static enum file file_named(const char *path)
{
    size_t length = strlen(path);

    if (length >= 9 && strcmp(path + length - 9, "signet.db") == 0) {
        return DATABASE;
    }
    return length >= 13 && strcmp(path + length - 13, "signet.db-wal") == 0 ? LOG : OTHER;
}

static enum file file_at(int descriptor)
{
    return descriptor >= 0 && descriptor < DESCRIPTORS ? atomic_load(&files[descriptor]) : OTHER;
}

static bool is_store(enum file file)
{
    return file == DATABASE || file == LOG;
}

static void note_file(int descriptor, enum file file)
{
    if (descriptor >= 0 && descriptor < DESCRIPTORS) {
        atomic_store(&files[descriptor], (unsigned char)file);
    }
}

/* Writes a change down. What is done and what is written down are in the same order, so the lock is
 * held over both. */
static void record(const struct record *what, const void *bytes)
{
    struct iovec parts[] = {
        {(void *)(uintptr_t)what,  sizeof *what                    },
        {(void *)(uintptr_t)bytes, bytes ? (size_t)what->length : 0}
    };

    if (recorder >= 0 && is_store((enum file)what->file)) {
        (void)!writev(recorder, parts, bytes ? 2 : 1);
        if (control) {
            atomic_fetch_add(&control->position, 1);
        }
    }
}

/* Files */

static int open_noted(int opened, const char *path)
{
    note_file(opened, file_named(path));
    return opened;
}

static bool open_fails(const char *path)
{
    return file_named(path) != OTHER && fails(OPEN);
}

#define DEFINE_OPEN(name)                                                                          \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        unsigned mode = va_arg(list, unsigned);                                                    \
        va_end(list);                                                                              \
        return open_fails(path) ? -1 : open_noted(REAL(name)(path, flags, mode), path);            \
    }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

int close(int descriptor)
{
    note_file(descriptor, OTHER);
    return REAL(close)(descriptor);
}

typedef ssize_t write_function(int descriptor, const void *bytes, size_t size, off_t at);

static ssize_t write_store(write_function *write_real, int descriptor, struct iovec bytes, off_t at)
{
    enum file file = file_at(descriptor);

    if (!is_store(file)) {
        return write_real(descriptor, bytes.iov_base, bytes.iov_len, at);
    }
    if (fails(WRITE)) {
        return -1;
    }
    if (bytes.iov_len > 1 && fails(SHORT)) {
        bytes.iov_len /= 2;
    }
    (void)pthread_mutex_lock(&recording);
    ssize_t written = write_real(descriptor, bytes.iov_base, bytes.iov_len, at);
    if (written > 0) {
        record(&(struct record){WRITE, file, at, written}, bytes.iov_base);
    }
    (void)pthread_mutex_unlock(&recording);
    return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t at)
{
    struct iovec part = {(void *)(uintptr_t)bytes, size};

    return write_store(REAL(pwrite), descriptor, part, at);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off64_t at)
{
    struct iovec part = {(void *)(uintptr_t)bytes, size};

    return write_store(REAL(pwrite64), descriptor, part, at);
}

ssize_t pread(int descriptor, void *bytes, size_t size, off_t at)
{
    bool failed = is_store(file_at(descriptor)) && fails(READ);

    return failed ? -1 : REAL(pread)(descriptor, bytes, size, at);
}

ssize_t pread64(int descriptor, void *bytes, size_t size, off64_t at)
{
    bool failed = is_store(file_at(descriptor)) && fails(READ);

    return failed ? -1 : REAL(pread64)(descriptor, bytes, size, at);
}

/* A sync that fails has not reached the disk, and is written down under a name that no other record
 * has. One that is written down need not reach the disk. */
static int sync_store(int (*sync_real)(int), int descriptor)
{
    enum file file = file_at(descriptor);

    bool failed = is_store(file) && fails(SYNC);
    int error = errno;
    if (!failed && (!is_store(file) || recorder < 0)) {
        return sync_real(descriptor);
    }
    (void)pthread_mutex_lock(&recording);
    record(&(struct record){failed ? READ : SYNC, file, 0, 0}, NULL);
    (void)pthread_mutex_unlock(&recording);
    errno = error;
    return failed ? -1 : 0;
}

int fsync(int descriptor)
{
    return sync_store(REAL(fsync), descriptor);
}

int fdatasync(int descriptor)
{
    return sync_store(REAL(fdatasync), descriptor);
}

static int truncate_store(int (*truncate_real)(int, off_t), int descriptor, off_t size)
{
    if (file_at(descriptor) != OTHER && fails(TRUNCATE)) {
        return -1;
    }
    (void)pthread_mutex_lock(&recording);
    int status = truncate_real(descriptor, size);
    if (status == 0) {
        record(&(struct record){TRUNCATE, file_at(descriptor), size, 0}, NULL);
    }
    (void)pthread_mutex_unlock(&recording);
    return status;
}

int ftruncate(int descriptor, off_t size)
{
    return truncate_store(REAL(ftruncate), descriptor, size);
}

int ftruncate64(int descriptor, off64_t size)
{
    return truncate_store(REAL(ftruncate64), descriptor, size);
}

int unlink(const char *path)
{
    if (file_named(path) != OTHER && fails(UNLINK)) {
        return -1;
    }
    (void)pthread_mutex_lock(&recording);
    int status = REAL(unlink)(path);
    if (status == 0) {
        record(&(struct record){UNLINK, file_named(path), 0, 0}, NULL);
    }
    (void)pthread_mutex_unlock(&recording);
    return status;
}

/* Memory. Two libraries get what they ask for, as their failures are none that Signet could do
 * anything about: OpenSSL, since cjose 0.6.2 does not look at what ECDSA_SIG_new gave, and
 * libseccomp 2.5.4, which does not look at what it was given while it makes the filter of calls. */

static const char *const given[] = {"libcrypto", "libseccomp"};

static struct {
    uintptr_t begin, end;
} given_to[sizeof given / sizeof *given];

static int find_given(struct dl_phdr_info *library, size_t size, void *nothing)
{
    (void)size;
    (void)nothing;
    for (size_t at = 0; at < sizeof given / sizeof *given; at++) {
        for (int i = 0; strstr(library->dlpi_name, given[at]) && i < library->dlpi_phnum; i++) {
            const ElfW(Phdr) *part = &library->dlpi_phdr[i];
            if (part->p_type == PT_LOAD && (part->p_flags & PF_X)) {
                given_to[at].begin = library->dlpi_addr + part->p_vaddr;
                given_to[at].end = given_to[at].begin + part->p_memsz;
            }
        }
    }
    return 0;
}

static bool has_no_memory_for(const void *caller)
{
    for (size_t at = 0; at < sizeof given / sizeof *given; at++) {
        if ((uintptr_t)caller >= given_to[at].begin && (uintptr_t)caller < given_to[at].end) {
            return false;
        }
    }
    return fails(ALLOCATE);
}

void *mmap(void *at, size_t size, int access, int flags, int descriptor, off_t offset)
{
    return fails(MAP) ? MAP_FAILED : REAL(mmap)(at, size, access, flags, descriptor, offset);
}

void *mmap64(void *at, size_t size, int access, int flags, int descriptor, off64_t offset)
{
    return fails(MAP) ? MAP_FAILED : REAL(mmap64)(at, size, access, flags, descriptor, offset);
}

/* How many blocks are out, so that a test sees what never comes back. */
static void *counted(void *memory)
{
    if (is_server && memory) {
        atomic_fetch_add_explicit(&control->blocks, 1, memory_order_relaxed);
    }
    return memory;
}

void *malloc(size_t size)
{
    return has_no_memory_for(__builtin_return_address(0)) ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return has_no_memory_for(__builtin_return_address(0)) ? NULL
                                                          : counted(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
    if (has_no_memory_for(__builtin_return_address(0))) {
        return NULL;
    }
    void *moved = __libc_realloc(memory, size);
    return memory ? moved : counted(moved);
}

void *memalign(size_t alignment, size_t size)
{
    return has_no_memory_for(__builtin_return_address(0))
               ? NULL
               : counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return has_no_memory_for(__builtin_return_address(0))
               ? NULL
               : counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
    if (has_no_memory_for(__builtin_return_address(0))) {
        return ENOMEM;
    }
    *ret = counted(__libc_memalign(alignment, size));
    return *ret ? 0 : ENOMEM;
}

void free(void *memory)
{
    if (is_server && memory) {
        atomic_fetch_sub_explicit(&control->blocks, 1, memory_order_relaxed);
    }
    __libc_free(memory);
}

/* Chance and time */

ssize_t getrandom(void *memory, size_t size, unsigned flags)
{
    return fails(RANDOM) ? -1 : REAL(getrandom)(memory, size, flags);
}

static int64_t shift(void)
{
    return control ? atomic_load(&control->clock_ms) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
    int status = REAL(clock_gettime)(clock, ret);

    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t nanoseconds = ret->tv_nsec + shift() % 1000 * 1000000;
        int64_t carry = nanoseconds < 0 ? -1 : nanoseconds / 1000000000;
        ret->tv_sec += shift() / 1000 + carry;
        ret->tv_nsec = nanoseconds - carry * 1000000000;
    }
    return status;
}

time_t time(time_t *ret)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (ret) {
        *ret = now.tv_sec;
    }
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    *ret = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

/* Statements. What fails has not been run; after a failure of the disk SQLite has often rolled all
 * back by itself, so that is done too. A roll-back never fails. */

static _Thread_local struct {
    sqlite3 *db;
    int code;
} pretended;

static bool statement_fails(sqlite3_stmt *statement)
{
    const char *sql = control ? REAL(sqlite3_sql)(statement) : NULL;

    return sql && !strstr(sql, "ROLLBACK") && fails(STATEMENT);
}

int sqlite3_step(sqlite3_stmt *statement)
{
    pretended.db = NULL;
    if (!statement_fails(statement)) {
        return REAL(sqlite3_step)(statement);
    }
    sqlite3 *db = REAL(sqlite3_db_handle)(statement);
    int code = (int)atomic_load(&control->rules[STATEMENT].error);
    if ((code & 0xff) == SQLITE_IOERR && !REAL(sqlite3_get_autocommit)(db)) {
        (void)REAL(sqlite3_exec)(db, "ROLLBACK", NULL, NULL, NULL);
    }
    pretended.db = db;
    pretended.code = code;
    return code;
}

int sqlite3_extended_errcode(sqlite3 *db)
{
    return pretended.db == db ? pretended.code : REAL(sqlite3_extended_errcode)(db);
}

/* Calls to other services: whatever goes over a socket that we connected ourselves. */

int connect(int descriptor, __CONST_SOCKADDR_ARG address, socklen_t size)
{
    sa_family_t family = address.__sockaddr__->sa_family;
    bool leads_out = family == AF_INET || family == AF_INET6;

    if (leads_out) {
        note_file(descriptor, OUTSIDE);
    }
    return leads_out && fails(CONNECT) ? -1 : REAL(connect)(descriptor, address, size);
}

ssize_t send(int descriptor, const void *bytes, size_t size, int flags)
{
    bool failed = file_at(descriptor) == OUTSIDE && fails(SEND);

    return failed ? -1 : REAL(send)(descriptor, bytes, size, flags);
}

ssize_t recv(int descriptor, void *bytes, size_t size, int flags)
{
    bool failed = file_at(descriptor) == OUTSIDE && fails(RECEIVE);

    return failed ? -1 : REAL(recv)(descriptor, bytes, size, flags);
}

/* A service that would promise less: for the proof that a loss is seen. */
int sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
                 void *with, char **message)
{
    static const char *const levels[] = {
        [NORMAL] = "PRAGMA synchronous = NORMAL", [OFF] = "PRAGMA synchronous = OFF"};
    int code = REAL(sqlite3_exec)(db, sql, row, with, message);
    int64_t level = control ? atomic_load(&control->level) : AS_ASKED;

    if (code == SQLITE_OK && level != AS_ASKED && strstr(sql, "synchronous = FULL")) {
        code = REAL(sqlite3_exec)(db, levels[level], NULL, NULL, NULL);
    }
    return code;
}
