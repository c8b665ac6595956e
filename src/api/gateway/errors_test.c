#include "api/gateway/gateway.h"
#include "api/gateway/shapes.h"
#include "base/arena.h"
#include "web/refusals.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>

static const struct face *face = &gateway_face;

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

static void every_error_is_a_code_and_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRORS; i++) {
        assert_true(text_of(refusal_of(face, every_error[i], NULL, NULL)).len > 0);
        assert_true(
            text_of(refusal_of(face, every_error[i], "password", &gateway_new_role_shape)).len > 0);
    }
}

static void the_member_at_fault_is_named(void **state)
{
    (void)state;
    struct error_answer told =
        answer_of(refusal_of(face, ERR_FIELD_TYPE, "name", &gateway_new_role_shape));

    assert_str(told.error.message, "name has the wrong type");
    assert_str(told.error.details.field, "name");
    assert_str(text_of(refusal_of(face, ERR_FIELD_VALUE, "limit", NULL)),
               "limit has a value that is not allowed");
    assert_str(text_of(refusal_of(face, ERR_FIELD_MISSING, "name", NULL)), "name is required");
    told = answer_of(refusal_of(face, ERR_FIELD_TYPE, NULL, NULL));
    assert_str(told.error.message, "a member has the wrong type");
    assert_int_equal(told.error.details_are, PRESENCE_ABSENT);
    assert_int_equal(answer_of(refusal_of(face, ERR_TAKEN, "name", NULL)).error.details_are,
                     PRESENCE_ABSENT);
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
        struct mock *mock = refusal_of(face, list[i].error, NULL, NULL);
        assert_int_equal(mock->x.status, list[i].status);
        assert_str(answer_of(mock).error.code, list[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(an_error_has_the_status_of_its_class, &face),
        cmocka_unit_test(every_error_is_a_code_and_a_text),
        REFUSAL_TESTS(&face),
        cmocka_unit_test(the_member_at_fault_is_named),
        cmocka_unit_test(the_codes_are_those_that_are_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
