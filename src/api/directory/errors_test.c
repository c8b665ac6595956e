#include "api/directory/directory.h"
#include "api/directory/shapes.h"
#include "base/arena.h"
#include "web/refusals.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>

static const struct face *face = &directory_face;

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

static void every_error_is_a_code_and_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRORS; i++) {
        assert_true(text_of(refusal_of(face, every_error[i], NULL, NULL)).len > 0);
        assert_true(
            text_of(refusal_of(face, every_error[i], "password", &directory_new_user_shape)).len >
            0);
    }
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
        assert_int_equal(answer_of(refusal_of(face, list[i].error, NULL, NULL)).code, list[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(an_error_has_the_status_of_its_class, &face),
        cmocka_unit_test(every_error_is_a_code_and_a_text),
        REFUSAL_TESTS(&face),
        cmocka_unit_test(the_codes_are_those_that_are_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
