#include "base/check.h"
#include "base/str.h"
#include "crypto/hash_memory.h"
#include "crypto/password.h"

#include <errno.h>
#include <sys/mman.h>

/* From the test of the reference implementation (phc-winner-argon2), password "password". */
static const char small[] =
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
enum {
    SMALL_MEMORY = 256 * 1024 /* what it takes */
};
static const char large[] =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

static const struct password_cost cheap = {.memory_kib = 256, .passes = 2};

static void hashes_of_another_implementation_verify(void **state)
{
    (void)state;
    bool right = false;

    assert_ok(password_verify(str_of(small), STR("password"), &right));
    assert_true(right);
    assert_ok(password_verify(str_of(large), STR("password"), &right));
    assert_true(right);
    assert_ok(password_verify(str_of(small), STR("Password"), &right));
    assert_false(right);
    assert_ok(password_verify(str_of(small), STR(""), &right));
    assert_false(right);
}

static void a_new_hash_says_exactly_what_it_cost(void **state)
{
    (void)state;
    static const struct password_cost usual = {.memory_kib = 19456, .passes = 2};
    const struct str head = STR("$argon2id$v=19$m=19456,t=2,p=1$");
    struct password_hash hash;
    struct password_cost cost;
    bool right = false;

    assert_ok(password_make(usual, STR("correct horse"), &hash));
    assert_true(str_starts(str_of(hash.text), head));
    assert_ok(password_cost_of(str_of(hash.text), &cost));
    assert_int_equal(cost.memory_kib, 19456);
    assert_int_equal(cost.passes, 2);
    assert_ok(password_verify(str_of(hash.text), STR("correct horse"), &right));
    assert_true(right);
}

static void every_byte_of_a_password_counts(void **state)
{
    (void)state;
    char text[1024], other[1024];
    struct password_hash hash;
    bool right = true;

    memset(text, 'a', sizeof text);
    text[10] = '\0';
    assert_ok(password_make(cheap, (struct str){text, sizeof text}, &hash));
    static const size_t changed[] = {0, 9, 10, 11, 71, 72, 127, 255, 1023};
    for (size_t i = 0; i < ARRAY_LEN(changed); i++) {
        memcpy(other, text, sizeof other);
        other[changed[i]] ^= 1;
        assert_ok(password_verify(str_of(hash.text), (struct str){other, sizeof other}, &right));
        assert_false(right);
    }
    assert_ok(password_verify(str_of(hash.text), (struct str){text, sizeof text - 1}, &right));
    assert_false(right);
    assert_ok(password_verify(str_of(hash.text), (struct str){text, sizeof text}, &right));
    assert_true(right);
}

static void the_same_password_hashes_differently_each_time(void **state)
{
    (void)state;
    struct password_hash one, other;

    assert_ok(password_make(cheap, STR("password"), &one));
    assert_ok(password_make(cheap, STR("password"), &other));
    assert_string_not_equal(one.text, other.text);
}

static void no_text_is_a_password_like_empty_text(void **state)
{
    (void)state;
    struct password_hash hash;
    bool right = false;

    assert_ok(password_make(cheap, (struct str){0}, &hash));
    assert_ok(password_verify(str_of(hash.text), STR(""), &right));
    assert_true(right);
}

#define SALT_AND_HASH "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

/* The first ones would be computed if nobody looked; the others are no PHC string of ours. */
static void hashes_out_of_bounds_are_refused_before_use(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "$argon2id$v=19$m=262145,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=4294967295,t=1,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=4294967552,t=2,p=1" SALT_AND_HASH, /* 256 in 32 bits */
        "$argon2id$v=19$m=99999999999999999999,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=11,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=4294967295,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=2,p=2" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=2,p=16777215" SALT_AND_HASH,
        "$argon2id$v=19$m=7,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=0,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=0,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=2,p=0" SALT_AND_HASH,
        "$argon2id$v=19$m=-256,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=+256,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m= 256,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=2" SALT_AND_HASH,
        "$argon2id$v=19$t=2,m=256,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=2,p=1,x=1" SALT_AND_HASH,
        "$argon2id$v=16$m=256,t=2,p=1" SALT_AND_HASH,
        "$argon2id$m=256,t=2,p=1" SALT_AND_HASH,
        "$argon2i$v=19$m=256,t=2,p=1" SALT_AND_HASH,
        "$argon2d$v=19$m=256,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=2,p=1",
        "$argon2id$v=19$",
        "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
        "password",
        "",
        "argon2id$v=19$m=256,t=2,p=1" SALT_AND_HASH,
    };
    struct password_cost cost = {.memory_kib = -1};
    bool right = false;

    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        assert_err(password_cost_of(str_of(refused[i]), &cost), ERR_CRYPTO);
        assert_err(password_verify(str_of(refused[i]), STR("password"), &right), ERR_CRYPTO);
    }
    assert_int_equal(cost.memory_kib, -1);
}

