#include "base/check.h"
#include "text/url.h"

#include <string.h>

static void an_address_of_a_picture_is_taken(void **state)
{
    (void)state;
    static const char *const fine[] = {
        "https://example.com",
        "https://example.com/logo.png",
        "https://cdn.example.com:8443/a%20b.svg?v=1&w=2#top",
        "https://localhost/logo.png",
        "https://192.0.2.1/logo.png",
        "https://xn--bcher-kva.example",
        "https://EXAMPLE.com/Logo.PNG",
    };

    for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
        assert_true(url_is_https(str_of(fine[i])));
    }
}

static void what_is_none_or_could_do_harm_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "https://",
        "https:///logo.png",
        "http://example.com/logo.png",
        "HTTPS://example.com",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//example.com/logo.png",
        "https://user:word@example.com/",
        "https://user@example.com/",
        "https://example.com:/",
        "https://example.com:port/",
        "https://example.com:123456/",
        "https://example.com:65536/",
        "https://example.com:0/",
        "https://-example.com/",
        "https://example..com/",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/\"onerror=\"",
        "https://example.com/<script>",
        "https://example.com/\\",
        "https://example.com/\n",
        "https://b\u00fccher.example/",
        "https://[::1]/",
    };
    char many[URL_MOST + 2];

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_false(url_is_https(str_of(wrong[i])));
    }
    memset(many, 'a', sizeof many);
    memcpy(many, "https://example.com/", 20);
    assert_true(url_is_https((struct str){many, URL_MOST}));
    assert_false(url_is_https((struct str){many, URL_MOST + 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_of_a_picture_is_taken),
        cmocka_unit_test(what_is_none_or_could_do_harm_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
