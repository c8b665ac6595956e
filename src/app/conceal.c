/* Whoever can, keeps secrets in a file; whoever cannot, gets at least this. */
#include "app/conceal.h"

#include "app/config.h"
#include "ops/setting_value.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum {
    COVER = 'x'
};

void conceal_memory(void)
{
    const struct rlimit none = {0, 0};

    /* Neither fails for its own process. */
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* However it is written: --set NAME=VALUE, --set=NAME=VALUE, -sNAME=VALUE. */
static struct str setting_in(struct str word)
{
    struct str head, tail;

    if (str_starts(word, STR("--")) && str_cut(word, '=', &head, &tail)) {
        return tail;
    }
    return str_starts(word, STR("-s")) ? str_skip(word, 2) : word;
}

static void cover(char *word, struct str part)
{
    memset(word + (part.ptr - word), COVER, part.len);
}

static void cover_secrets(char *word)
{
    struct str setting = setting_in(str_of(word)), name, value, password;

    if (str_cut(setting, '=', &name, &value) && config_is_secret(name)) {
        cover(word, value);
    }
    for (struct str rest = str_of(word); (password = setting_password_in(rest)).len > 0;
         rest = str_of(password.ptr + password.len)) {
        cover(word, password);
    }
}

char **conceal_arguments(int count, char **arguments)
{
    size_t pointers = ((size_t)count + 1) * sizeof(char *), bytes = 0;

    for (int i = 0; i < count; i++) {
        bytes += strlen(arguments[i]) + 1;
    }
    char **copy = malloc(pointers + bytes);
    if (!copy) {
        return NULL;
    }
    char *at = (char *)copy + pointers;
    for (int i = 0; i < count; i++) {
        copy[i] = at;
        at = stpcpy(at, arguments[i]) + 1;
        cover_secrets(arguments[i]);
    }
    copy[count] = NULL;
    return copy;
}
