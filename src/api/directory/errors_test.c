#include "api/directory/directory.h"
#include "api/directory/shapes.h"
#include "base/arena.h"
#include "base/check.h"
#include "web/mock.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>

#define DETAIL "row 7 of /var/lib/signet.db"

/* The answer to an error whose cause is for the log alone. */
static struct mock *tell(enum err e, const char *field, const struct shape *body)
{
    static struct mock mock;

    mock_destroy(&mock);
    mock_make(&mock);
    mock.call.face = &directory_face;
    mock.call.body = body;
    mock.call.ctx.reason = (struct reason){.err = e, .field = str_of(field), .detail = DETAIL};
    directory_face.write_error(&mock.call, e);
    return &mock;
}

/* {"code": n, "message": text} and nothing else. */
static struct error_answer answer_of(struct mock *mock)
{
    static char expected[512];
    struct buf again = buf_over(expected, sizeof expected);
    struct error_answer answer = {0};

    assert_ok(json_read(mock->x.arena, mock->x.body, &directory_error_answer_shape, &answer, NULL));
    json_write(&again, &directory_error_answer_shape, &answer);
    buf_put_char(&again, '\0');
    assert_str(mock->x.body, expected);
    assert_string_equal(mock_header(mock, "Content-Type"), "application/json; charset=utf-8");
    assert_int_equal(answer.code / 10, mock->x.status);
    return answer;
}

static struct str text_of(struct mock *mock)
{
    return answer_of(mock).message;
}

static bool fits(enum err_class class, int status)
{
    switch (class) {
    case CLASS_NONE:
        return status == 200;
    case CLASS_INPUT:
        return (status >= 400 && status < 500 && status != 401 && status != 403) || status == 501 ||
               status == 505;
    case CLASS_UNAUTHENTICATED:
        return status == 401;
    case CLASS_FORBIDDEN:
        return status == 403;
    case CLASS_MISSING:
        return status == 404;
    case CLASS_CONFLICT:
        return status == 409;
    case CLASS_TOO_MANY:
        return status == 429;
    case CLASS_UNAVAILABLE:
        return status == 503;
    case CLASS_INTERNAL:
        return status == 500;
    }
    return false;
}

static const enum err all[] = {
#define X(name, class, text) name,
    ERR_TABLE(X)
#undef X
};

static void every_error_has_a_status_of_its_class(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        assert_true(fits(err_class(all[i]), tell(all[i], NULL, NULL)->x.status));
    }
}

static void every_error_is_a_code_and_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        assert_true(text_of(tell(all[i], NULL, NULL)).len > 0);
        assert_true(text_of(tell(all[i], "password", &directory_new_user_shape)).len > 0);
    }
}

static void no_error_tells_what_is_for_the_log(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct mock *mock = tell(all[i], "password", &directory_credentials_shape);
        struct str body;
        assert_ok(arena_copy(mock->x.arena, mock->x.body, &body));
        assert_null(strstr(body.ptr, DETAIL));
        assert_null(strstr(body.ptr, "ERR_"));
        if (err_class(all[i]) == CLASS_INTERNAL) {
            assert_string_equal(body.ptr, "{\"code\":5000,\"message\":\"internal error\"}");
        }
    }
}

static void whoever_is_not_known_is_told_how_to_say_who_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct mock *mock = tell(all[i], NULL, NULL);
        const char *challenge = mock_header(mock, "WWW-Authenticate");
        assert_int_equal(challenge != NULL, mock->x.status == 401);
        assert_true(!challenge || strcmp(challenge, "Bearer") == 0);
    }
}

static void without_memory_the_status_is_still_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct mock *mock = tell(all[i], "password", &directory_credentials_shape);
        int status = mock->x.status;
        mock->x.arena = arena_create(1, 1);
        mock->x.status = 0;
        mock->x.body = STR("");
        arena_destroy(mock->call.ctx.arena);
        mock->call.ctx.arena = mock->x.arena;
        directory_face.write_error(&mock->call, all[i]);
        assert_int_equal(mock->x.status, status);
        assert_int_equal(mock->x.body.len, 0);
    }
}

