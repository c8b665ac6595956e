#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "http/address.h"
#include "http/listener.h"

static struct address address_of(const char *text)
{
    struct address address;

    assert_ok(address_parse(str_of(text), &address));
    return address;
}

static void only_plain_addresses_are_read(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",         "1.2.3",     "1.2.3.4.5",  "1.2.3.256",  "01.2.3.4", " 1.2.3.4",
        "1.2.3.4 ", "0x1.2.3.4", "1.2.3.4:80", "[::1]",      "::1%lo",   "::g",
        "1:2",      "localhost", ":::",        "1.2.3.4/32",
    };
    struct address address;

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(address_parse(str_of(wrong[i]), &address), ERR_FIELD_VALUE);
    }
    assert_err(address_parse(STR("1.2.3.4\0"), &address), ERR_FIELD_VALUE);
}

static void an_address_has_one_form(void **state)
{
    (void)state;
    static const char *const forms[][2] = {
        {"192.0.2.1",        "192.0.2.1"  },
        {"::ffff:192.0.2.1", "192.0.2.1"  },
        {"::FFFF:c000:201",  "192.0.2.1"  },
        {"2001:DB8:0::0:1",  "2001:db8::1"},
    };

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        char memory[64];
        struct buf out = buf_over(memory, sizeof memory);
        struct address address = address_of(forms[i][0]);
        address_print(&out, &address);
        assert_str(buf_str(&out), forms[i][1]);
    }
}

static void loopback_and_private_addresses_are_known(void **state)
{
    (void)state;
    static const char *const loopback[] = {"127.0.0.1", "127.255.255.255", "::1",
                                           "::ffff:127.0.0.1"};
    static const char *const private[] = {
        "0.0.0.0",      "0.1.2.3",
        "10.255.0.1",   "100.64.0.1",
        "127.0.0.1",    "169.254.169.254",
        "172.16.0.1",   "172.31.255.255",
        "192.0.0.8",    "192.0.2.1",
        "192.168.0.1",  "198.19.0.1",
        "198.51.100.1", "203.0.113.1",
        "224.0.0.1",    "255.255.255.255",
        "192.88.99.1",  "::",
        "::1",          "::ffff:10.0.0.1",
        "::10.0.0.1",   "64:ff9b::10.0.0.1",
        "2002:a00:1::", "fe80::1",
        "fec0::1",      "fd00::1",
        "ff02::1",      "2001:db8::1",
        "2001::1",      "100::1",
        "64:ff9b:1::1", "3fff::1",
    };
    static const char *const public[] = {"8.8.8.8",        "100.63.0.1",      "100.128.0.1",
                                         "172.32.0.1",     "11.0.0.1",        "2a00:1450:4001::1",
                                         "2002:808:808::", "64:ff9b::8.8.8.8"};

    for (size_t i = 0; i < ARRAY_LEN(loopback); i++) {
        struct address address = address_of(loopback[i]);
        assert_true(address_is_loopback(&address));
    }
    for (size_t i = 0; i < ARRAY_LEN(private); i++) {
        struct address address = address_of(private[i]);
        if (!address_is_private(&address)) {
            fail_msg("%s is private", private[i]);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(public); i++) {
        struct address address = address_of(public[i]);
        assert_false(address_is_private(&address));
        assert_false(address_is_loopback(&address));
    }
}

static void networks_hold_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *network, *address;
        bool inside;
    } rows[] = {
        {"10.0.0.0/8",    "10.255.255.255",  true },
        {"10.0.0.0/8",    "11.0.0.0",        false},
        {"10.1.2.3",      "10.1.2.3",        true },
        {"10.1.2.3",      "10.1.2.2",        false},
        {"10.0.0.0/9",    "10.127.0.1",      true },
        {"10.0.0.0/9",    "10.128.0.1",      false},
        {"0.0.0.0/0",     "1.2.3.4",         true },
        {"0.0.0.0/0",     "2001:db8::1",     false},
        {"10.0.0.0/8",    "::ffff:10.0.0.1", true },
        {"::/0",          "2001:db8::1",     true },
        {"2001:db8::/33", "2001:db8:7fff::", true },
        {"2001:db8::/33", "2001:db8:8000::", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct network network;
        struct address address = address_of(rows[i].address);
        assert_ok(network_parse(str_of(rows[i].network), &network));
        assert_int_equal(network_contains(&network, &address), rows[i].inside);
    }
}

static void a_list_is_refused_by_the_word_that_is_wrong(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    static const char *const wrong[] = {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "::/129",
                                        "10/8",       "10.0.0.0/-1", "proxy",     "10.0.0.0/8,::1"};
    struct network_list list;

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct reason reason = {0};
        struct str words;
        assert_ok(arena_print(arena, &words, "::1  %s 127.0.0.1", wrong[i]));
        assert_err(network_list_parse(arena, words, &reason, &list), ERR_CONFIG);
        assert_non_null(strstr(reason.detail, wrong[i]));
    }
    assert_ok(network_list_parse(arena, STR(" 10.0.0.0/8  ::1 "), NULL, &list));
    assert_int_equal(list.count, 2);
    assert_true(network_list_contains(&list, STR("10.9.9.9")));
    assert_true(network_list_contains(&list, STR("0:0::1")));
    assert_false(network_list_contains(&list, STR("9.9.9.9")));
    assert_false(network_list_contains(&list, STR("nonsense")));
    assert_ok(network_list_parse(arena, STR(""), NULL, &list));
    assert_false(network_list_contains(&list, STR("127.0.0.1")));
}

static void throttling_takes_a_64_as_one(void **state)
{
    (void)state;
    struct address one = address_of("2001:db8:1:2:3:4:5:6"), other = address_of("2001:db8:1:2::9");
    struct address far = address_of("2001:db8:1:3::9"), v4 = address_of("192.0.2.1");
    struct address one_key = address_network_key(&one), other_key = address_network_key(&other);
    struct address far_key = address_network_key(&far), v4_key = address_network_key(&v4);

    assert_memory_equal(&one_key, &other_key, sizeof one_key);
    assert_memory_not_equal(&one_key, &far_key, sizeof one_key);
    assert_memory_equal(&v4_key, &v4, sizeof v4);
}

static void listen_words_are_cut_into_address_port_and_faces(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",       "8085",    "127.0.0.1",      "127.0.0.1:",    "127.0.0.1:65536", "a:1",
        "::1:80", "[::1]80", "[127.0.0.1]:80", "127.0.0.1:80=", "[::1]",           "127.0.0.1:-1"};
    struct http_listener listener;
    struct str faces;

    assert_ok(http_listener_parse(STR("127.0.0.1:8085"), NULL, &listener, &faces));
    assert_str(listener.address, "127.0.0.1");
    assert_int_equal(listener.port, 8085);
    assert_false(str_is_set(faces));
    assert_ok(http_listener_parse(STR("[::1]:0=edge,gym"), NULL, &listener, &faces));
    assert_str(listener.address, "::1");
    assert_int_equal(listener.port, 0);
    assert_str(faces, "edge,gym");
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(http_listener_parse(str_of(wrong[i]), NULL, &listener, &faces), ERR_CONFIG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_plain_addresses_are_read),
        cmocka_unit_test(an_address_has_one_form),
        cmocka_unit_test(loopback_and_private_addresses_are_known),
        cmocka_unit_test(networks_hold_what_they_say),
        cmocka_unit_test(a_list_is_refused_by_the_word_that_is_wrong),
        cmocka_unit_test(throttling_takes_a_64_as_one),
        cmocka_unit_test(listen_words_are_cut_into_address_port_and_faces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
