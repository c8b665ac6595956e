/* Days: one is real exactly where its midnight is a point in time, but for the year 0, which was
 * none. */
#include "text/date.h"

#include "base/arena.h"
#include "base/moment.h"
#include "fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 24);
    struct str text = {(const char *)data, size}, midnight;
    struct moment at;

    if (size != 10 || str_contains(text, '\0')) {
        PROMISE(!date_is_real(text));
        return 0;
    }
    PROMISE(arena_print(arena, &midnight, "%.*sT00:00:00Z", STR_ARG(text)) == ERR_OK);
    bool there = moment_parse(midnight, &at) == ERR_OK && !str_starts(text, STR("0000"));
    PROMISE(date_is_real(text) == there);
    return 0;
}
