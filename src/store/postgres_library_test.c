/* What libpq's functions are to us, whichever of its versions is installed. */
#include "base/buf.h"
#include "base/check.h"
#include "store/postgres.h"
#include "store/postgres_library.h"

#include <string.h>

static void every_function_is_found(void **state)
{
    struct postgres_library pq;
    struct reason reason = {0};

    (void)state;
    assert_ok(postgres_library_load(&reason, &pq));
#define FUNCTION(name, function) assert_non_null(pq.name);
    POSTGRES_FUNCTIONS(FUNCTION)
#undef FUNCTION
}

static void each_name_is_the_function_of_its_type(void **state)
{
    struct postgres_library pq;
    char *words = NULL;

    (void)state;
    assert_ok(postgres_library_load(NULL, &pq));
    PQconninfoOption *options = pq.conninfo_parse("postgresql://host/base", &words);
    assert_non_null(options);
    assert_null(words);
    pq.conninfo_free(options);
    assert_null(pq.conninfo_parse("postgresql://[", &words));
    assert_non_null(words);
    pq.free(words);
}

static void it_is_the_same_library_each_time(void **state)
{
    struct postgres_library one, other;

    (void)state;
    assert_ok(postgres_library_load(NULL, &one));
    assert_ok(postgres_library_load(NULL, &other));
    assert_memory_equal(&one, &other, sizeof one);
}

static void its_version_is_told(void **state)
{
    char memory[32], wanted[32] = "";
    struct postgres_library pq;
    struct buf out = buf_over(memory, sizeof memory);
    struct buf number = buf_over(wanted, sizeof wanted - 1);

    (void)state;
    assert_ok(postgres_library_load(NULL, &pq));
    postgres_library(&out);
    buf_print(&number, "%d.%d", pq.version() / 10000, pq.version() % 10000);
    assert_str(buf_str(&out), wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_is_found),
        cmocka_unit_test(each_name_is_the_function_of_its_type),
        cmocka_unit_test(it_is_the_same_library_each_time),
        cmocka_unit_test(its_version_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
