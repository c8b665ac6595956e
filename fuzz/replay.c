/* Stands in for libFuzzer where there is none: runs the harness over every file of a corpus. */
#include "fuzz/harness.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>

enum {
    INPUT_MOST = 1 << 20
};

/* Hands the input over in memory of exactly its size, so that a sanitizer sees a read behind it. */
static bool replay_exactly(const char *input, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);

    if (!exact) {
        return false;
    }
    memcpy(exact, input, size);
    bool done = LLVMFuzzerTestOneInput(exact, size) == 0;
    free(exact);
    return done;
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
