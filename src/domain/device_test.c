#include "base/arena.h"
#include "base/check.h"
#include "base/hex.h"
#include "domain/device.h"
#include "domain/fixture.h"

static const struct device_bond one = {{{1}}, {1000}}, other = {{{2}}, {1000}};

static struct str cookie_for(struct fixture *f, struct device_bond bond)
{
    struct str cookie;

    assert_ok(device_make(fixture_ctx(f), bond, &cookie));
    return cookie;
}

static void a_cookie_is_known_for_its_own_account_alone(void **state)
{
    struct fixture *f = *state;
    struct str cookie = cookie_for(f, one);

    assert_true(device_is_known(fixture_ctx(f), one, cookie));
    assert_false(device_is_known(fixture_ctx(f), other, cookie));
    assert_false(device_is_known(fixture_ctx(f), (struct device_bond){0}, cookie));
}

static void with_another_password_it_is_unknown(void **state)
{
    struct fixture *f = *state;
    struct str cookie = cookie_for(f, one);
    struct device_bond bond = one;

    bond.password_set.ms++;
    assert_false(device_is_known(fixture_ctx(f), bond, cookie));
    bond.password_set = (struct moment){0};
    assert_false(device_is_known(fixture_ctx(f), bond, cookie));
    struct str without = cookie_for(f, bond); /* of an account that has none yet */
    assert_true(device_is_known(fixture_ctx(f), bond, without));
    assert_false(device_is_known(fixture_ctx(f), one, without));
}

static void every_cookie_is_another_one(void **state)
{
    struct fixture *f = *state;

    assert_false(str_eq(cookie_for(f, one), cookie_for(f, one)));
    assert_int_equal(cookie_for(f, one).len, 96); /* 16 random bytes and a digest, in hexadecimal */
}

static void a_cookie_that_is_changed_anywhere_is_unknown(void **state)
{
    struct fixture *f = *state;
    struct str cookie = cookie_for(f, one);
    char text[128];

    for (size_t i = 0; i < cookie.len; i++) {
        memcpy(text, cookie.ptr, cookie.len);
        text[i] = text[i] == '0' ? '1' : '0';
        assert_false(device_is_known(fixture_ctx(f), one, (struct str){text, cookie.len}));
        assert_false(device_is_known(fixture_ctx(f), one, str_sub(cookie, 0, i)));
    }
    memcpy(text, cookie.ptr, cookie.len);
    text[cookie.len] = '0';
    assert_false(device_is_known(fixture_ctx(f), one, (struct str){text, cookie.len + 1}));
}

static void a_cookie_has_one_spelling(void **state)
{
    struct fixture *f = *state;
    struct str cookie = cookie_for(f, one);
    char text[128];

    for (size_t i = 0; i < cookie.len; i++) {
        if (cookie.ptr[i] >= 'a') {
            memcpy(text, cookie.ptr, cookie.len);
            text[i] = (char)(text[i] - 'a' + 'A');
            assert_int_equal(hex_digit(text[i]), hex_digit(cookie.ptr[i]));
            assert_false(device_is_known(fixture_ctx(f), one, (struct str){text, cookie.len}));
        }
    }
}

static void what_is_no_cookie_is_unknown(void **state)
{
    struct fixture *f = *state;
    static char garbage[96];

    memset(garbage, 'g', sizeof garbage);
    assert_false(device_is_known(fixture_ctx(f), one, (struct str){garbage, sizeof garbage}));
    memset(garbage, 0, sizeof garbage);
    assert_false(device_is_known(fixture_ctx(f), one, (struct str){garbage, sizeof garbage}));
    memset(garbage, '0', sizeof garbage);
    assert_false(device_is_known(fixture_ctx(f), one, (struct str){garbage, sizeof garbage}));
    assert_false(device_is_known(fixture_ctx(f), one, STR("")));
    assert_false(device_is_known(fixture_ctx(f), one, (struct str){0}));
}

static void the_cookie_of_another_installation_is_unknown(void **state)
{
    struct fixture *f = *state;
    struct str cookie = cookie_for(f, one);

    f->service.devices.bytes[0] ^= 1;
    assert_false(device_is_known(fixture_ctx(f), one, cookie));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_cookie_is_known_for_its_own_account_alone),
        FIXTURE_TEST(with_another_password_it_is_unknown),
        FIXTURE_TEST(every_cookie_is_another_one),
        FIXTURE_TEST(a_cookie_that_is_changed_anywhere_is_unknown),
        FIXTURE_TEST(a_cookie_has_one_spelling),
        FIXTURE_TEST(what_is_no_cookie_is_unknown),
        FIXTURE_TEST(the_cookie_of_another_installation_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
