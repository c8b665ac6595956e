#include "base/check.h"
#include "http/host.h"

static void what_a_request_names_is_cut_out_of_host(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
        bool is_address;
    } right[] = {
        {"ids",                   "ids",              false},
        {"ids:8080",              "ids",              false},
        {"Id.Example.com:65535",  "Id.Example.com",   false},
        {"a_b.example.",          "a_b.example.",     false},
        {"1.2.3",                 "1.2.3",            false},
        {"192.0.2.1",             "192.0.2.1",        true },
        {"192.0.2.1:1",           "192.0.2.1",        true },
        {"[::1]",                 "::1",              true },
        {"[2001:db8::1]:8085",    "2001:db8::1",      true },
        {"[::ffff:192.0.2.1]:80", "::ffff:192.0.2.1", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(right); i++) {
        struct host host;
        assert_ok(host_parse(str_of(right[i].text), &host));
        assert_str(host.name, right[i].name);
        assert_int_equal(host.is_address, right[i].is_address);
    }
}

static void nothing_else_is_read(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",          ":80",         "a:",       "a:0",    "a:65536",   "a:080000", "a:b",
        "a:80:80",   "a b",         "a/b",      "a@b",    "a,b",       "a%62",     "::1",
        "[::1",      "::1]",        "[]",       "[::1]:", "[::1]80",   "[::1]:x",  "[192.0.2.1]",
        "[::1%25l]", "[localhost]", "[::g]:80", "\"a\"",  "a\xc3\xa4", "a?",       "[::1]]:80",
    };
    char text[300];
    struct host host;

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(host_parse(str_of(wrong[i]), &host), ERR_REQUEST_MALFORMED);
    }
    assert_err(host_parse(STR("a\0b"), &host), ERR_REQUEST_MALFORMED);
    memset(text, 'a', sizeof text);
    assert_ok(host_parse((struct str){text, 255}, &host));
    assert_err(host_parse((struct str){text, 262}, &host), ERR_REQUEST_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_request_names_is_cut_out_of_host),
        cmocka_unit_test(nothing_else_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
