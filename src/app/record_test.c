#include "app/content.h"
#include "app/record.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/digest.h"

#include <string.h>

static const struct column columns[] = {
    {"id",      VALUE_ID,     0},
    {"name",    VALUE_TEXT,   0},
    {"number",  VALUE_INT,    0},
    {"yes",     VALUE_BOOL,   0},
    {"at",      VALUE_MOMENT, 0},
    {"sealed",  VALUE_BYTES,  0},
    {"details", VALUE_JSON,   0},
};
static const struct store_table table = {
    .name = "things", .columns = columns, .column_count = ARRAY_LEN(columns)};

enum {
    WIDTH = ARRAY_LEN(columns)
};

static void make_row(struct value row[WIDTH])
{
    row[0] = value_id((struct id){
        {1, 2, 3}
    });
    row[1] = value_text(STR(""));
    row[2] = value_int(-5);
    row[3] = value_bool(true);
    row[4] = value_moment((struct moment){1748773800007});
    row[5] = value_bytes((struct str){"\0\xff", 2});
    row[6] = value_json(STR("{\"b\": 1, \"a\": null}"));
}

/* Gives one byte at a time, as the worst of all sources does. */
static enum err drip(void *with, struct str *ret)
{
    struct str *left = with;

    if (left->len == 0) {
        return ERR_MISSING;
    }
    *ret = str_sub(*left, 0, 1);
    *left = str_skip(*left, 1);
    return ERR_OK;
}

static enum err read_row(struct arena *arena, struct str bytes, struct value row[WIDTH])
{
    struct record_input input = {.more = drip, .with = &bytes};
    struct reason reason = {0};

    TRY(record_read_row(&input, &table, arena, &reason, row));
    return record_read_end(&input, &reason);
}

static void a_row_comes_back(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct buf out = buf_in_arena(arena, 4096);
    struct value row[WIDTH], again[WIDTH];

    make_row(row);
    record_put_row(&out, &table, row, arena, /* normal= */ false);
    assert_ok(read_row(arena, buf_str(&out), again));
    assert_true(id_eq(again[0].id, row[0].id));
    assert_true(str_is_set(again[1].text) && again[1].text.len == 0);
    assert_int_equal(again[2].number, -5);
    assert_int_equal(again[3].number, 1);
    assert_int_equal(again[4].number, 1748773800007);
    assert_true(str_eq(again[5].text, row[5].text));
    assert_true(str_eq(again[6].text, row[6].text));
}

static void what_is_none_stays_none(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct buf out = buf_in_arena(arena, 4096);
    struct value row[WIDTH] = {0}, again[WIDTH];

    for (size_t i = 0; i < WIDTH; i++) {
        row[i].kind = columns[i].kind;
        row[i].none = true;
    }
    record_put_row(&out, &table, row, arena, /* normal= */ false);
    assert_ok(read_row(arena, buf_str(&out), again));
    assert_false(id_is_set(again[0].id));
    assert_false(str_is_set(again[1].text));
    assert_false(str_is_set(again[6].text));
    assert_int_equal(again[4].number, 0);
    assert_true(again[2].none && again[3].none);
}

static void every_end_that_comes_early_is_told(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct buf out = buf_in_arena(arena, 4096);
    struct value row[WIDTH], again[WIDTH];

    make_row(row);
    record_put_row(&out, &table, row, arena, /* normal= */ false);
    for (size_t length = 0; length < out.len; length++) {
        assert_err(read_row(arena, (struct str){out.data, length}, again), ERR_FIELD_VALUE);
    }
    buf_put_char(&out, 0);
    assert_err(read_row(arena, buf_str(&out), again), ERR_FIELD_VALUE);
}

static void what_cannot_be_is_told(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct buf out = buf_in_arena(arena, 4096);
    struct value row[WIDTH], again[WIDTH];

    make_row(row);
    record_put_row(&out, &table, row, arena, /* normal= */ false);
    out.data[0] = 2; /* neither there nor missing */
    assert_err(read_row(arena, buf_str(&out), again), ERR_FIELD_VALUE);
    out.data[0] = 1;
    out.data[18] = 0x7f; /* a name as long as no memory */
    assert_err(read_row(arena, buf_str(&out), again), ERR_FIELD_VALUE);
    out.data[18] = 0;
    assert_ok(read_row(arena, buf_str(&out), again));
    memset(out.data + 1, 0, 16); /* an id that is there, and is none */
    assert_err(read_row(arena, buf_str(&out), again), ERR_FIELD_VALUE);
}

static void a_head_comes_back_and_names_its_writer_if_it_is_another(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct buf out = buf_in_arena(arena, 1 << 16);
    struct record_head head = {.schema = 3, .created = {99}, .version = STR("9.8.7")}, again;
    struct reason reason = {0};

    for (size_t i = 0; i < store_table_count; i++) {
        if (!store_tables[i].is_void) {
            head.tables[head.count++] = (struct record_table){(int64_t)i, 7};
        }
    }
    record_put_head(&out, &head);
    struct str bytes = buf_str(&out);
    struct record_input input = {.more = drip, .with = &bytes};
    assert_ok(record_read_head(&input, arena, &reason, &again));
    assert_int_equal(again.schema, 3);
    assert_int_equal(again.created.ms, 99);
    assert_int_equal(again.count, head.count);
    assert_int_equal(again.tables[1].rows, 1);
    char *column = memmem(out.data, out.len, "not_before", 10);
    assert_non_null(column);
    column[0] = 'h'; /* a column of another name */
    bytes = buf_str(&out);
    input = (struct record_input){.more = drip, .with = &bytes};
    assert_err(record_read_head(&input, arena, &reason, &again), ERR_FIELD_VALUE);
    assert_non_null(strstr(reason.detail, "signet 9.8.7 wrote it"));
}

static struct key32 digest_of(struct digester *digester, const struct value *row)
{
    struct content content;

    assert_ok(content_create(digester, &content));
    content_begin(&content);
    assert_ok(content_add(&content, &table, row));
    struct key32 digest = content.digest;
    content_destroy(&content);
    return digest;
}

static void the_digest_is_of_what_json_says_and_not_of_how(void **state)
{
    (void)state;
    struct digester *digester;
    struct value row[WIDTH];

    assert_ok(digester_create(&digester));
    make_row(row);
    struct key32 digest = digest_of(digester, row);
    row[6].text = STR("{\"a\":null,\"b\":1}");
    struct key32 same = digest_of(digester, row);
    assert_true(key32_eq(&digest, &same));
    row[6].text = STR("{\"a\":null,\"b\":2}");
    struct key32 other = digest_of(digester, row);
    assert_false(key32_eq(&digest, &other));
    digester_destroy(digester);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_comes_back),
        cmocka_unit_test(what_is_none_stays_none),
        cmocka_unit_test(every_end_that_comes_early_is_told),
        cmocka_unit_test(what_cannot_be_is_told),
        cmocka_unit_test(a_head_comes_back_and_names_its_writer_if_it_is_another),
        cmocka_unit_test(the_digest_is_of_what_json_says_and_not_of_how),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