static void the_dearest_and_the_cheapest_hash_are_within_bounds(void **state)
{
    (void)state;
    struct password_cost cost;

    assert_ok(password_cost_of(STR("$argon2id$v=19$m=262144,t=10,p=1" SALT_AND_HASH), &cost));
    assert_int_equal(cost.memory_kib, 262144);
    assert_int_equal(cost.passes, 10);
    assert_ok(password_cost_of(STR("$argon2id$v=19$m=8,t=1,p=1" SALT_AND_HASH), &cost));
    assert_int_equal(cost.memory_kib, 8);
    assert_int_equal(cost.passes, 1);
}

/* Within the bounds, but nothing that a password could have been hashed to: an error of the store,
 * not somebody's typing error. */
static void damaged_hashes_are_errors_and_not_wrong_passwords(void **state)
{
    (void)state;
    static const char *const damaged[] = {
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
        "$argon2id$v=19$m=256,t=2,p=1$$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR_uIPnA4rEsF5h7TKyQwu9U1bMCHGi_4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4 x",
        "$argon2id$v=19$m=256,,t=2,p=1" SALT_AND_HASH,
        "$argon2id$v=19$m=256,t=2,p=1," SALT_AND_HASH,
        "$argon2id$v=19$m=0256,t=2,p=1" SALT_AND_HASH,
    };
    bool right = false;

    for (size_t i = 0; i < ARRAY_LEN(damaged); i++) {
        errno = EINVAL; /* what somebody else left there */
        assert_err(password_verify(str_of(damaged[i]), STR("password"), &right), ERR_CRYPTO);
    }
}

static void hashes_are_not_cut_at_a_nul_or_at_the_end_of_our_buffer(void **state)
{
    (void)state;
    char text[2 * PASSWORD_HASH_TEXT];
    bool right = false;

    memset(text, 0, sizeof text);
    memcpy(text, small, sizeof small);
    for (size_t size = strlen(small) + 1; size <= sizeof text; size++) {
        assert_err(password_verify((struct str){text, size}, STR("password"), &right), ERR_CRYPTO);
    }
    memset(text + strlen(small), 'A', sizeof text - strlen(small));
    assert_err(password_verify((struct str){text, sizeof text}, STR("password"), &right),
               ERR_CRYPTO);
}

static void costs_that_could_not_be_verified_are_refused(void **state)
{
    (void)state;
    static const struct password_cost refused[] = {
        {.memory_kib = 7,         .passes = 2 },
        {.memory_kib = 262145,    .passes = 2 },
        {.memory_kib = -1,        .passes = 2 },
        {.memory_kib = INT64_MAX, .passes = 2 },
        {.memory_kib = 19456,     .passes = 0 },
        {.memory_kib = 19456,     .passes = 11},
        {.memory_kib = 19456,     .passes = -1},
    };

    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        assert_err(password_cost_check(refused[i]), ERR_CONFIG);
    }
    assert_ok(password_cost_check((struct password_cost){.memory_kib = 8, .passes = 1}));
    assert_ok(password_cost_check((struct password_cost){.memory_kib = 262144, .passes = 10}));
}

static bool all_bytes_are(const struct hash_memory *memory, size_t size, unsigned char byte)
{
    const unsigned char *at = memory->base;

    for (size_t i = 0; i < size; i++) {
        if (at[i] != byte) {
            return false;
        }
    }
    return true;
}

/* Dirty memory, a known answer, other dirt: so it was this memory that the hash was computed in,
 * and what stood in it did not matter. A wipe leaves nothing of it. */
