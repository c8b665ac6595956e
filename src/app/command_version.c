/* signet version. */
#include "app/commands.h"
#include "crypto/digest.h"
#include "crypto/jose.h"
#include "crypto/password.h"
#include "store/sqlite.h"
#include "text/email.h"
#include "wire/json.h"

#include <unistd.h>

#include <stdio.h>

struct library {
    const char *name;
    const char *(*version)(void); /* asked of the library itself, as it was loaded */
};

static const struct library libraries[] = {
    {"SQLite",    sqlite_library  },
    {"OpenSSL",   digest_library  },
    {"libsodium", password_library},
    {"cjose",     jose_library    },
    {"jansson",   json_library    },
    {"libidn2",   email_library   },
};

static void print_libraries(void)
{
    char libc[64] = "";

    (void)confstr(_CS_GNU_LIBC_VERSION, libc, sizeof libc);
    (void)puts(libc);
    for (size_t i = 0; i < ARRAY_LEN(libraries); i++) {
        (void)printf("%s %s\n", libraries[i].name, libraries[i].version());
    }
}

static int run(const struct command_line *line)
{
    (void)puts("signet " SIGNET_VERSION);
    if (line->full) {
        print_libraries();
    }
    return STATUS_OK;
}

const struct command command_version = {
    .chapter = "Looking after it",
    .name = "version",
    .arguments = "",
    .help = "Print the version",
    .takes = TAKES_FULL,
    .run = run,
};
