/* What the kernel knows of this process, from /proc/self. */
#include "base/buf.h"
#include "base/moment.h"
#include "base/number.h"
#include "ops/metrics.h"

#include <unistd.h>

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

/* The descriptor that reads the folder is one of those in it. 0 without /proc. */
static int64_t open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int64_t count = 0;

    if (!folder) {
        return 0;
    }
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    (void)closedir(folder);
    return count - 1;
}

/* The start of a file of one line; no text without /proc. */
static struct str read_line(const char *path, char *memory, size_t size)
{
    FILE *file = fopen(path, "re");

    if (!file) {
        return (struct str){0};
    }
    struct str line = {memory, fread(memory, 1, size, file)};
    (void)fclose(file);
    (void)str_cut(line, '\n', &line, &(struct str){0});
    return line;
}

/* The word at `place`, counted from 0, as a number; 0 when there is none. */
static int64_t number_at(struct str line, int place)
{
    struct str word = {0};
    int64_t number = 0;

    for (int i = 0; i <= place; i++) {
        if (!str_next(&line, ' ', &word)) {
            return 0;
        }
    }
    return number_parse(word, 0, INT64_MAX, &number) == ERR_OK ? number : 0;
}

/* When this process was started, in clock ticks after boot. The fields are counted from the closing
 * parenthesis behind the program's name, which may hold anything itself. */
static int64_t start_ticks(void)
{
    enum {
        STARTED = 19
    };
    char memory[1024];
    struct str line = read_line("/proc/self/stat", memory, sizeof memory), name;

    while (str_contains(line, ')')) {
        (void)str_cut(line, ')', &name, &line);
    }
    return number_at(line, STARTED);
}

static int64_t start_seconds(void)
{
    struct timespec since_boot;

    (void)clock_gettime(CLOCK_BOOTTIME, &since_boot);
    int64_t age = (int64_t)since_boot.tv_sec - start_ticks() / sysconf(_SC_CLK_TCK);
    return moment_seconds(moment_now()) - age;
}

static void write_processor_time(struct buf *out)
{
    struct rusage used;

    (void)getrusage(RUSAGE_SELF, &used);
    int64_t micros = (int64_t)used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    int64_t seconds = (int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec + micros / 1000000;

    metrics_write_help(out, "process_cpu_seconds_total", "counter",
                       "Processor time used, user and system.");
    buf_print(out, "process_cpu_seconds_total %" PRId64 ".%06" PRId64 "\n", seconds,
              micros % 1000000);
}

static void write_gauge(struct buf *out, const char *name, const char *help, int64_t value)
{
    metrics_write_help(out, name, "gauge", help);
    metrics_write_value(out, name, NULL, value);
}

void metrics_process(void *object, struct buf *out)
{
    char memory[256];
    struct str pages = read_line("/proc/self/statm", memory, sizeof memory);
    int64_t page = sysconf(_SC_PAGESIZE);
    struct rlimit descriptors = {0};

    (void)object;
    (void)getrlimit(RLIMIT_NOFILE, &descriptors);
    write_processor_time(out);
    write_gauge(out, "process_resident_memory_bytes", "Memory in use.", number_at(pages, 1) * page);
    write_gauge(out, "process_virtual_memory_bytes", "Address space in use.",
                number_at(pages, 0) * page);
    write_gauge(out, "process_open_fds", "Open descriptors.", open_descriptors());
    write_gauge(out, "process_max_fds", "Most descriptors that may be open.",
                (int64_t)descriptors.rlim_cur);
    write_gauge(out, "process_start_time_seconds", "Start of the process, seconds since 1970.",
                start_seconds());
    metrics_write_help(out, "signet_build_info", "gauge", "The version that is running.");
    metrics_write_value(out, "signet_build_info", "version=\"" SIGNET_VERSION "\"", 1);
}
