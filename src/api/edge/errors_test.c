#include "api/edge/edge.h"
#include "api/edge/shapes.h"
#include "base/arena.h"
#include "base/check.h"
#include "web/mock.h"
#include "wire/json.h"

#include <stdlib.h>

#define DETAIL "row 7 of /var/lib/signet.db"

/* The answer to an error whose cause is for the log alone. */
static struct mock *tell(enum err e, const char *field, const struct shape *body)
{
    static struct mock mock;

    mock_destroy(&mock);
    mock_make(&mock);
    mock.call.face = &edge_face;
    mock.call.body = body;
    mock.call.ctx.reason = (struct reason){.err = e, .field = str_of(field), .detail = DETAIL};
    edge_face.write_error(&mock.call, e);
    return &mock;
}

/* {"error": text} and nothing else: the text. */
static struct str text_of(struct mock *mock)
{
    static char expected[512];
    struct buf again = buf_over(expected, sizeof expected);
    struct message message = {0};

    assert_ok(json_read(mock->x.arena, mock->x.body, &error_shape, &message, NULL));
    json_write(&again, &error_shape, &message);
    buf_put_char(&again, '\0');
    assert_str(mock->x.body, expected);
    assert_string_equal(mock_header(mock, "Content-Type"), "application/json; charset=utf-8");
    return message.text;
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

static void every_error_is_one_member_with_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        assert_true(text_of(tell(all[i], NULL, NULL)).len > 0);
        assert_true(text_of(tell(all[i], "password", &new_admin_shape)).len > 0);
    }
}

static void no_error_tells_what_is_for_the_log(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct mock *mock = tell(all[i], "password", &credentials_shape);
        struct str body;
        assert_ok(arena_copy(mock->x.arena, mock->x.body, &body));
        assert_null(strstr(body.ptr, DETAIL));
        assert_null(strstr(body.ptr, "ERR_"));
        if (err_class(all[i]) == CLASS_INTERNAL) {
            assert_string_equal(body.ptr, "{\"error\":\"internal error\"}");
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
        struct mock *mock = tell(all[i], "password", &credentials_shape);
        int status = mock->x.status;
        mock->x.arena = arena_create(1, 1);
        mock->x.status = 0;
        mock->x.body = STR("");
        arena_destroy(mock->call.ctx.arena);
        mock->call.ctx.arena = mock->x.arena;
        edge_face.write_error(&mock->call, all[i]);
        assert_int_equal(mock->x.status, status);
        assert_int_equal(mock->x.body.len, 0);
    }
}

static void the_member_at_fault_is_named(void **state)
{
    (void)state;
    assert_str(text_of(tell(ERR_FIELD_TYPE, "password", &credentials_shape)),
               "invalid request body: password has the wrong type");
    assert_str(text_of(tell(ERR_FIELD_VALUE, "email", &new_admin_shape)),
               "invalid request body: email has a value that is not allowed");
    assert_str(text_of(tell(ERR_FIELD_MISSING, "password", &credentials_shape)),
               "invalid request body: password is required");
}

static void where_no_member_is_named_the_text_has_no_gap(void **state)
{
    (void)state;
    assert_str(text_of(tell(ERR_FIELD_TYPE, NULL, NULL)), "invalid request body");
    assert_str(text_of(tell(ERR_FIELD_VALUE, "", NULL)), "invalid request body");
    assert_str(text_of(tell(ERR_FIELD_MISSING, NULL, &credentials_shape)), "invalid request body");
}

static void where_the_document_prints_a_text_it_is_that(void **state)
{
    (void)state;
    assert_str(text_of(tell(ERR_TOKEN_MISSING, NULL, NULL)), "unauthorized");
    assert_str(text_of(tell(ERR_TOKEN_INVALID, NULL, NULL)), "unauthorized");
    assert_str(text_of(tell(ERR_CREDENTIALS, NULL, NULL)), "invalid username or password");
    assert_str(text_of(tell(ERR_CURRENT_PASSWORD, NULL, NULL)), "current password is incorrect");
    assert_str(text_of(tell(ERR_MISSING, NULL, NULL)), "admin not found");
    assert_str(text_of(tell(ERR_FIELD_MISSING, "email", &new_admin_shape)),
               "Username, password, and email are required");
    assert_str(text_of(tell(ERR_FIELD_MISSING, "username", NULL)), "Username is required");
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
        cmocka_unit_test(every_error_is_one_member_with_a_text),
        cmocka_unit_test(no_error_tells_what_is_for_the_log),
        cmocka_unit_test(whoever_is_not_known_is_told_how_to_say_who_they_are),
        cmocka_unit_test(without_memory_the_status_is_still_told),
        cmocka_unit_test(the_member_at_fault_is_named),
        cmocka_unit_test(where_no_member_is_named_the_text_has_no_gap),
        cmocka_unit_test(where_the_document_prints_a_text_it_is_that),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
