#include "api/self/self.h"
#include "base/arena.h"
#include "base/check.h"
#include "web/mock.h"

#define DETAIL "row 7 of /var/lib/signet.db"

static struct mock *tell(enum err e)
{
    static struct mock mock;

    mock_destroy(&mock);
    mock_make(&mock);
    mock.call.face = &self_face;
    mock.call.ctx.reason = (struct reason){.err = e, .field = STR("field"), .detail = DETAIL};
    self_face.write_error(&mock.call, e);
    return &mock;
}

/* Every error has its place here: one that is missing has the status 0. */
static const int expected[] = {
    [ERR_OK] = 200,
    [ERR_REQUEST_MALFORMED] = 400,
    [ERR_BODY_MALFORMED] = 400,
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
    [ERR_TARGET_LONG] = 414,
    [ERR_BODY_TYPE] = 415,
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
    [ERR_STORE_FULL] = 503,
    [ERR_STORE_RETRY] = 503,
    [ERR_MEMORY] = 503,
    [ERR_VERSION_UNKNOWN] = 505,
};

static const enum err all[] = {
#define X(name, class, text) name,
    ERR_TABLE(X)
#undef X
};

static void every_error_has_its_status(void **state)
{
    (void)state;
    assert_int_equal(ARRAY_LEN(expected), ARRAY_LEN(all));
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        assert_int_equal(tell(all[i])->x.status, expected[all[i]]);
    }
}

static void every_error_is_one_line_of_what_a_client_may_be_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct mock *mock = tell(all[i]);
        struct str line;
        assert_ok(arena_print(mock->x.arena, &line, "%s\n", err_text(all[i])));
        assert_str(mock->x.body, line.ptr);
        assert_string_equal(mock_header(mock, "Content-Type"), "text/plain; charset=utf-8");
        assert_int_equal(mock_header(mock, "WWW-Authenticate") != NULL, mock->x.status == 401);
    }
}

static void without_memory_the_status_is_still_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct mock *mock = tell(all[i]);
        arena_destroy(mock->x.arena);
        mock->call.ctx.arena = mock->x.arena = arena_create(1, 1);
        mock->x.status = 0;
        self_face.write_error(&mock->call, all[i]);
        assert_int_equal(mock->x.status, expected[all[i]]);
        assert_int_equal(mock->x.body.len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_status),
        cmocka_unit_test(every_error_is_one_line_of_what_a_client_may_be_told),
        cmocka_unit_test(without_memory_the_status_is_still_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
