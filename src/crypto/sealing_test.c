#include "base/arena.h"
#include "base/check.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "crypto/sealing.h"

#include <stdlib.h>
#include <string.h>

struct rig {
    struct arena *arena;
    struct digester *digester;
    struct sealing sealing;
    struct str first, last; /* two chunks */
};

static const struct secret passphrase = {
    {"correct horse", 13}
};

static int set_up(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    r->arena = arena_create(4096, 1 << 20);
    assert_non_null(r->arena);
    assert_ok(password_start());
    assert_ok(digester_create(&r->digester));
    assert_ok(sealing_begin(r->digester, passphrase, &r->sealing));
    assert_ok(sealing_close(&r->sealing, r->arena, STR("one"), /* last= */ false, &r->first));
    assert_ok(sealing_close(&r->sealing, r->arena, STR("two"), /* last= */ true, &r->last));
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *r = *state;

    sealing_wipe(&r->sealing);
    digester_destroy(r->digester);
    arena_destroy(r->arena);
    free(r);
    return 0;
}

static struct str head(const struct rig *r)
{
    return (struct str){r->sealing.head, SEALING_HEAD};
}

static void what_was_sealed_opens(void **state)
{
    struct rig *r = *state;
    struct sealing again;
    struct str clear;

    assert_ok(sealing_resume(r->digester, head(r), passphrase, &again));
    assert_ok(sealing_open(&again, r->arena, r->first, /* last= */ false, &clear));
    assert_str(clear, "one");
    assert_ok(sealing_open(&again, r->arena, r->last, /* last= */ true, &clear));
    assert_str(clear, "two");
}

static void another_passphrase_is_told(void **state)
{
    struct rig *r = *state;
    struct sealing again;

    assert_err(sealing_resume(r->digester, head(r), (struct secret){STR("correct horsf")}, &again),
               ERR_CRYPTO);
    assert_err(sealing_resume(r->digester, head(r), (struct secret){STR("")}, &again), ERR_CRYPTO);
}

static void chunks_count_in_their_place_alone(void **state)
{
    struct rig *r = *state;
    struct sealing again;
    struct str clear;

    assert_ok(sealing_resume(r->digester, head(r), passphrase, &again));
    assert_err(sealing_open(&again, r->arena, r->last, /* last= */ true, &clear), ERR_CRYPTO);
    assert_err(sealing_open(&again, r->arena, r->first, /* last= */ true, &clear), ERR_CRYPTO);
    assert_ok(sealing_open(&again, r->arena, r->first, /* last= */ false, &clear));
    assert_err(sealing_open(&again, r->arena, r->first, /* last= */ false, &clear), ERR_CRYPTO);
    assert_err(sealing_open(&again, r->arena, r->last, /* last= */ false, &clear), ERR_CRYPTO);
}

static void no_bit_can_be_changed(void **state)
{
    struct rig *r = *state;
    struct sealing again;
    struct str clear;
    char bytes[64];

    assert_true(r->first.len <= sizeof bytes);
    assert_ok(sealing_resume(r->digester, head(r), passphrase, &again));
    for (size_t bit = 0; bit < 8 * r->first.len; bit++) {
        memcpy(bytes, r->first.ptr, r->first.len);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        assert_err(sealing_open(&again, r->arena, (struct str){bytes, r->first.len},
                                /* last= */ false, &clear),
                   ERR_CRYPTO);
    }
}

static void a_head_that_is_none_costs_nothing(void **state)
{
    struct rig *r = *state;
    struct sealing again;
    char bytes[SEALING_HEAD];

    memcpy(bytes, r->sealing.head, sizeof bytes);
    bytes[14] = '2'; /* a newer form */
    assert_err(sealing_resume(r->digester, (struct str){bytes, sizeof bytes}, passphrase, &again),
               ERR_FIELD_VALUE);
    memcpy(bytes, r->sealing.head, sizeof bytes);
    bytes[16] = 0x7f; /* two terabytes of memory */
    assert_err(sealing_resume(r->digester, (struct str){bytes, sizeof bytes}, passphrase, &again),
               ERR_FIELD_VALUE);
    assert_err(sealing_resume(r->digester, (struct str){bytes, 20}, passphrase, &again),
               ERR_FIELD_VALUE);
    memcpy(bytes, r->sealing.head, sizeof bytes);
    bytes[30] ^= 1; /* the salt */
    assert_err(sealing_resume(r->digester, (struct str){bytes, sizeof bytes}, passphrase, &again),
               ERR_CRYPTO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_opens),
        cmocka_unit_test(another_passphrase_is_told),
        cmocka_unit_test(chunks_count_in_their_place_alone),
        cmocka_unit_test(no_bit_can_be_changed),
        cmocka_unit_test(a_head_that_is_none_costs_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
