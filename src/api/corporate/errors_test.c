#include "api/corporate/corporate.h"
#include "base/arena.h"
#include "base/check.h"
#include "web/mock.h"
#include "wire/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DETAIL "row 7 of /var/lib/signet.db"
#define PATH   "/api/v1/auth/register"
#define LAST   "\"},\"path\":\"/api/v1/auth/register\"}"
#define AT     INT64_C(1757017108708)

enum {
    DETAILS = 4 /* its place among the members */
};

/* The answer to an error whose cause is for the log alone. */
static struct mock *tell(enum err e, const char *field, const char *authorization)
{
    static struct mock mock;

    mock_destroy(&mock);
    mock_make(&mock);
    mock_ask(&mock, POST, PATH);
    if (authorization) {
        mock_send_header(&mock, "authorization", authorization);
    }
    mock.call.face = &corporate_face;
    mock.call.ctx.now = (struct moment){AT};
    mock.call.ctx.reason = (struct reason){.err = e, .field = str_of(field), .detail = DETAIL};
    corporate_face.write_error(&mock.call, e);
    return &mock;
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

static const enum err all[] = {
#define X(name, class, text) name,
    ERR_TABLE(X)
#undef X
};

/* But for those that the document has as 400: a login that failed, an address in use. */
static bool fits(enum err_class class, int status)
{
    switch (class) {
    case CLASS_NONE:
        return status == 200;
    case CLASS_INPUT:
        return (status >= 400 && status < 500 && status != 401 && status != 403) || status == 501 ||
               status == 505;
    case CLASS_UNAUTHENTICATED:
        return status == 401 || status == 400;
    case CLASS_FORBIDDEN:
        return status == 403 || status == 400;
    case CLASS_MISSING:
        return status == 404;
    case CLASS_CONFLICT:
        return status == 409 || status == 400;
    case CLASS_TOO_MANY:
        return status == 409;
    case CLASS_UNAVAILABLE:
        return status == 503;
    case CLASS_INTERNAL:
        return status == 500;
    }
    return false;
}

static void every_error_has_a_status_of_its_class(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        assert_true(fits(err_class(all[i]), tell(all[i], NULL, NULL)->x.status));
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

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        const char *rest = body_of(tell(all[i], "password", NULL));
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

static void no_error_tells_what_is_for_the_log(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct mock *mock = tell(all[i], "password", NULL);
        assert_null(strstr(body_of(mock), DETAIL));
        if (err_class(all[i]) == CLASS_INTERNAL) {
            assert_has(mock,
                       "\"error\":\"Internal Server Error\",\"code\":\"ERR_500\","
                       "\"message\":\"Internal error\",\"details\":{\"cause\":\"Internal error\"}");
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
        struct mock *mock = tell(all[i], "password", NULL);
        int status = mock->x.status;
        mock->x.arena = arena_create(1, 1);
        mock->x.status = 0;
        mock->x.body = STR("");
        arena_destroy(mock->call.ctx.arena);
        mock->call.ctx.arena = mock->x.arena;
        corporate_face.write_error(&mock->call, all[i]);
        assert_int_equal(mock->x.status, status);
        assert_int_equal(mock->x.body.len, 0);
    }
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
        cmocka_unit_test(every_error_has_the_seven_members),
        cmocka_unit_test(the_printed_ones_are_as_printed),
        cmocka_unit_test(of_a_token_nothing_is_told_but_its_periods),
        cmocka_unit_test(no_error_tells_what_is_for_the_log),
        cmocka_unit_test(whoever_is_not_known_is_told_how_to_say_who_they_are),
        cmocka_unit_test(without_memory_the_status_is_still_told),
        cmocka_unit_test(the_member_at_fault_is_named),
        cmocka_unit_test(too_many_is_what_the_settings_say),
        cmocka_unit_test(a_conflict_is_not_called_too_many),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
