/* Pages of the list of users, over and over: what one costs in processor time.
 *   roster-reads DIRECTORY SECONDS first|middle|last|any|DIGITS OF
 * any: one of so many pages, evenly spread. DIGITS: a search for `user` and so many digits, one of
 * so many, evenly spread. */
#include "base/arena.h"
#include "base/moment.h"
#include "base/number.h"
#include "domain/roster.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    LIMIT = 20,
    WARM_UP = 1000,
    KEEP = 65536,
    ARENA_MOST = 1 << 24,
    DIGITS_MOST = 7,
    OF_MOST = 10000000
};

enum place {
    PLACE_FIRST,
    PLACE_MIDDLE,
    PLACE_LAST,
    PLACE_ANY
};

struct run {
    struct seat *seat;
    struct arena *arena;
    enum place place;
    int64_t digits, end; /* of a search: how many, and one more than they can say */
    int64_t of;
    int64_t length; /* of the list, once it is known */
    int64_t calls, rows;
    unsigned chance;
};

static void store_close_at(struct store **store)
{
    store_close(*store);
}

static void seat_close_at(struct seat **seat)
{
    seat_close(*seat);
}

static int64_t one_of(struct run *run, int64_t all)
{
    return rand_r(&run->chance) % run->of * all / run->of;
}

static int64_t offset(struct run *run)
{
    int64_t last = run->length > LIMIT ? run->length - LIMIT : 0;

    switch (run->place) {
    case PLACE_FIRST:
        return 0;
    case PLACE_MIDDLE:
        return last / 2;
    case PLACE_LAST:
        return last;
    case PLACE_ANY:
        return one_of(run, last);
    }
    return 0;
}

static enum err one_page(struct run *run)
{
    struct roster_query query = {.limit = LIMIT, .beginning = STR("")};
    struct ctx ctx = {.arena = run->arena};
    struct roster_page page;

    if (run->digits > 0) {
        TRY(arena_print(run->arena, &query.beginning, "user%0*lld", (int)run->digits,
                        (long long)one_of(run, run->end)));
    } else {
        query.offset = offset(run);
    }
    TRY(tx_begin(run->seat, TX_READ, run->arena, &ctx.tx));
    enum err err = roster_page(&ctx, &query, &page);
    tx_rollback(ctx.tx);
    if (err == ERR_OK) {
        run->length = page.total;
        run->rows += (int64_t)page.count;
        run->calls++;
    }
    arena_reset(run->arena);
    return err;
}

static int64_t own_ns(void)
{
    struct timespec spent;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return spent.tv_sec * 1000000000 + spent.tv_nsec;
}

static enum err measure(struct run *run, int64_t seconds)
{
    for (int i = 0; i < WARM_UP; i++) {
        TRY(one_page(run));
    }
    run->calls = run->rows = 0;
    int64_t until = monotonic_ns() + seconds * 1000000000, before = own_ns();
    while (monotonic_ns() < until) {
        TRY(one_page(run));
    }
    double each = (double)(own_ns() - before) / 1000 / (double)run->calls;
    printf("{\"calls\": %lld, \"rows\": %.2f, \"cpu_us\": %.3f}\n", (long long)run->calls,
           (double)run->rows / (double)run->calls, each);
    return ERR_OK;
}

static enum err open_and_measure(const char *directory, struct run *run, int64_t seconds)
{
    const struct store_settings settings = {
        .url = STR("sqlite:signet.db"), .busy_ms = 5000, .cache_bytes = 8 << 20};
    CLEANUP(store_close_at) struct store *store = NULL;
    CLEANUP(seat_close_at) struct seat *seat = NULL;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, ARENA_MOST);
    struct reason reason = {0};

    if (!arena) {
        return ERR_MEMORY;
    }
    TRY(store_open(&settings, str_of(directory), &reason, &store));
    TRY(seat_open(store, &seat));
    run->seat = seat;
    run->arena = arena;
    return measure(run, seconds);
}

static bool read_kind(struct str kind, struct run *run)
{
    static const struct str places[] = {
        [PLACE_FIRST] = {"first",  5},
        [PLACE_MIDDLE] = {"middle", 6},
        [PLACE_LAST] = {"last",   4},
        [PLACE_ANY] = {"any",    3}
    };

    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (str_eq(kind, places[i])) {
            run->place = (enum place)i;
            return true;
        }
    }
    if (number_parse(kind, 1, DIGITS_MOST, &run->digits) != ERR_OK) {
        return false;
    }
    run->end = 1;
    for (int64_t i = 0; i < run->digits; i++) {
        run->end *= 10;
    }
    return true;
}

int main(int count, char **arguments)
{
    struct run run = {.chance = 1};
    int64_t seconds;

    if (count != 5 || number_parse(str_of(arguments[2]), 1, 600, &seconds) != ERR_OK ||
        !read_kind(str_of(arguments[3]), &run) ||
        number_parse(str_of(arguments[4]), 1, OF_MOST, &run.of) != ERR_OK) {
        (void)fputs("usage: roster-reads DIRECTORY SECONDS first|middle|last|any|DIGITS OF\n",
                    stderr);
        return 2;
    }
    enum err err = open_and_measure(arguments[1], &run, seconds);
    if (err != ERR_OK) {
        (void)fprintf(stderr, "roster-reads: %s\n", err_name(err));
        return 1;
    }
    return 0;
}
