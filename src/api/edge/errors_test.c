#include "api/edge/edge.h"
#include "api/edge/shapes.h"
#include "base/arena.h"
#include "web/refusals.h"
#include "wire/json.h"

#include <stdlib.h>

static const struct face *face = &edge_face;

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

static void every_error_is_one_member_with_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRORS; i++) {
        assert_true(text_of(refusal_of(face, every_error[i], NULL, NULL)).len > 0);
        assert_true(text_of(refusal_of(face, every_error[i], "password", &new_admin_shape)).len >
                    0);
    }
}

static void the_member_at_fault_is_named(void **state)
{
    (void)state;
    assert_str(text_of(refusal_of(face, ERR_FIELD_TYPE, "password", &credentials_shape)),
               "invalid request body: password has the wrong type");
    assert_str(text_of(refusal_of(face, ERR_FIELD_VALUE, "email", &new_admin_shape)),
               "invalid request body: email has a value that is not allowed");
    assert_str(text_of(refusal_of(face, ERR_FIELD_MISSING, "password", &credentials_shape)),
               "invalid request body: password is required");
}

static void where_no_member_is_named_the_text_has_no_gap(void **state)
{
    (void)state;
    assert_str(text_of(refusal_of(face, ERR_FIELD_TYPE, NULL, NULL)), "invalid request body");
    assert_str(text_of(refusal_of(face, ERR_FIELD_VALUE, "", NULL)), "invalid request body");
    assert_str(text_of(refusal_of(face, ERR_FIELD_MISSING, NULL, &credentials_shape)),
               "invalid request body");
}

static void where_the_document_prints_a_text_it_is_that(void **state)
{
    (void)state;
    assert_str(text_of(refusal_of(face, ERR_TOKEN_MISSING, NULL, NULL)), "unauthorized");
    assert_str(text_of(refusal_of(face, ERR_TOKEN_INVALID, NULL, NULL)), "unauthorized");
    assert_str(text_of(refusal_of(face, ERR_CREDENTIALS, NULL, NULL)),
               "invalid username or password");
    assert_str(text_of(refusal_of(face, ERR_CURRENT_PASSWORD, NULL, NULL)),
               "current password is incorrect");
    assert_str(text_of(refusal_of(face, ERR_MISSING, NULL, NULL)), "admin not found");
    assert_str(text_of(refusal_of(face, ERR_FIELD_MISSING, "email", &new_admin_shape)),
               "Username, password, and email are required");
    assert_str(text_of(refusal_of(face, ERR_FIELD_MISSING, "username", NULL)),
               "Username is required");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(an_error_has_the_status_of_its_class, &face),
        cmocka_unit_test(every_error_is_one_member_with_a_text),
        REFUSAL_TESTS(&face),
        cmocka_unit_test(the_member_at_fault_is_named),
        cmocka_unit_test(where_no_member_is_named_the_text_has_no_gap),
        cmocka_unit_test(where_the_document_prints_a_text_it_is_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
