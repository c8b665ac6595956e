/* Clocks and calendar. */
#include "base/moment.h"

#include "base/buf.h"

#include <time.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now); /* cannot fail for the two clocks asked here */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct moment moment_now(void)
{
    return (struct moment){read_clock(CLOCK_REALTIME) / 1000000};
}

int64_t monotonic_ms(void)
{
    return monotonic_ns() / 1000000;
}

int64_t monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

struct moment moment_plus(struct moment at, int64_t seconds)
{
    return (struct moment){at.ms + seconds * 1000};
}

bool moment_before(struct moment a, struct moment b)
{
    return a.ms < b.ms;
}

bool moment_is_set(struct moment at)
{
    return at.ms != 0;
}

int64_t moment_seconds(struct moment at)
{
    return at.ms >= 0 ? at.ms / 1000 : (at.ms - 999) / 1000;
}

static struct tm calendar(struct moment at)
{
    time_t seconds = (time_t)moment_seconds(at);
    struct tm day = {0};

    (void)gmtime_r(&seconds, &day); /* fails only beyond the year 2^31 */
    return day;
}

/* `digits` digits, at most four, with zeros in front; printf would take longer than the rest of an
 * answer that tells the time. */
static void put_digits(struct buf *out, int number, size_t digits)
{
    char text[4];

    for (size_t at = digits; at > 0; at--) {
        text[at - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    buf_put(out, (struct str){text, digits});
}

/* One of the parts after the first, with what stands before it. */
static void put_part(struct buf *out, char before, int number)
{
    buf_put_char(out, before);
    put_digits(out, number, 2);
}

void moment_print(struct buf *out, struct moment at, enum moment_form form)
{
    struct tm day = calendar(at);
    int millis = (int)(at.ms - moment_seconds(at) * 1000);

    put_digits(out, day.tm_year + 1900, 4);
    put_part(out, '-', day.tm_mon + 1);
    put_part(out, '-', day.tm_mday);
    put_part(out, 'T', day.tm_hour);
    put_part(out, ':', day.tm_min);
    put_part(out, ':', day.tm_sec);
    if (form != MOMENT_SECONDS) {
        buf_put_char(out, '.');
        put_digits(out, millis, 3);
    }
    buf_put(out, form == MOMENT_SEVENTHS ? STR("0000") : STR("Z"));
}

void moment_print_http(struct buf *out, struct moment at)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm day = calendar(at);

    buf_print(out, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[day.tm_wday], day.tm_mday,
              months[day.tm_mon], day.tm_year + 1900, day.tm_hour, day.tm_min, day.tm_sec);
}

/* Reads exactly `digits` digits at `at`; -1 if one of them is none. */
static int number_at(struct str text, size_t at, size_t digits)
{
    int number = 0;

    for (size_t i = at; i < at + digits; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return -1;
        }
        number = number * 10 + (text.ptr[i] - '0');
    }
    return number;
}

static bool has_shape(struct str text, struct str shape)
{
    if (text.len != shape.len) {
        return false;
    }
    for (size_t i = 0; i < shape.len; i++) {
        bool digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        if (shape.ptr[i] == '0' ? !digit : text.ptr[i] != shape.ptr[i]) {
            return false;
        }
    }
    return true;
}

enum err moment_parse(struct str text, struct moment *ret)
{
    bool millis = has_shape(text, STR("0000-00-00T00:00:00.000Z"));

    if (!millis && !has_shape(text, STR("0000-00-00T00:00:00Z"))) {
        return ERR_FIELD_VALUE;
    }
    struct tm day = {
        .tm_year = number_at(text, 0, 4) - 1900,
        .tm_mon = number_at(text, 5, 2) - 1,
        .tm_mday = number_at(text, 8, 2),
        .tm_hour = number_at(text, 11, 2),
        .tm_min = number_at(text, 14, 2),
        .tm_sec = number_at(text, 17, 2),
    };
    struct tm given = day;
    time_t seconds = timegm(&day);
    /* timegm carries 31 February over into March: what it changed was no date. */
    if (day.tm_mon != given.tm_mon || day.tm_mday != given.tm_mday ||
        day.tm_hour != given.tm_hour || day.tm_min != given.tm_min || day.tm_sec != given.tm_sec) {
        return ERR_FIELD_VALUE;
    }
    ret->ms = (int64_t)seconds * 1000 + (millis ? number_at(text, 20, 3) : 0);
    return ERR_OK;
}
