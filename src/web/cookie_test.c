#include "base/arena.h"
#include "base/check.h"
#include "web/away.h"
#include "web/cookie.h"
#include "web/mock.h"

#include <string.h>

static void a_cookie_is_for_this_host_alone_and_no_script(void **state)
{
    static struct mock mock;

    (void)state;
    mock_make(&mock);
    cookie_give(&mock.call, STR("__Host-x"), STR("value"), 600);
    assert_string_equal(mock_header(&mock, "Set-Cookie"),
                        "__Host-x=value; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
    mock_destroy(&mock);
}

static void one_that_is_too_long_is_not_cut(void **state)
{
    static const char longest[600];
    static struct mock mock;

    (void)state;
    mock_make(&mock);
    cookie_give(&mock.call, STR("__Host-x"), (struct str){longest, sizeof longest}, 600);
    assert_null(mock_header(&mock, "Set-Cookie"));
    mock_destroy(&mock);
}

/* What it does over a network, tests/faces/gateway/09_federation.test.js tries. */
static void nobody_is_asked_who_is_not_to_be_asked(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);
    static const struct outbound_request requests[] = {
        {.url = {"https://127.0.0.1:1/", 20}},
        {                                 .url = {"http://example.com/", 19}                                  },
        { .url = {"file:///etc/passwd", 18},                                   .loopback = true},
    };
    struct away *away;

    (void)state;
    assert_ok(away_create(&away));
    for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
        struct outbound_answer answer;
        struct reason reason = {0};
        const struct outbound *outbound = away_outbound(away);
        assert_err(outbound->fetch(outbound->with, arena, &requests[i], &reason, &answer),
                   ERR_PROVIDER);
        assert_true(reason.detail[0] != '\0');
    }
    away_destroy(away);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_is_for_this_host_alone_and_no_script),
        cmocka_unit_test(one_that_is_too_long_is_not_cut),
        cmocka_unit_test(nobody_is_asked_who_is_not_to_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
