#include "base/arena.h"
#include "base/check.h"
#include "text/email.h"

#define TEN   "abcdefghij"
#define FIFTY TEN TEN TEN TEN TEN
#define SIXTY FIFTY TEN

static const struct {
    const char *text, *key;
} good[] = {
    {"admin@fitness-center.local",      "admin@fitness-center.local"     },
    {"sammed@samsung.com",              "sammed@samsung.com"             },
    {"User.Name+Tag@Example.COM",       "user.name+tag@example.com"      },
    {"a@b.c",                           "a@b.c"                          },
    {"root@localhost",                  "root@localhost"                 },
    {"root@LocalHost",                  "root@localhost"                 },
    {"!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"},
    {"o'brien@example.ie",              "o'brien@example.ie"             },
    {"1@2.example",                     "1@2.example"                    },
    {"a@1.2.3.4a",                      "a@1.2.3.4a"                     },
    {SIXTY "abcd@example.com",          SIXTY "abcd@example.com"         },
    {"a@" SIXTY "abc.com",              "a@" SIXTY "abc.com"             },
    {"a@xn--mnchen-3ya.de",             "a@xn--mnchen-3ya.de"            },
    {"a@XN--MNCHEN-3YA.DE",             "a@xn--mnchen-3ya.de"            },
    {"a@m\u00fcnchen.de",               "a@xn--mnchen-3ya.de"            },
    {"a@M\u00dcNCHEN.de",               "a@xn--mnchen-3ya.de"            },
    {"a@mu\u0308nchen.de",              "a@xn--mnchen-3ya.de"            },
    {"a@fa\u00df.de",                   "a@xn--fa-hia.de"                }, /* not fass.de */
    {"a@example\u3002com",              "a@example.com"                  }, /* another full stop */
    {"a@\uff45xample.com",              "a@example.com"                  }, /* a wide e */
    {"J\u00d6RG@example.com",           "j\u00f6rg@example.com"          },
    {"jo\u0308rg@example.com",          "j\u00f6rg@example.com"          },
    {"stra\u00dfe@example.com",         "strasse@example.com"            },
    {"\u7530\u4e2d@\u4f8b\u3048.jp",    "\u7530\u4e2d@xn--r8jz45g.jp"    },
    {"\U0001f600@example.com",          "\U0001f600@example.com"         },
};

static void addresses_are_shown_as_typed_and_compared_by_their_key(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct email email, again;
        assert_ok(email_parse(arena, str_of(good[i].text), &email));
        assert_string_equal(email.shown.ptr, good[i].text);
        assert_int_equal(email.shown.len, strlen(good[i].text));
        assert_string_equal(email.key.ptr, good[i].key);
        assert_int_equal(email.key.len, strlen(good[i].key));
        assert_ok(email_parse(arena, email.key, &again)); /* the key is an address, its own key */
        assert_string_equal(again.key.ptr, good[i].key);
    }
}

static const char *const bad[] = {
    "",
    "@",
    "a",
    "a@",
    "@b.com",
    "a@b",
    "a@@b.com",
    "a@b@c.com",
    "a@b.com@",
    /* blanks, and what could end a header line */
    " a@b.com",
    "a@b.com ",
    "a @b.com",
    "a@ b.com",
    "a@b.com\n",
    "a@b.com\r\nBcc: c@d.com",
    "a\r@b.com",
    "a\t@b.com",
    "a@b\x7f.com",
    "a\u00a0@b.com",
    "a\xc2\x85@b.com",
    "a\u2028@b.com",
    /* the rest of RFC 5322 */
    "\"a b\"@b.com",
    "\"a\"@b.com",
    "a(comment)@b.com",
    "a@b.com(comment)",
    "A <a@b.com>",
    "<a@b.com>",
    "a@b.com,c@d.com",
    "a;b@c.com",
    "a:b@c.com",
    "a\\b@c.com",
    "a[b]@c.com",
    "mailto:a@b.com",
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "a@127.0.0.1",
    "a@b.1",
    /* dots */
    ".a@b.com",
    "a.@b.com",
    "a..b@c.com",
    ".@b.com",
    "a@.com",
    "a@b..com",
    "a@b.com.",
    "a@.",
    "a@localhost.",
    "a@com",
    /* labels */
    "a@-b.com",
    "a@b-.com",
    "a@b_c.com",
    "a@b c.com",
    "a@b!c.com",
    "a@b.c%m",
    "a@" SIXTY "abcd.com",
    SIXTY "abcde@example.com",
    /* what means something else than it says */
    "a@ab--cd.com",
    "a@xn--a.com",
    "a@xn--.com",
    "a@xn--n3h.net",
    "a@xn--99999999999.com",
    /* Unicode */
    "a\u200b@b.com",
    "a\u202eb@c.com",
    "a@b\u00ad.com",
    "a@\u200d.com",
    "a\u037eb@c.com",     /* a semicolon in NFC */
    "a@b\uff0fc.com",     /* a wide slash */
    "a@b\uff20c.com",     /* a wide @ */
    "a@b\u3002\u3002com", /* an empty label between other full stops */
    "a@\u2603.net",
    "a@\uff11\uff12\uff17.\uff10.\uff10.\uff11",
    "a@0\u05d0.com",
    "a\xff@b.com",
    "a@b\xc3.com",
    "\xed\xa0\x80@b.com",
};

