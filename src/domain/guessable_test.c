#include "base/arena.h"
#include "base/check.h"
#include "domain/common_words.h"
#include "domain/guessable.h"
#include "text/normal.h"

/* As the check does it: NFKC, then folded. */
static struct str folded(struct arena *arena, const char *password)
{
    struct str normal, ret;

    assert_ok(text_nfkc(arena, str_of(password), &normal));
    assert_ok(text_fold(arena, normal, &ret));
    return ret;
}

static void assert_common(const char *const *passwords, size_t count, bool expected)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);

    for (size_t i = 0; i < count; i++) {
        if (guessable_is_common(folded(arena, passwords[i])) != expected) {
            fail_msg("%s is%s common", passwords[i], expected ? " not" : "");
        }
    }
}

static void passwords_of_the_list_are_common(void **state)
{
    (void)state;
    static const char *const listed[] = {
        "password", "12345678",   "123456789", "qwertyuiop", "trustno1",   "iloveyou",
        "sunshine", "1qaz2wsx",   "password1", "superman",   "1234567890", "baseball",
        "football", "passw0rd",   "princess",  "starwars",   "computer",   "whatever",
        "87654321", "1q2w3e4r5t", "asdfghjkl", "11111111",   "zaq12wsx",   "michelle",
    };

    assert_common(listed, ARRAY_LEN(listed), true);
}

static void case_width_and_signs_for_letters_make_no_other_password(void **state)
{
    (void)state;
    static const char *const dressed[] = {
        "PassWord",           "TRUSTNO1", "P@ssw0rd",
        "p4$$w0rd",           "tru5tn0l", "\uff50\uff41sswor\uff44",
        "pa\u017f\u017fword", /* wide letters, and a long s */
        "1L0v3y0u",           "!loveyou", "b@$eb4l|",
    };

    assert_common(dressed, ARRAY_LEN(dressed), true);
}

static void five_signs_behind_it_make_no_other_password(void **state)
{
    (void)state;
    static const char *const longer[] = {
        "Password2024!", "Trustno1!", "dragon2024",   "Monkey123!",    "letmein ??", "qwerty!@#$%",
        "P@ssw0rd 1999", "love12345", "charlie-2001", "shadow_shadow_" /* of which one is cut */
    };

    assert_common(longer, ARRAY_LEN(longer) - 1, true);
    assert_common(longer + ARRAY_LEN(longer) - 1, 1, false);
}

static void patterns_are_common(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "87654321",
        "88888888",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "20012001",
        "abcabcabca",
        "........",
        "ABABabab",
        "hgfedcba",
        "ghijklmno",
        "\U0001f511\U0001f511\U0001f511\U0001f511\U0001f511\U0001f511\U0001f511\U0001f511",
    };
    static const char *const others[] = {"kvkvkvkw", "vwxyzabcd", "prstuvwxz", "kqvwzkqvwz"};

    assert_common(patterns, ARRAY_LEN(patterns), true);
    assert_common(others, ARRAY_LEN(others), false);
}

static void what_is_only_near_is_not_common(void **state)
{
    (void)state;
    static const char *const uncommon[] = {
        "sunshine209944", /* six signs behind it */
        "sunshine2024x",  /* a letter at the end */
        "7 passwords",    /* signs before it */
        "paswword",
        "p\u00e4ssword", /* other letters, whatever they look like */
        "\u0440\u0430ssword",
        "password\u20ac",
        "correct horse battery staple",
        "grey otter 41 lantern",
        "kX9#vQ2m",
        "\u4f8b\u3048\u3070\u5408\u8a00\u8449\u3067\u3059",
    };

    assert_common(uncommon, ARRAY_LEN(uncommon), false);
    assert_false(guessable_is_common((struct str){0}));
    assert_false(guessable_is_common(STR("\xff\xfe\x80")));
    assert_true(
        guessable_is_common((struct str){"password\0\0\0", 11})); /* a sign like any other */
}

static void the_table_is_sorted_and_large_enough(void **state)
{
    (void)state;

    assert_true(common_word_count >= 20000);
    for (size_t i = 1; i < common_word_count; i++) {
        assert_true(common_words[i - 1] < common_words[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(common_letters); i++) { /* an outline's outline is itself */
        unsigned char letter = (unsigned char)common_letters[i];
        assert_true(letter < ARRAY_LEN(common_letters));
        assert_int_equal(common_letters[letter], letter);
    }
}

static const struct str own[] = {
    {"jo.o'neill83",          12},
    {"jo83@mail.example.com", 21},
    {"zo\xc3\xab",            4 },
    {"signet",                6 },
    {NULL,                    0 },
};

static void assert_own(const char *const *passwords, size_t count, bool expected)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);

    for (size_t i = 0; i < count; i++) {
        bool is_own = !expected;
        assert_ok(
            guessable_is_own(arena, folded(arena, passwords[i]), own, ARRAY_LEN(own), &is_own));
        if (is_own != expected) {
            fail_msg("%s is%s of one's own", passwords[i], expected ? " not" : "");
        }
    }
}

static void own_words_and_few_signs_are_ones_own(void **state)
{
    (void)state;
    static const char *const of_own[] = {
        "jo.o'neill83", /* as it is */
        "Jo83@Mail.Example.COM",
        "mail.example.com",
        "oneill83",   /* of "o" and "neill" */
        "neill2024!", /* with signs behind, before, between */
        "12345neill",
        "jo-neill-83-1",
        "neillneill", /* again, and in another order */
        "jojojojo",
        "zo\u00eb \u2003neill", /* NFKC makes a plain space of a wide one */
        "ZO\u00cb.Neill",
        "n3i11 s!gn3t", /* signs for letters */
        "signet2024",
        "signetsignet",
        "83838383",
    };

    assert_own(of_own, ARRAY_LEN(of_own), true);
}

static void one_other_letter_or_six_signs_are_not(void **state)
{
    (void)state;
    static const char *const others[] = {
        "neill922699", "neillx83",  "neil neil",
        "xneill83",    "zoe neill", "correct horse battery staple",
    };

    assert_own(others, ARRAY_LEN(others), false);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 8);
    bool is_own;

    assert_err(guessable_is_own(arena, STR("nine byte"), own, ARRAY_LEN(own), &is_own), ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_of_the_list_are_common),
        cmocka_unit_test(case_width_and_signs_for_letters_make_no_other_password),
        cmocka_unit_test(five_signs_behind_it_make_no_other_password),
        cmocka_unit_test(patterns_are_common),
        cmocka_unit_test(what_is_only_near_is_not_common),
        cmocka_unit_test(the_table_is_sorted_and_large_enough),
        cmocka_unit_test(own_words_and_few_signs_are_ones_own),
        cmocka_unit_test(one_other_letter_or_six_signs_are_not),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
