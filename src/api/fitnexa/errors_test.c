#include "api/fitnexa/fitnexa.h"
#include "api/fitnexa/shapes.h"
#include "base/arena.h"
#include "web/refusals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct face *face = &fitnexa_face;

static const char *body_of(struct mock *mock)
{
    struct str body;

    assert_ok(arena_copy(mock->x.arena, mock->x.body, &body));
    assert_string_equal(mock_header(mock, "Content-Type"), "application/json; charset=utf-8");
    return body.ptr;
}

static void assert_told(enum err e, const char *field, int status, const char *text)
{
    char expected[256];

    (void)snprintf(expected, sizeof expected,
                   "{\"error\":\"%s\",\"statusCode\":%d,\"service\":\"identity-service\"}", text,
                   status);
    assert_string_equal(
        body_of(refusal_of(face, e, field, field ? &fitnexa_registration_shape : NULL)), expected);
}

static void an_error_is_a_text_its_status_and_the_service(void **state)
{
    (void)state;
    assert_told(ERR_TOKEN_MISSING, NULL, 401, "authentication required");
    assert_told(ERR_FORBIDDEN, NULL, 403, "forbidden");
    assert_told(ERR_NO_ROUTE, NULL, 404, "not found");
    assert_told(ERR_EMAIL_TAKEN, NULL, 409, "email already exists");
    assert_told(ERR_TOO_MANY, NULL, 429, "too many attempts");
    assert_told(ERR_SYSTEM, NULL, 500, "internal error");
}

static void logins_are_refused_in_the_words_of_the_document(void **state)
{
    (void)state;
    assert_told(ERR_CREDENTIALS, NULL, 401, "invalid email or password");
    assert_told(ERR_ELSEWHERE, NULL, 403, "the account belongs to another gym");
    assert_told(ERR_ACCOUNT_STATE, NULL, 403, "the account is not active");
}

static void the_member_at_fault_is_named(void **state)
{
    (void)state;
    assert_told(ERR_FIELD_MISSING, "email", 400, "email is required");
    assert_told(ERR_FIELD_TYPE, "firstName", 400, "firstName has the wrong type");
    assert_told(ERR_FIELD_VALUE, "email", 400, "email has a value that is not allowed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(an_error_has_the_status_of_its_class, &face),
        cmocka_unit_test(an_error_is_a_text_its_status_and_the_service),
        REFUSAL_TESTS(&face),
        cmocka_unit_test(logins_are_refused_in_the_words_of_the_document),
        cmocka_unit_test(the_member_at_fault_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
