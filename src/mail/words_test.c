#include "base/buf.h"
#include "base/check.h"
#include "mail/words.h"

static void durations_are_told_as_a_person_would(void **state)
{
    static const struct {
        int64_t seconds;
        const char *words;
    } cases[] = {
        {1,      "1 second"  },
        {90,     "90 seconds"},
        {120,    "2 minutes" },
        {600,    "10 minutes"},
        {3600,   "60 minutes"},
        {7200,   "2 hours"   },
        {86400,  "24 hours"  },
        {604800, "7 days"    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char memory[64];
        struct buf out = buf_over(memory, sizeof memory);
        words_duration(&out, STR("en"), cases[i].seconds);
        assert_str(buf_str(&out), cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_told_as_a_person_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
