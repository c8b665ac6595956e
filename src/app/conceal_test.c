#include "app/conceal.h"
#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void no_core_is_dumped_and_no_neighbour_reads_the_memory(void **state)
{
    (void)state;
    struct rlimit limit;

    conceal_memory();
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 0);
    assert_int_equal(limit.rlim_max, 0);
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

static void secrets_are_written_over_and_still_read(void **state)
{
    (void)state;
    static const char *const given[][2] = {
        {"mail.password=hush",                   "mail.password=xxxx"                  },
        {"--set=face.edge.token_secret=hu=sh",   "--set=face.edge.token_secret=xxxxx"  },
        {"-sprovider.google.client_secret=hush", "-sprovider.google.client_secret=xxxx"},
        {"store.url=postgresql://u:p@h/d",       "store.url=postgresql://u:x@h/d"      },
        {"postgresql://u:pw@h/d?password=pw",    "postgresql://u:xx@h/d?password=xx"   },
        {"password.memory=8192",                 "password.memory=8192"                },
        {"mail.password_file=/etc/pw",           "mail.password_file=/etc/pw"          },
        {"mail.password=",                       "mail.password="                      },
        {"mail.password",                        "mail.password"                       },
        {"--set",                                "--set"                               },
        {"-s",                                   "-s"                                  },
        {"",                                     ""                                    },
    };

    for (size_t i = 0; i < ARRAY_LEN(given); i++) {
        char word[64], *arguments[] = {word, NULL};
        (void)stpcpy(word, given[i][0]);
        char **copy = conceal_arguments(1, arguments);
        assert_non_null(copy);
        assert_string_equal(copy[0], given[i][0]);
        assert_null(copy[1]);
        assert_string_equal(word, given[i][1]);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_core_is_dumped_and_no_neighbour_reads_the_memory),
        cmocka_unit_test(secrets_are_written_over_and_still_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
