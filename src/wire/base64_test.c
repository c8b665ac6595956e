#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "wire/base64.h"

static void the_vectors_of_rfc_4648_without_padding(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } vectors[] = {
        {"",       ""        },
        {"f",      "Zg"      },
        {"fo",     "Zm8"     },
        {"foo",    "Zm9v"    },
        {"foob",   "Zm9vYg"  },
        {"fooba",  "Zm9vYmE" },
        {"foobar", "Zm9vYmFy"},
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        char memory[16];
        struct buf out = buf_over(memory, sizeof memory);
        struct str bytes;

        base64_put(&out, vectors[i].bytes, strlen(vectors[i].bytes));
        assert_str(buf_str(&out), vectors[i].text);
        assert_ok(base64_parse(arena, str_of(vectors[i].text), &bytes));
        assert_str(bytes, vectors[i].bytes);
    }
}

static void every_byte_and_every_length_come_back(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 20);
    char all[256], memory[400];

    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (char)(unsigned char)(255 - i);
    }
    for (size_t count = 0; count <= sizeof all; count++) {
        struct buf out = buf_over(memory, sizeof memory);
        struct str bytes;

        base64_put(&out, all, count);
        assert_ok(base64_parse(arena, buf_str(&out), &bytes));
        assert_int_equal(bytes.len, count);
        assert_memory_equal(bytes.ptr, all, count);
    }
    struct buf out = buf_over(memory, sizeof memory);
    base64_put(&out, "\xfb\xff\xfe", 3);
    assert_str(buf_str(&out), "-__-"); /* the URL-safe alphabet */
}

static void any_other_spelling_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "Z",    "Zg==",   "Zm8=",  "Zm9vZ", "Zm9v=",   "Zh",   "Zm9",      "Zm+v", "Zm/v",
        "Zm v", "Zm9v\n", " Zm9v", "Zm9v ", "Zm9\xc3", "Zm.v", "\xff\xff", "====",
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct str bytes;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(base64_parse(arena, str_of(bad[i]), &bytes), ERR_FIELD_VALUE);
    }
    assert_err(base64_parse(arena, (struct str){"Zm\0v", 4}, &bytes), ERR_FIELD_VALUE);
}

static void no_room_is_no_memory(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 4);
    char memory[7];
    struct buf out = buf_over(memory, sizeof memory);
    struct str text;

    base64_put(&out, "foobar", 6);
    assert_err(buf_end(&out, &text), ERR_MEMORY);
    assert_err(base64_parse(arena, STR("Zm9vYmFy"), &text), ERR_MEMORY);
}

static void the_padded_form_is_that_of_http(void **state)
{
    static const struct {
        const char *bytes, *text;
    } pairs[] = {
        {"",                    ""                            },
        {"f",                   "Zg=="                        },
        {"fo",                  "Zm8="                        },
        {"foo",                 "Zm9v"                        },
        {"\xfb\xff\xfe",        "+//+"                        },
        {"Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        char memory[64];
        struct buf out = buf_over(memory, sizeof memory);
        buf_put_char(&out, ' ');
        base64_put_padded(&out, pairs[i].bytes, strlen(pairs[i].bytes));
        assert_str(str_skip(buf_str(&out), 1), pairs[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_4648_without_padding),
        cmocka_unit_test(every_byte_and_every_length_come_back),
        cmocka_unit_test(any_other_spelling_is_refused),
        cmocka_unit_test(no_room_is_no_memory),
        cmocka_unit_test(the_padded_form_is_that_of_http),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
