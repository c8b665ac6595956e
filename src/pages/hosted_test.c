#include "base/arena.h"
#include "mail/settings.h"
#include "pages/hosted.h"
#include "pages/hosted_routes.h"
#include "web/refusals.h"

#include <stdlib.h>
#include <string.h>

static const struct mail_settings settings = {
    .name = {"Signet",  6},
      .colour = {"#2457c5", 7}
};

static const char *told(struct mock *mock, enum err e)
{
    struct str body;

    mock_make(mock);
    mock->call.settings = &settings;
    hosted_face.write_error(&mock->call, e);
    assert_ok(arena_copy(mock->x.arena, mock->x.body, &body));
    return body.ptr;
}

static void every_error_is_a_page_with_its_status(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRORS; i++) {
        static struct mock mock;
        const char *page = told(&mock, every_error[i]);
        assert_non_null(strstr(page, "<h1>"));
        assert_non_null(strstr(page, "</html>"));
        assert_null(strstr(page, err_name(every_error[i])));
        assert_string_equal(mock_header(&mock, "Content-Type"), "text/html; charset=utf-8");
        mock_destroy(&mock);
    }
}

static void a_link_that_does_not_count_is_told_whatever_is_wrong_with_it(void **state)
{
    (void)state;
    static const enum err wrong[] = {ERR_LINK, ERR_FIELD_MISSING, ERR_FIELD_VALUE};

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        static struct mock mock;
        assert_non_null(strstr(told(&mock, wrong[i]), "<h1>This link does not work</h1>"));
        assert_int_equal(mock.x.status, 400);
        mock_destroy(&mock);
    }
}

static void without_memory_there_is_still_a_status(void **state)
{
    (void)state;
    static struct mock mock;

    (void)told(&mock, ERR_OK);
    mock.x.body = STR("");
    arena_destroy(mock.x.arena);
    mock.call.ctx.arena = mock.x.arena = arena_create(1, 1);
    hosted_face.write_error(&mock.call, ERR_STORE_DOWN);
    assert_int_equal(mock.x.status, 503);
    assert_int_equal(mock.x.body.len, 0);
    mock_destroy(&mock);
}

/* A form that was filled in wrongly. */
static const char *form_page(struct mock *mock, enum err refused)
{
    struct password_form form = {.title = STR("Choose"),
                                 .action = STR("/there"),
                                 .intro = STR("Intro"),
                                 .button = STR("Go"),
                                 .token = STR("\"><script>"),
                                 .email = STR("a'b@example.com"),
                                 .needs_password = true,
                                 .refused = refused};
    struct str body;

    mock_make(mock);
    mock->call.settings = &settings;
    assert_ok(password_form_answer(&mock->call, &form));
    assert_ok(arena_copy(mock->x.arena, mock->x.body, &body));
    return body.ptr;
}

static void a_form_says_what_was_wrong_where_it_was(void **state)
{
    (void)state;
    static const enum err wrong[] = {ERR_PASSWORD_SHORT, ERR_PASSWORD_LONG, ERR_PASSWORD_COMMON,
                                     ERR_FIELD_MISSING};
    static struct mock mock;

    const char *page = form_page(&mock, ERR_OK);
    assert_int_equal(mock.x.status, 200);
    assert_null(strstr(page, "aria-invalid=\"true\""));
    assert_null(strstr(page, "<script"));
    assert_non_null(strstr(page, "value=\"a&#39;b@example.com\""));
    mock_destroy(&mock);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        page = form_page(&mock, wrong[i]);
        assert_int_equal(mock.x.status, 400);
        assert_non_null(strstr(page, "<title>Error: Choose"));
        assert_non_null(strstr(page, "aria-invalid=\"true\""));
        assert_non_null(strstr(page, "aria-describedby=\"error hint\""));
        assert_true(password_form_again(&mock.call, wrong[i]));
        mock_destroy(&mock);
    }
    mock_make(&mock);
    assert_false(password_form_again(&mock.call, ERR_LINK));
    assert_false(password_form_again(&mock.call, ERR_OK));
    mock_destroy(&mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_is_a_page_with_its_status),
        cmocka_unit_test(a_link_that_does_not_count_is_told_whatever_is_wrong_with_it),
        cmocka_unit_test(without_memory_there_is_still_a_status),
        cmocka_unit_test(a_form_says_what_was_wrong_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
