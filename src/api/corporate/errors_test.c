#include "api/corporate/corporate.h"
#include "base/arena.h"
#include "web/refusal.h"
#include "web/refusals.h"
#include "wire/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH "/api/v1/auth/register"
#define LAST "\"},\"path\":\"/api/v1/auth/register\"}"
#define AT   INT64_C(1757017108708)

static const struct face *face = &corporate_face;

enum {
    DETAILS = 4 /* its place among the members */
};

/* As it is told to a client of this path at this time. */
static struct mock *tell(enum err e, const char *field, const char *authorization)
{
    struct mock *mock = refusal_of(face, e, field, NULL);

    mock_ask(mock, POST, PATH);
    if (authorization) {
        mock_send_header(mock, "authorization", authorization);
    }
    mock->call.ctx.now = (struct moment){AT};
    mock->x.headers.len = 0;
    corporate_face.write_error(&mock->call, e);
    return mock;
}

static const char *body_of(struct mock *mock)
{
    struct str body;

    assert_ok(arena_copy(mock->x.arena, mock->x.body, &body));
    assert_string_equal(mock_header(mock, "Content-Type"), "application/json; charset=utf-8");
    return body.ptr;
}

static void assert_has(struct mock *mock, const char *text)
{
    if (!strstr(body_of(mock), text)) {
        print_error("%s is not in %s\n", text, body_of(mock));
    }
    assert_non_null(strstr(body_of(mock), text));
}

/* But for those that the document has as 400: a login that failed, an address in use; and 409. */
static void an_error_has_its_usual_status_unless_the_document_differs(void **state)
{
    static const int differing[ERRORS] = {
        [ERR_CREDENTIALS] = 400,    [ERR_CURRENT_PASSWORD] = 400, [ERR_ACCOUNT_STATE] = 400,
        [ERR_USERNAME_TAKEN] = 400, [ERR_EMAIL_TAKEN] = 400,      [ERR_TOO_MANY] = 409,
    };

    (void)state;
    for (size_t i = 0; i < ERRORS; i++) {
        enum err e = every_error[i];
        assert_int_equal(tell(e, NULL, NULL)->x.status,
                         differing[e] ? differing[e] : refusal_status(e));
    }
}

static void every_error_has_the_seven_members(void **state)
{
    (void)state;
    static const char *const members[] = {
        "{\"timestamp\":\"2025-09-04T20:18:28.7080000\",\"status\":",
        ",\"error\":\"",
        "\",\"code\":\"ERR_",
        "\",\"message\":\"",
        "\",\"details\":{",
        "\"cause\":\"",
        LAST};

    for (size_t i = 0; i < ERRORS; i++) {
        const char *rest = body_of(tell(every_error[i], "password", NULL));
        for (size_t m = 0; m < ARRAY_LEN(members); m++) {
            rest = strstr(rest, members[m]);
            assert_non_null(rest);
            rest += strlen(members[m]);
            assert_true(m == DETAILS || *rest != '"'); /* no text is empty */
        }
        assert_string_equal(rest, "");
    }
}

static void the_printed_ones_are_as_printed(void **state)
{
    (void)state;
    assert_string_equal(body_of(tell(ERR_EMAIL_TAKEN, "email", NULL)),
                        "{\"timestamp\":\"2025-09-04T20:18:28.7080000\",\"status\":400,"
                        "\"error\":\"Bad Request\",\"code\":\"ERR_400\","
                        "\"message\":\"Invalid request\","
                        "\"details\":{\"cause\":\"Email is already in use\"},"
                        "\"path\":\"/api/v1/auth/register\"}");
    assert_string_equal(
        body_of(tell(ERR_TOKEN_INVALID, NULL, "Bearer rubbish")),
        "{\"timestamp\":\"2025-09-04T20:18:28.7080000\",\"status\":401,"
        "\"error\":\"Unauthorized\",\"code\":\"ERR_401_JWT\","
        "\"message\":\"Invalid or expired JWT token\","
        "\"details\":{\"JWTException\":\"JWT strings must contain exactly 2 period characters. "
        "Found: 0\",\"cause\":\"Full authentication is required to access this resource\"},"
        "\"path\":\"/api/v1/auth/register\"}");
}

static void of_a_token_nothing_is_told_but_its_periods(void **state)
{
    (void)state;
    assert_has(tell(ERR_TOKEN_INVALID, NULL, "Bearer a.b.c.d"), "characters. Found: 3\"");
    assert_has(tell(ERR_TOKEN_INVALID, NULL, "Bearer a.b.c"),
               "\"JWTException\":\"JWT is not valid here, has expired, or has been ended\"");
    assert_null(strstr(body_of(tell(ERR_TOKEN_MISSING, NULL, NULL)), "JWTException"));
}

static void the_member_at_fault_is_named(void **state)
{
    (void)state;
    assert_has(tell(ERR_FIELD_MISSING, "fullName", NULL), "\"cause\":\"fullName is required\"");
    assert_has(tell(ERR_FIELD_TYPE, "password", NULL), "\"cause\":\"password has the wrong type\"");
    assert_has(tell(ERR_FIELD_VALUE, "email", NULL),
               "\"cause\":\"email has a value that is not allowed\"");
    assert_has(tell(ERR_FIELD_TYPE, NULL, NULL), "\"cause\":\"A member has the wrong type\"");
}

static void too_many_is_what_the_settings_say(void **state)
{
    (void)state;
    struct corporate_settings settings = {.too_many = STR("409")};
    struct mock *mock = tell(ERR_TOO_MANY, NULL, NULL);

    assert_has(mock, "\"status\":409,\"error\":\"Too Many Requests\",\"code\":\"ERR_409\"");
    mock->call.settings = &settings;
    mock->x.headers.len = 0;
    corporate_face.write_error(&mock->call, ERR_TOO_MANY);
    assert_has(mock, "\"status\":409,\"error\":\"Too Many Requests\",\"code\":\"ERR_409\"");
    settings.too_many = STR("429");
    mock->x.headers.len = 0;
    corporate_face.write_error(&mock->call, ERR_TOO_MANY);
    assert_has(mock, "\"status\":429,\"error\":\"Too Many Requests\",\"code\":\"ERR_429\"");
    assert_int_equal(mock->x.status, 429);
}

static void a_conflict_is_not_called_too_many(void **state)
{
    (void)state;
    assert_has(tell(ERR_IN_USE, NULL, NULL), "\"status\":409,\"error\":\"Conflict\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_has_its_usual_status_unless_the_document_differs),
        cmocka_unit_test(every_error_has_the_seven_members),
        cmocka_unit_test(the_printed_ones_are_as_printed),
        cmocka_unit_test(of_a_token_nothing_is_told_but_its_periods),
        REFUSAL_TESTS(&face),
        cmocka_unit_test(the_member_at_fault_is_named),
        cmocka_unit_test(too_many_is_what_the_settings_say),
        cmocka_unit_test(a_conflict_is_not_called_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
