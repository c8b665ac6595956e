/* What only documents of others have: lists of objects, one text for a list of one, a switch as a
 * text. */
#include "base/arena.h"
#include "base/check.h"
#include "wire/json.h"

struct key {
    struct str name;
    int64_t size;
};

struct ring {
    struct list keys;
    struct text_list holders;
    bool open;
};

// clang-format off
static const struct field key_fields[] = {
    FIELD(struct key, name, "name", REQUIRED),
    FIELD(struct key, size, "size", OPTIONAL),
};
static const struct shape key_shape = SHAPE(key_fields, MOMENT_MILLIS);

static const struct field ring_fields[] = {
    LIST_READ_FIELD(struct ring, keys, "keys", key_shape, struct key, 3, REQUIRED),
    FIELD(struct ring, holders, "holders", ONE_TOO, .most = 4),
    FIELD(struct ring, open,    "open",    TEXT_TOO),
};
static const struct shape ring_shape = SHAPE(ring_fields, MOMENT_MILLIS);
// clang-format on

static enum err read(struct arena *arena, const char *json, struct ring *ret)
{
    *ret = (struct ring){0};
    return json_read(arena, str_of(json), &ring_shape, ret, NULL);
}

static void objects_of_a_list_are_read_in_their_order(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct ring ring;

    assert_ok(read(arena, "{\"keys\":[{\"name\":\"a\",\"size\":1},{\"name\":\"b\",\"more\":[]}]}",
                   &ring));
    const struct key *keys = ring.keys.items;
    assert_int_equal(ring.keys.count, 2);
    assert_int_equal(ring.keys.size, sizeof *keys);
    assert_str(keys[0].name, "a");
    assert_int_equal(keys[0].size, 1);
    assert_str(keys[1].name, "b");
    assert_int_equal(keys[1].size, 0);
    assert_ok(read(arena, "{\"keys\":[]}", &ring));
    assert_int_equal(ring.keys.count, 0);
}

static void a_list_that_is_wrong_is_refused_as_a_whole(void **state)
{
    static const struct {
        const char *json;
        enum err error;
    } wrong[] = {
        {"{}",                                                                               ERR_FIELD_MISSING},
        {"{\"keys\":{\"name\":\"a\"}}",                                                      ERR_FIELD_TYPE   },
        {"{\"keys\":[\"a\"]}",                                                               ERR_FIELD_TYPE   },
        {"{\"keys\":[null]}",                                                                ERR_FIELD_TYPE   },
        {"{\"keys\":[{\"name\":\"a\"},{\"size\":1}]}",                                       ERR_FIELD_MISSING},
        {"{\"keys\":[{\"name\":1}]}",                                                        ERR_FIELD_TYPE   },
        {"{\"keys\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"d\"}]}",
         ERR_FIELD_VALUE                                                                                      },
    };

    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct ring ring;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        enum err e = read(arena, wrong[i].json, &ring);
        if (e != wrong[i].error) {
            fail_msg("%s: %s", wrong[i].json, err_name(e));
        }
    }
}

static void one_text_is_a_list_of_one(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct ring ring;

    assert_ok(read(arena, "{\"keys\":[],\"holders\":\"ann\"}", &ring));
    assert_int_equal(ring.holders.count, 1);
    assert_str(ring.holders.items[0], "ann");
    assert_ok(read(arena, "{\"keys\":[],\"holders\":[\"ann\",\"bob\"]}", &ring));
    assert_int_equal(ring.holders.count, 2);
    assert_err(read(arena, "{\"keys\":[],\"holders\":1}", &ring), ERR_FIELD_TYPE);
    assert_err(read(arena, "{\"keys\":[],\"holders\":\"anne-marie\"}", &ring), ERR_FIELD_VALUE);
}

static void a_switch_may_be_a_text_of_the_same_words(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct ring ring;

    assert_ok(read(arena, "{\"keys\":[],\"open\":\"true\"}", &ring));
    assert_true(ring.open);
    assert_ok(read(arena, "{\"keys\":[],\"open\":\"false\"}", &ring));
    assert_false(ring.open);
    assert_ok(read(arena, "{\"keys\":[],\"open\":true}", &ring));
    assert_true(ring.open);
    assert_err(read(arena, "{\"keys\":[],\"open\":\"yes\"}", &ring), ERR_FIELD_VALUE);
    assert_err(read(arena, "{\"keys\":[],\"open\":\"True\"}", &ring), ERR_FIELD_VALUE);
    assert_err(read(arena, "{\"keys\":[],\"open\":1}", &ring), ERR_FIELD_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_of_a_list_are_read_in_their_order),
        cmocka_unit_test(a_list_that_is_wrong_is_refused_as_a_whole),
        cmocka_unit_test(one_text_is_a_list_of_one),
        cmocka_unit_test(a_switch_may_be_a_text_of_the_same_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
