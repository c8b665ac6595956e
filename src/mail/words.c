/* Words, by language. */
#include "mail/words.h"

#include "base/buf.h"

enum {
    MINUTE = 60,
    HOUR = 60 * MINUTE,
    DAY = 24 * HOUR
};

static const struct unit {
    int64_t seconds, from; /* used from so many seconds on */
    const char *one, *many;
} english[] = {
    {DAY,    2 * DAY,    "day",    "days"   },
    {HOUR,   2 * HOUR,   "hour",   "hours"  },
    {MINUTE, 2 * MINUTE, "minute", "minutes"},
    {1,      0,          "second", "seconds"},
};

static const struct {
    const char *language;
    const struct unit *units;
    size_t count;
} languages[] = {
    {"en", english, ARRAY_LEN(english)},
};

void words_duration(struct buf *out, struct str language, int64_t seconds)
{
    size_t at = 0, unit = 0;

    while (at + 1 < ARRAY_LEN(languages) && !str_eq(str_of(languages[at].language), language)) {
        at++;
    }
    while (unit + 1 < languages[at].count && seconds < languages[at].units[unit].from) {
        unit++;
    }
    const struct unit *found = &languages[at].units[unit];
    int64_t count = seconds / found->seconds;
    buf_put_int(out, count);
    buf_put_char(out, ' ');
    buf_put(out, str_of(count == 1 ? found->one : found->many));
}
