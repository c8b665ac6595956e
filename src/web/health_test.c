#include "base/check.h"
#include "base/moment.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "web/health.h"

/* Whether all is well when the feed was read through so long ago. */
static bool is_well_after(int64_t ms)
{
    struct service service = {.feed = 0};
    struct call call = {.ctx.service = &service};

    assert_ok(standing_create(&service.standing));
    standing_read_through(service.standing, monotonic_ms() - ms);
    bool well = health_store_is_reachable(&call);
    standing_destroy(service.standing);
    return well;
}

static void the_store_is_there_while_the_feed_is_read(void **state)
{
    (void)state;
    assert_true(is_well_after(0));
    assert_true(is_well_after(1000));
}

static void the_store_is_gone_two_seconds_after_the_feed_was_last_read(void **state)
{
    (void)state;
    assert_false(is_well_after(2001));
    assert_false(is_well_after(60000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_store_is_there_while_the_feed_is_read),
        cmocka_unit_test(the_store_is_gone_two_seconds_after_the_feed_was_last_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
