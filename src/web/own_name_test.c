#include "base/check.h"
#include "web/mock.h"
#include "web/own_name.h"
#include "web/web_private.h"

static struct web web;

static bool is_used(const char *host, const char *public_url)
{
    static struct mock mock;

    mock_make(&mock);
    web.plan.public_url = str_of(public_url);
    mock.call.web = &web;
    mock.x.request.host = str_of(host);
    bool used = own_name_is_used(&mock.call);
    mock_destroy(&mock);
    return used;
}

static void addresses_and_localhost_are_ours(void **state)
{
    (void)state;
    static const char *const ours[] = {
        "127.0.0.1", "127.0.0.1:8085", "10.1.2.3:80",        "[::1]",         "[fd00::1]:3007",
        "localhost", "LocalHost:8085", "dev.localhost:8085", "a.b.localhost",
    };

    for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
        assert_true(is_used(ours[i], NULL));
        assert_true(is_used(ours[i], "https://id.example.com"));
    }
}

static void a_strangers_name_is_not(void **state)
{
    (void)state;
    static const char *const strange[] = {
        "evil.example",
        "evil.example:8085",
        "localhost.evil.example",
        "evillocalhost",
        ".localhost",
        "localhost.",
        "127.0.0.1.evil.example",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "x.id.example.com",
        "id.example.com.",
        "id.example.com.evil.example",
        "idxexample.com",
        "example.com",
        "",
        "https://id.example.com",
        "id.example.com:443:1",
        "id.example.com/",
        NULL,
    };

    for (size_t i = 0; i < ARRAY_LEN(strange); i++) {
        assert_false(is_used(strange[i], NULL));
        assert_false(is_used(strange[i], ""));
        assert_false(is_used(strange[i], "https://id.example.com:8443/id"));
    }
}

static void the_host_of_the_public_url_is_ours_on_any_port(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "https://id.example.com",
        "https://id.example.com/",
        "http://ID.example.COM:8080",
        "https://id.example.com:8443/path/below",
    };

    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        assert_true(is_used("id.example.com", urls[i]));
        assert_true(is_used("Id.Example.Com:8085", urls[i]));
    }
    assert_true(is_used("ids:8080", "http://ids:8080"));
    assert_false(is_used("ids:8080", "http://ids.lan:8080"));
}

static void the_reason_names_the_host_and_the_setting(void **state)
{
    (void)state;
    static struct mock mock;

    mock_make(&mock);
    mock.x.request.host = STR("evil.example:8085");
    assert_err(own_name_refuse(&mock.call, ERR_TOKEN_MISSING), ERR_TOKEN_MISSING);
    assert_non_null(strstr(mock.call.ctx.reason.detail, "\"evil.example:8085\""));
    assert_non_null(strstr(mock.call.ctx.reason.detail, "http.public_url"));
    mock_destroy(&mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_and_localhost_are_ours),
        cmocka_unit_test(a_strangers_name_is_not),
        cmocka_unit_test(the_host_of_the_public_url_is_ours_on_any_port),
        cmocka_unit_test(the_reason_names_the_host_and_the_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
