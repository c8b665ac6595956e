/* Stands in for libFuzzer where there is none: runs the harness over every file of a corpus. */
#include "fuzz/harness.h"

#include <unistd.h>

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

enum {
    INPUT_MOST = 1 << 20
};

/* Hands the input over in memory that ends where it does: behind it is a page that nobody may read,
 * so that a read too far ends the program without any sanitizer. */
static bool replay_exactly(const char *input, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (size + page - 1) / page * page;
    char *memory =
        mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED || mprotect(memory + room, page, PROT_NONE) != 0) {
        return false;
    }
    char *exact = memory + room - size;
    memcpy(exact, input, size);
    bool done = LLVMFuzzerTestOneInput((const uint8_t *)exact, size) == 0;
    return munmap(memory, room + page) == 0 && done;
}

static bool replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *input = malloc(INPUT_MOST);
    bool done = false;

    if (file && input) {
        size_t size = fread(input, 1, INPUT_MOST, file);
        done = !ferror(file) && replay_exactly(input, size);
    }
    if (!done) {
        perror(path);
    }
    free(input);
    if (file) {
        (void)fclose(file);
    }
    return done;
}

int main(int count, char **arguments)
{
    DIR *corpus = count == 2 ? opendir(arguments[1]) : NULL;
    int replayed = 0;

    if (!corpus) {
        (void)fprintf(stderr, "usage: %s CORPUS\n", arguments[0]);
        return 2;
    }
    for (struct dirent *entry = readdir(corpus); entry; entry = readdir(corpus)) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", arguments[1], entry->d_name);
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (!replay_file(path)) {
            (void)closedir(corpus);
            return 1;
        }
        replayed++;
    }
    (void)closedir(corpus);
    printf("%d inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1; /* an empty corpus proves nothing */
}
