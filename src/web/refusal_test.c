#include "base/arena.h"
#include "web/refusal.h"
#include "web/refusals.h"

#include <string.h>

static const struct face lines = {
    .name = {"lines", 5},
    .write_error = refuse_as_line,
};

static const struct face *face = &lines;

/* Every error has its place here: one that is missing has the status 0. */
static const int expected[] = {
    [ERR_OK] = 200,
    [ERR_REQUEST_MALFORMED] = 400,
    [ERR_BODY_MALFORMED] = 400,
    [ERR_FORM_MALFORMED] = 400,
    [ERR_FIELD_MISSING] = 400,
    [ERR_FIELD_TYPE] = 400,
    [ERR_FIELD_VALUE] = 400,
    [ERR_PASSWORD_SHORT] = 400,
    [ERR_PASSWORD_LONG] = 400,
    [ERR_PASSWORD_COMMON] = 400,
    [ERR_ROLE_UNKNOWN] = 400,
    [ERR_PERMISSION_UNKNOWN] = 400,
    [ERR_LINK] = 400,
    [ERR_TOKEN_MISSING] = 401,
    [ERR_TOKEN_INVALID] = 401,
    [ERR_CREDENTIALS] = 401,
    [ERR_CURRENT_PASSWORD] = 401,
    [ERR_FORBIDDEN] = 403,
    [ERR_ACCOUNT_STATE] = 403,
    [ERR_ELSEWHERE] = 403,
    [ERR_NO_ROUTE] = 404,
    [ERR_MISSING] = 404,
    [ERR_METHOD] = 405,
    [ERR_REQUEST_TIMEOUT] = 408,
    [ERR_TAKEN] = 409,
    [ERR_USERNAME_TAKEN] = 409,
    [ERR_EMAIL_TAKEN] = 409,
    [ERR_LAST_ADMIN] = 409,
    [ERR_IN_USE] = 409,
    [ERR_BUILT_IN] = 409,
    [ERR_LENGTH_REQUIRED] = 411,
    [ERR_BODY_LARGE] = 413,
    [ERR_PICTURE_LARGE] = 413,
    [ERR_TARGET_LONG] = 414,
    [ERR_BODY_TYPE] = 415,
    [ERR_FORM_TYPE] = 415,
    [ERR_PICTURE_TYPE] = 415,
    [ERR_EXPECTATION] = 417,
    [ERR_TOO_MANY] = 429,
    [ERR_HEADERS_LARGE] = 431,
    [ERR_STORE] = 500,
    [ERR_CRYPTO] = 500,
    [ERR_SYSTEM] = 500,
    [ERR_CONFIG] = 500,
    [ERR_METHOD_UNKNOWN] = 501,
    [ERR_BUSY] = 503,
    [ERR_STORE_DOWN] = 503,
    [ERR_PROVIDER] = 503,
    [ERR_STORE_FULL] = 503,
    [ERR_STORE_RETRY] = 503,
    [ERR_MEMORY] = 503,
    [ERR_VERSION_UNKNOWN] = 505,
};

static void every_error_has_its_status(void **state)
{
    (void)state;
    assert_int_equal(ARRAY_LEN(expected), ERRORS);
    for (size_t i = 0; i < ERRORS; i++) {
        assert_int_equal(refusal_status(every_error[i]), expected[every_error[i]]);
        assert_int_equal(refusal_of(face, every_error[i], NULL, NULL)->x.status,
                         expected[every_error[i]]);
    }
}

static void a_line_is_what_a_client_may_be_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRORS; i++) {
        struct mock *mock = refusal_of(face, every_error[i], "field", NULL);
        struct str line;
        assert_ok(arena_print(mock->x.arena, &line, "%s\n", err_text(every_error[i])));
        assert_str(mock->x.body, line.ptr);
        assert_string_equal(mock_header(mock, "Content-Type"), "text/plain; charset=utf-8");
    }
}

static struct str text_of(enum err e, const char *field)
{
    return refusal_text(&refusal_of(face, e, field, NULL)->call, e);
}

static void the_member_at_fault_is_named(void **state)
{
    (void)state;
    assert_str(text_of(ERR_FIELD_TYPE, "password"), "password has the wrong type");
    assert_str(text_of(ERR_FIELD_VALUE, "dob"), "dob has a value that is not allowed");
    assert_str(text_of(ERR_FIELD_MISSING, "password"), "password is required");
    assert_str(text_of(ERR_FIELD_TYPE, NULL), "a member has the wrong type");
    assert_str(text_of(ERR_TAKEN, "name"), "already exists");
}

static void what_is_not_there_is_named_but_not_at_any_length(void **state)
{
    (void)state;
    static char name[8192];

    memset(name, 'x', sizeof name - 1);
    assert_str(text_of(ERR_ROLE_UNKNOWN, "MANAGER"), "no such role: MANAGER");
    assert_str(text_of(ERR_PERMISSION_UNKNOWN, "READ_DATA"), "no such permission: READ_DATA");
    assert_true(text_of(ERR_PERMISSION_UNKNOWN, name).len < 150);
    assert_str(text_of(ERR_ROLE_UNKNOWN, ""), "no such role");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_status),
        cmocka_unit_test(a_line_is_what_a_client_may_be_told),
        cmocka_unit_test(the_member_at_fault_is_named),
        cmocka_unit_test(what_is_not_there_is_named_but_not_at_any_length),
        REFUSAL_TESTS(&face),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