static void hashing_uses_the_memory_it_was_lent_until_that_is_wiped(void **state)
{
    (void)state;
    struct hash_memory memory = {0};
    bool right = false;

    assert_ok(hash_memory_init(&memory, SMALL_MEMORY));
    memset(memory.base, 0xaa, memory.size);
    hash_memory_lend(&memory);
    assert_ok(password_verify(str_of(small), STR("password"), &right));
    assert_ok(hash_memory_return());
    assert_true(right);
    assert_false(memory.busy);
    assert_int_equal(memory.used, memory.size);
    assert_false(all_bytes_are(&memory, 1024, 0xaa));
    assert_false(all_bytes_are(&memory, 1024, 0));
    assert_true(hash_memory_wipe(&memory, memory.size - 1)); /* it begins at the end */
    assert_int_equal(memory.used, 1);
    assert_false(hash_memory_wipe(&memory, SIZE_MAX));
    assert_int_equal(memory.used, 0);
    assert_true(all_bytes_are(&memory, memory.size, 0));

    memset(memory.base, 0xaa, memory.size);
    assert_ok(password_verify(str_of(small), STR("password"), &right));
    assert_true(right);
    assert_true(all_bytes_are(&memory, memory.size, 0xaa)); /* nobody had lent it */
    hash_memory_done(&memory);
    hash_memory_done(&memory); /* again does no harm */
}

static void a_hash_larger_than_the_lent_memory_gets_its_own(void **state)
{
    (void)state;
    struct hash_memory memory = {0};
    bool right = false;

    assert_ok(hash_memory_init(&memory, SMALL_MEMORY));
    memset(memory.base, 0xaa, memory.size);
    hash_memory_lend(&memory);
    assert_ok(password_verify(str_of(large), STR("password"), &right));
    assert_ok(hash_memory_return());
    assert_true(right);
    assert_true(all_bytes_are(&memory, memory.size, 0xaa));
    hash_memory_done(&memory);
}

static void lent_memory_is_given_out_once_at_a_time(void **state)
{
    (void)state;
    struct hash_memory memory = {0};
    const int protection = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;

    assert_ok(hash_memory_init(&memory, 8192));
    hash_memory_lend(&memory);
    void *first = hash_memory_map(NULL, 4096, protection, flags, -1, 0);
    void *second = hash_memory_map(NULL, 4096, protection, flags, -1, 0);
    assert_ptr_equal(first, memory.base);
    assert_ptr_not_equal(second, MAP_FAILED);
    assert_ptr_not_equal(second, memory.base);
    assert_int_equal(hash_memory_unmap(second, 4096), 0);
    assert_true(memory.busy);
    assert_int_equal(hash_memory_unmap(first, 4096), 0);
    assert_ptr_equal(hash_memory_map(NULL, 8192, protection, flags, -1, 0), memory.base);
    assert_int_equal(hash_memory_unmap(memory.base, 8192), 0);
    assert_ok(hash_memory_return());
    hash_memory_done(&memory);
}

static int start(void **state)
{
    (void)state;
    enum err once = password_start(), again = password_start();

    return once == ERR_OK && again == ERR_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_of_another_implementation_verify),
        cmocka_unit_test(a_new_hash_says_exactly_what_it_cost),
        cmocka_unit_test(every_byte_of_a_password_counts),
        cmocka_unit_test(the_same_password_hashes_differently_each_time),
        cmocka_unit_test(no_text_is_a_password_like_empty_text),
        cmocka_unit_test(hashes_out_of_bounds_are_refused_before_use),
        cmocka_unit_test(the_dearest_and_the_cheapest_hash_are_within_bounds),
        cmocka_unit_test(damaged_hashes_are_errors_and_not_wrong_passwords),
        cmocka_unit_test(hashes_are_not_cut_at_a_nul_or_at_the_end_of_our_buffer),
        cmocka_unit_test(costs_that_could_not_be_verified_are_refused),
        cmocka_unit_test(hashing_uses_the_memory_it_was_lent_until_that_is_wiped),
        cmocka_unit_test(a_hash_larger_than_the_lent_memory_gets_its_own),
        cmocka_unit_test(lent_memory_is_given_out_once_at_a_time),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
