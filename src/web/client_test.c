#include "base/arena.h"
#include "base/check.h"
#include "web/client.h"
#include "web/mock.h"
#include "web/web_private.h"

struct house {
    struct mock mock;
    struct web web;
};

static int make(void **state)
{
    static struct house house;

    mock_make(&house.mock);
    house.web = (struct web){.arena = arena_create(1024, 1 << 16)};
    assert_non_null(house.web.arena);
    assert_ok(network_list_parse(house.web.arena, STR("10.0.0.0/8 2001:db8:1::/48"), NULL,
                                 &house.web.proxies));
    assert_ok(network_list_parse(house.web.arena, STR("127.0.0.1 ::1"), NULL, &house.web.scrapers));
    house.mock.call.web = &house.web;
    *state = &house;
    return 0;
}

static int destroy(void **state)
{
    struct house *house = *state;

    arena_destroy(house->web.arena);
    mock_destroy(&house->mock);
    return 0;
}

/* The address of who sends these lines of X-Forwarded-For by `peer`. */
static enum err address_of(void **state, const char *peer, const char *first, const char *second,
                           struct str *ret)
{
    struct mock *mock = &((struct house *)*state)->mock;

    mock->x.request.peer = str_of(peer);
    mock->x.request.header_count = 0;
    mock->call.ctx.reason = (struct reason){0};
    if (first) {
        mock_send_header(mock, "x-forwarded-for", first);
        mock_send_header(mock, "X-Other", "198.51.100.99");
    }
    if (second) {
        mock_send_header(mock, "X-Forwarded-For", second);
    }
    return client_address(&mock->call, ret);
}

static void assert_from(void **state, const char *peer, const char *line, const char *expected)
{
    struct str address;

    assert_ok(address_of(state, peer, line, NULL, &address));
    assert_str(address, expected);
}

static void without_proxies_it_is_the_peer(void **state)
{
    assert_from(state, "192.0.2.7", NULL, "192.0.2.7");
    assert_from(state, "10.1.2.3", NULL, "10.1.2.3");
}

static void a_stranger_cannot_tell_us_who_they_are(void **state)
{
    assert_from(state, "192.0.2.7", "198.51.100.1", "192.0.2.7");
    assert_from(state, "192.0.2.7", "rubbish", "192.0.2.7");
    assert_from(state, "2001:db8:2::1", "198.51.100.1", "2001:db8:2::1");
}

static void behind_a_proxy_it_is_who_the_proxy_saw(void **state)
{
    assert_from(state, "10.1.2.3", "198.51.100.1", "198.51.100.1");
    assert_from(state, "2001:db8:1::9", "2001:db8:77::1", "2001:db8:77::1");
    assert_from(state, "::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1");
}

static void behind_several_it_is_the_nearest_that_is_none_of_ours(void **state)
{
    assert_from(state, "10.1.2.3", "203.0.113.66, 198.51.100.1, 10.9.9.9,10.8.8.8", "198.51.100.1");
    assert_from(state, "10.1.2.3", " \t198.51.100.1 , 10.9.9.9 ", "198.51.100.1");
}

static void when_all_are_ours_it_is_the_farthest_of_them(void **state)
{
    assert_from(state, "10.1.2.3", "10.7.7.7, 10.8.8.8", "10.7.7.7");
}

static void several_lines_are_one_list(void **state)
{
    struct str address;

    assert_ok(address_of(state, "10.1.2.3", "203.0.113.66", "198.51.100.1, 10.9.9.9", &address));
    assert_str(address, "198.51.100.1");
    assert_ok(address_of(state, "10.1.2.3", "198.51.100.1", "10.9.9.9", &address));
    assert_str(address, "198.51.100.1");
}

static void what_cannot_be_read_is_refused_and_not_skipped(void **state)
{
    static const char *const bad[] = {
        "",
        ",",
        "unknown",
        "198.51.100.1,",
        "198.51.100.1, ,10.8.8.8",
        ",10.8.8.8",
        "198.51.100.1:4711",
        "[2001:db8::1]",
        "198.51.100.256",
        "_hidden, 10.8.8.8",
        "198.51.100.1 10.8.8.8",
    };
    struct str address;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(address_of(state, "10.1.2.3", bad[i], NULL, &address), ERR_REQUEST_MALFORMED);
    }
    assert_err(address_of(state, "10.1.2.3", "rubbish", "10.8.8.8", &address),
               ERR_REQUEST_MALFORMED);
}

static void what_stands_behind_the_nearest_stranger_is_not_looked_at(void **state)
{
    /* A client may have written anything there. */
    assert_from(state, "10.1.2.3", "rubbish, 198.51.100.1", "198.51.100.1");
}

static const char *network_of(void **state, const char *address)
{
    struct call *c = &((struct house *)*state)->mock.call;
    struct str network = client_network(c, str_of(address)), copy;

    assert_ok(arena_copy(c->ctx.arena, network, &copy));
    return copy.ptr;
}

static void an_ipv4_address_is_a_network_of_its_own(void **state)
{
    assert_string_equal(network_of(state, "198.51.100.1"), "198.51.100.1");
    assert_string_equal(network_of(state, "::ffff:198.51.100.1"), "198.51.100.1");
    assert_string_not_equal(network_of(state, "198.51.100.1"), network_of(state, "198.51.100.2"));
}

static void an_ipv6_address_counts_as_its_first_half(void **state)
{
    assert_string_equal(network_of(state, "2001:db8:1:2:3:4:5:6"),
                        network_of(state, "2001:db8:1:2::1"));
    assert_string_not_equal(network_of(state, "2001:db8:1:2::1"),
                            network_of(state, "2001:db8:1:3::1"));
}

static void the_metrics_are_for_the_addresses_of_the_settings(void **state)
{
    struct call *c = &((struct house *)*state)->mock.call;

    c->ctx.source = STR("127.0.0.1");
    assert_true(client_may_scrape(c));
    c->ctx.source = STR("127.0.0.2");
    assert_false(client_may_scrape(c));
    c->ctx.source = STR("0:0:0:0:0:0:0:1");
    assert_true(client_may_scrape(c));
}

int main(void)
{
#define WITH_PROXIES(test) cmocka_unit_test_setup_teardown(test, make, destroy)
    const struct CMUnitTest tests[] = {
        WITH_PROXIES(without_proxies_it_is_the_peer),
        WITH_PROXIES(a_stranger_cannot_tell_us_who_they_are),
        WITH_PROXIES(behind_a_proxy_it_is_who_the_proxy_saw),
        WITH_PROXIES(behind_several_it_is_the_nearest_that_is_none_of_ours),
        WITH_PROXIES(when_all_are_ours_it_is_the_farthest_of_them),
        WITH_PROXIES(several_lines_are_one_list),
        WITH_PROXIES(what_cannot_be_read_is_refused_and_not_skipped),
        WITH_PROXIES(what_stands_behind_the_nearest_stranger_is_not_looked_at),
        WITH_PROXIES(an_ipv4_address_is_a_network_of_its_own),
        WITH_PROXIES(an_ipv6_address_counts_as_its_first_half),
        WITH_PROXIES(the_metrics_are_for_the_addresses_of_the_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