static void anything_else_is_refused_both_ways(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct email email;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(email_parse(arena, str_of(bad[i]), &email), ERR_FIELD_VALUE);
        assert_err(email_parse_unicode(arena, str_of(bad[i]), &email), ERR_FIELD_VALUE);
    }
    assert_err(email_parse(arena, (struct str){"a\0b@c.com", 9}, &email), ERR_FIELD_VALUE);
    assert_err(email_parse(arena, (struct str){"a@b.com\0", 8}, &email), ERR_FIELD_VALUE);
    assert_err(email_parse(arena, (struct str){0}, &email), ERR_FIELD_VALUE);
}

static void the_longest_has_254_octets(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct email email;
    struct str longest = STR(FIFTY "@" SIXTY "." SIXTY "." SIXTY "." TEN TEN);

    assert_int_equal(longest.len, 254);
    assert_ok(email_parse(arena, longest, &email));
    struct str longer = STR(FIFTY "@" SIXTY "." SIXTY "." SIXTY "." TEN TEN "k");
    assert_err(email_parse(arena, longer, &email), ERR_FIELD_VALUE);
    /* within it as typed, but not in the form that a mail server would be told */
    struct str grows =
        STR(FIFTY "@\u00fc" FIFTY ".\u00fc" FIFTY ".\u00fc" FIFTY ".\u00fc" TEN TEN TEN);
    assert_true(grows.len <= EMAIL_MOST);
    assert_err(email_parse(arena, grows, &email), ERR_FIELD_VALUE);
}

/* Every byte in every part of an address, with the letters around it that make the difference. */
static void both_ways_agree_on_ascii(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "?@b.com",    "A?c@b.com",   "a?@b.com",    "a@?.com", "a@B?.com",     "a@?b.com",
        "a@b?c.com",  "a@b?.Com",    "a@b.?",       "a@b.c?",  "a@b.?1",       "a@b.1?",
        "a@b--?.com", "a@xn?-a.com", "a@xn-?a.com", "a?b.com", "a@locallhos?", "a@LOCALHOS?",
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 20);
    size_t accepted = 0;

    for (size_t i = 0; i < ARRAY_LEN(patterns) * 128; i++) {
        char memory[32];
        struct str text = {memory, strlen(patterns[i / 128])};
        struct email short_way, long_way;

        memcpy(memory, patterns[i / 128], text.len + 1);
        *strchr(memory, '?') = (char)(i % 128);
        enum err e = email_parse(arena, text, &short_way);
        assert_string_equal(err_name(email_parse_unicode(arena, text, &long_way)), err_name(e));
        if (e == ERR_OK) {
            assert_true(str_eq(short_way.key, long_way.key));
            assert_true(str_eq(short_way.shown, long_way.shown));
            accepted++;
        }
        arena_reset(arena);
    }
    assert_true(accepted > 600);
}

static void a_domain_alone_is_what_stands_behind_the_at_sign(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 20);
    static const char *const wrong[] = {"",         "com",       "a@b.com",         "-a.com",
                                        "a..com",   "127.0.0.1", "a b.com",         "a.com.",
                                        "\xff.com", "a.com/",    "xn--zzzzzz99.de", "\u2028.de"};
    struct str local, typed, key, domain;

    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        assert_true(str_cut(str_of(good[i].text), '@', &local, &typed));
        assert_true(str_cut(str_of(good[i].key), '@', &local, &key));
        assert_ok(email_parse_domain(arena, typed, &domain));
        assert_true(str_eq(domain, key));
    }
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(email_parse_domain(arena, str_of(wrong[i]), &domain), ERR_FIELD_VALUE);
    }
}

static void no_room_is_no_memory(void **state)
{
    (void)state;
    struct email email;

    for (size_t limit = 0; limit < 64; limit += 16) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(0, limit);
        assert_err(email_parse_unicode(arena, STR("j\u00f6rg@m\u00fcnchen.example.com"), &email),
                   ERR_MEMORY);
    }
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(0, 40);
    assert_err(email_parse(arena, STR("someone@some.example.com"), &email), ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_shown_as_typed_and_compared_by_their_key),
        cmocka_unit_test(anything_else_is_refused_both_ways),
        cmocka_unit_test(the_longest_has_254_octets),
        cmocka_unit_test(both_ways_agree_on_ascii),
        cmocka_unit_test(a_domain_alone_is_what_stands_behind_the_at_sign),
        cmocka_unit_test(no_room_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