static void the_member_at_fault_is_named(void **state)
{
    (void)state;
    assert_str(text_of(tell(ERR_FIELD_TYPE, "password", &directory_credentials_shape)),
               "password has the wrong type");
    assert_str(text_of(tell(ERR_FIELD_VALUE, "dob", &directory_new_user_shape)),
               "dob has a value that is not allowed");
    assert_str(text_of(tell(ERR_FIELD_MISSING, "password", &directory_credentials_shape)),
               "password is required");
    assert_str(text_of(tell(ERR_FIELD_TYPE, NULL, NULL)), "a member has the wrong type");
}

static void what_is_not_there_is_named_but_not_at_any_length(void **state)
{
    (void)state;
    static char name[8192];

    memset(name, 'x', sizeof name - 1);
    assert_str(text_of(tell(ERR_ROLE_UNKNOWN, "MANAGER", NULL)), "no such role: MANAGER");
    assert_str(text_of(tell(ERR_PERMISSION_UNKNOWN, "READ_DATA", NULL)),
               "no such permission: READ_DATA");
    assert_true(text_of(tell(ERR_PERMISSION_UNKNOWN, name, NULL)).len < 150);
    assert_str(text_of(tell(ERR_ROLE_UNKNOWN, "", NULL)), "no such role");
}

/* The codes of docs/faces/directory.md: what clients have been told does not change. */
static void the_codes_are_those_that_are_written_down(void **state)
{
    (void)state;
    static const struct {
        enum err error;
        int code;
    } list[] = {
        {ERR_REQUEST_MALFORMED,  4000},
        {ERR_BODY_MALFORMED,     4001},
        {ERR_FIELD_MISSING,      4002},
        {ERR_FIELD_TYPE,         4003},
        {ERR_FIELD_VALUE,        4004},
        {ERR_PASSWORD_SHORT,     4005},
        {ERR_PASSWORD_LONG,      4006},
        {ERR_PASSWORD_COMMON,    4007},
        {ERR_LINK,               4004},
        {ERR_ROLE_UNKNOWN,       4008},
        {ERR_PERMISSION_UNKNOWN, 4009},
        {ERR_TOKEN_MISSING,      4010},
        {ERR_TOKEN_INVALID,      4011},
        {ERR_CREDENTIALS,        4012},
        {ERR_CURRENT_PASSWORD,   4013},
        {ERR_FORBIDDEN,          4030},
        {ERR_ACCOUNT_STATE,      4031},
        {ERR_NO_ROUTE,           4040},
        {ERR_MISSING,            4041},
        {ERR_METHOD,             4050},
        {ERR_REQUEST_TIMEOUT,    4080},
        {ERR_TAKEN,              4090},
        {ERR_USERNAME_TAKEN,     4091},
        {ERR_EMAIL_TAKEN,        4092},
        {ERR_LAST_ADMIN,         4093},
        {ERR_IN_USE,             4094},
        {ERR_BUILT_IN,           4095},
        {ERR_LENGTH_REQUIRED,    4110},
        {ERR_BODY_LARGE,         4130},
        {ERR_TARGET_LONG,        4140},
        {ERR_BODY_TYPE,          4150},
        {ERR_EXPECTATION,        4170},
        {ERR_TOO_MANY,           4290},
        {ERR_HEADERS_LARGE,      4310},
        {ERR_SYSTEM,             5000},
        {ERR_METHOD_UNKNOWN,     5010},
        {ERR_BUSY,               5030},
        {ERR_STORE_DOWN,         5031},
        {ERR_STORE_FULL,         5032},
        {ERR_VERSION_UNKNOWN,    5050},
    };

    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        assert_int_equal(answer_of(tell(list[i].error, NULL, NULL)).code, list[i].code);
    }
}

static int set_up(void **state)
{
    (void)state;
    json_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_a_status_of_its_class),
        cmocka_unit_test(every_error_is_a_code_and_a_text),
        cmocka_unit_test(no_error_tells_what_is_for_the_log),
        cmocka_unit_test(whoever_is_not_known_is_told_how_to_say_who_they_are),
        cmocka_unit_test(without_memory_the_status_is_still_told),
        cmocka_unit_test(the_member_at_fault_is_named),
        cmocka_unit_test(what_is_not_there_is_named_but_not_at_any_length),
        cmocka_unit_test(the_codes_are_those_that_are_written_down),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
