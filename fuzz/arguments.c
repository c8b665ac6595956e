/* Command lines, a word a line: what is accepted fits the command's row, and what is not is told.
 */
#include "app/arguments.h"

#include "fuzz/harness.h"

#include <string.h>

enum {
    WORDS = 64
};

/* Cuts the copy into words; argv ends with NULL as the system's does. */
static int split(char *copy, char *words[WORDS + 2])
{
    int count = 0;

    words[count++] = copy; /* its own name comes first: any will do */
    for (char *at = strchr(copy, '\n'); at && count <= WORDS; at = strchr(at, '\n')) {
        *at++ = '\0';
        words[count++] = at;
    }
    words[count] = NULL;
    return count;
}

static void assert_fits(const struct command_line *line)
{
    const struct command *command = line->command;
    bool known = false;

    for (size_t i = 0; commands[i]; i++) {
        known = known || commands[i] == command;
    }
    PROMISE(line->help || line->version || known);
    PROMISE(line->word_count <= MOST_WORDS && line->options.set_count <= MOST_SETTINGS);
    if (line->help || line->version || !command) {
        return;
    }
    PROMISE((line->given & ~command->takes) == 0 && (command->needs & ~line->given) == 0);
    PROMISE(line->word_count >= command->least && line->word_count <= command->most);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = calloc(1, size + 1), *words[WORDS + 2];
    struct command_line *line = calloc(1, sizeof *line);
    struct reason reason = {0};

    PROMISE(copy && line);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    int count = split(copy, words);
    enum err e = arguments_read(count, words, line, &reason);
    PROMISE(e == ERR_OK || (e == ERR_CONFIG && reason.err == e && reason.detail[0] != '\0'));
    if (e == ERR_OK) {
        assert_fits(line);
    }
    free(line);
    free(copy);
    return 0;
}
