#include "base/check.h"
#include "web/device.h"
#include "web/mock.h"

static void the_cookie_comes_back_as_it_was_given(void **state)
{
    static struct mock mock;
    static char pair[256];

    (void)state;
    mock_make(&mock);
    assert_false(str_is_set(device_shown(&mock.call)));
    device_remember(&mock.call, STR("0123456789abcdef"));
    const char *cookie = mock_header(&mock, "Set-Cookie");
    assert_non_null(cookie);
    (void)snprintf(pair, sizeof pair, "%.*s", (int)strcspn(cookie, ";"), cookie);
    mock_send_header(&mock, "Cookie", pair);
    assert_str(device_shown(&mock.call), "0123456789abcdef");
    mock_destroy(&mock);
}

static void the_cookie_is_for_this_host_alone_and_never_for_scripts(void **state)
{
    static const char *const attributes[] = {"; Path=/", "; Secure", "; HttpOnly",
                                             "; SameSite=Strict", "; Max-Age=31536000"};
    static struct mock mock;

    (void)state;
    mock_make(&mock);
    device_remember(&mock.call, STR("0123456789abcdef"));
    const char *cookie = mock_header(&mock, "Set-Cookie");
    assert_memory_equal(cookie, "__Host-", 7);
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
        assert_non_null(strstr(cookie, attributes[i]));
    }
    assert_null(strstr(cookie, "Domain"));
    mock_destroy(&mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cookie_comes_back_as_it_was_given),
        cmocka_unit_test(the_cookie_is_for_this_host_alone_and_never_for_scripts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
