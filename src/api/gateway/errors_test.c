#include "api/gateway/gateway.h"
#include "api/gateway/shapes.h"
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
    mock.call.face = &gateway_face;
    mock.call.body = body;
    mock.call.request_id = STR("request-7");
    mock.call.ctx.now = (struct moment){1};
    mock.call.ctx.reason = (struct reason){.err = e, .field = str_of(field), .detail = DETAIL};
    gateway_face.write_error(&mock.call, e);
    return &mock;
}

/* The envelope with an error in it, and nothing else. */
static struct error_answer answer_of(struct mock *mock)
{
    static char expected[1024];
    struct buf again = buf_over(expected, sizeof expected);
    struct error_answer answer = {0};

    assert_ok(json_read(mock->x.arena, mock->x.body, &gateway_error_answer_shape, &answer, NULL));
    json_write(&again, &gateway_error_answer_shape, &answer);
    buf_put_char(&again, '\0');
    assert_str(mock->x.body, expected);
    assert_string_equal(mock_header(mock, "Content-Type"), "application/json; charset=utf-8");
    assert_false(answer.envelope.success);
    assert_str(answer.envelope.request_id, "request-7");
    return answer;
}

static struct str text_of(struct mock *mock)
{
    return answer_of(mock).error.message;
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
        assert_true(text_of(tell(all[i], "password", &gateway_new_role_shape)).len > 0);
    }
}

static void no_error_tells_what_is_for_the_log(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct mock *mock = tell(all[i], "password", &gateway_new_role_shape);
        struct str body;
        assert_ok(arena_copy(mock->x.arena, mock->x.body, &body));
        assert_null(strstr(body.ptr, DETAIL));
        assert_null(strstr(body.ptr, "ERR_"));
        if (err_class(all[i]) == CLASS_INTERNAL) {
            assert_non_null(strstr(body.ptr,
                                   "{\"code\":\"INTERNAL_ERROR\","
                                   "\"message\":\"internal error\"}"));
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
        struct mock *mock = tell(all[i], "password", &gateway_new_role_shape);
        int status = mock->x.status;
        mock->x.arena = arena_create(1, 1);
        mock->x.status = 0;
        mock->x.body = STR("");
        arena_destroy(mock->call.ctx.arena);
        mock->call.ctx.arena = mock->x.arena;
        gateway_face.write_error(&mock->call, all[i]);
        assert_int_equal(mock->x.status, status);
        assert_int_equal(mock->x.body.len, 0);
    }
}

static void the_member_at_fault_is_named(void **state)
{
    (void)state;
    struct error_answer told = answer_of(tell(ERR_FIELD_TYPE, "name", &gateway_new_role_shape));

    assert_str(told.error.message, "name has the wrong type");
    assert_str(told.error.details.field, "name");
    assert_str(text_of(tell(ERR_FIELD_VALUE, "limit", NULL)),
               "limit has a value that is not allowed");
    assert_str(text_of(tell(ERR_FIELD_MISSING, "name", NULL)), "name is required");
    told = answer_of(tell(ERR_FIELD_TYPE, NULL, NULL));
    assert_str(told.error.message, "a member has the wrong type");
    assert_int_equal(told.error.details_are, PRESENCE_ABSENT);
    assert_int_equal(answer_of(tell(ERR_TAKEN, "name", NULL)).error.details_are, PRESENCE_ABSENT);
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

/* The codes of docs/faces/gateway.md: what clients have been told does not change. */
static void the_codes_are_those_that_are_written_down(void **state)
{
    (void)state;
    static const struct {
        enum err error;
        int status;
        const char *code;
    } list[] = {
        {ERR_REQUEST_MALFORMED,  400, "REQUEST_REFUSED"    },
        {ERR_BODY_MALFORMED,     400, "BODY_MALFORMED"     },
        {ERR_FIELD_MISSING,      400, "FIELD_REQUIRED"     },
        {ERR_FIELD_TYPE,         400, "FIELD_TYPE"         },
        {ERR_FIELD_VALUE,        400, "FIELD_VALUE"        },
        {ERR_PASSWORD_SHORT,     400, "PASSWORD_REFUSED"   },
        {ERR_ROLE_UNKNOWN,       400, "ROLE_UNKNOWN"       },
        {ERR_PERMISSION_UNKNOWN, 400, "PERMISSION_UNKNOWN" },
        {ERR_TOKEN_MISSING,      401, "TOKEN_MISSING"      },
        {ERR_TOKEN_INVALID,      401, "TOKEN_INVALID"      },
        {ERR_CREDENTIALS,        401, "CREDENTIALS_INVALID"},
        {ERR_FORBIDDEN,          403, "FORBIDDEN"          },
        {ERR_ACCOUNT_STATE,      403, "ACCOUNT_NOT_ACTIVE" },
        {ERR_NO_ROUTE,           404, "NOT_FOUND"          },
        {ERR_MISSING,            404, "NOT_FOUND"          },
        {ERR_METHOD,             405, "METHOD_NOT_ALLOWED" },
        {ERR_TAKEN,              409, "ALREADY_EXISTS"     },
        {ERR_LAST_ADMIN,         409, "LAST_ADMIN"         },
        {ERR_IN_USE,             409, "IN_USE"             },
        {ERR_BUILT_IN,           409, "BUILT_IN"           },
        {ERR_BODY_LARGE,         413, "REQUEST_REFUSED"    },
        {ERR_BODY_TYPE,          415, "REQUEST_REFUSED"    },
        {ERR_TOO_MANY,           429, "TOO_MANY_REQUESTS"  },
        {ERR_HEADERS_LARGE,      431, "REQUEST_REFUSED"    },
        {ERR_SYSTEM,             500, "INTERNAL_ERROR"     },
        {ERR_BUSY,               503, "UNAVAILABLE"        },
        {ERR_STORE_DOWN,         503, "UNAVAILABLE"        },
    };

    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        struct mock *mock = tell(list[i].error, NULL, NULL);
        assert_int_equal(mock->x.status, list[i].status);
        assert_str(answer_of(mock).error.code, list[i].code);
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
