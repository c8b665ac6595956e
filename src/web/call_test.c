#include "base/arena.h"
#include "base/check.h"
#include "web/call.h"
#include "web/mock.h"

static int make(void **state)
{
    static struct mock mock;

    mock_make(&mock);
    *state = &mock;
    return 0;
}

static int destroy(void **state)
{
    mock_destroy(*state);
    return 0;
}

static struct str cookie(struct mock *mock, const char *header, const char *name)
{
    mock->x.request.header_count = 0;
    mock_send_header(mock, "Cookie", header);
    return call_cookie(&mock->call, str_of(name));
}

static void a_cookie_is_found_among_others(void **state)
{
    struct mock *mock = *state;

    assert_str(cookie(mock, "sid=1", "sid"), "1");
    assert_str(cookie(mock, "a=0; sid=1; b=2", "sid"), "1");
    assert_str(cookie(mock, "a=0;sid=1;b=2", "sid"), "1");
    assert_str(cookie(mock, "sid=a=b==", "sid"), "a=b==");
    assert_str(cookie(mock, "sid=", "sid"), "");
}

static void a_cookie_that_is_not_there_is_no_text(void **state)
{
    struct mock *mock = *state;

    assert_false(str_is_set(call_cookie(&mock->call, STR("sid"))));
    static const char *const others[] = {"", ";", "sid", "SID=1", "xsid=1", "sidx=1", "a=sid=1"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_false(str_is_set(cookie(mock, others[i], "sid")));
    }
}

static void a_cookie_that_stands_twice_is_none(void **state)
{
    assert_false(str_is_set(cookie(*state, "sid=1; sid=2", "sid")));
    assert_false(str_is_set(cookie(*state, "sid=1; a=0; sid=1", "sid")));
    assert_false(str_is_set(cookie(*state, "sid=; sid=1", "sid")));
    assert_str(cookie(*state, "sid; sid=1", "sid"), "1"); /* a value without a name is another */
    assert_str(cookie(*state, "sid=1; sid", "sid"), "1");
}

struct thing {
    struct str name;
    int64_t number;
};
static const struct field thing_fields[] = {
    FIELD(struct thing, name, "name", REQUIRED),
    FIELD(struct thing, number, "number", OPTIONAL),
};
static const struct shape thing_shape = SHAPE(thing_fields, MOMENT_SECONDS);
static const struct route thing_route = {ASKS(thing_shape), TAKES(thing_shape),
                                         GIVES(201, thing_shape)};
static const struct route silent_route = {GIVES_NOTHING(204)};

static enum err read_as(struct mock *mock, const char *type, struct thing *ret)
{
    mock->x.request.header_count = 0;
    mock->call.ctx.reason = (struct reason){0};
    if (type) {
        mock_send_header(mock, "content-type", type);
    }
    mock->call.route = &thing_route;
    return read_body(&mock->call, ret);
}

static void json_is_read_whatever_way_its_type_is_written(void **state)
{
    static const char *const good[] = {
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json ; charset=\"utf-8\"",
        "application/json;",
    };
    struct mock *mock = *state;

    mock->x.request.body = STR("{\"name\": \"a\", \"number\": 7, \"more\": []}");
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct thing thing = {0};
        assert_ok(read_as(mock, good[i], &thing));
        assert_str(thing.name, "a");
        assert_int_equal(thing.number, 7);
        assert_ptr_equal(mock->call.body, &thing_shape);
    }
}

static void a_form_is_read_where_the_row_takes_one_and_nothing_else_is(void **state)
{
    static const struct route form_route = {TAKES_FORM(thing_shape), GIVES(201, thing_shape)};
    struct mock *mock = *state;
    struct thing thing = {0};

    mock->call.route = &form_route;
    mock_send_header(mock, "content-type", "application/x-www-form-urlencoded; charset=UTF-8");
    mock->x.request.body = STR("name=a+b%26c&number=7&other=1");
    assert_ok(read_body(&mock->call, &thing));
    assert_str(thing.name, "a b&c");
    assert_int_equal(thing.number, 7);
    mock->x.request.body = STR("number=7");
    assert_err(read_body(&mock->call, &thing), ERR_FIELD_MISSING);
    mock->x.request.header_count = 0;
    mock_send_header(mock, "content-type", "application/json");
    mock->x.request.body = STR("{\"name\":\"a\"}");
    assert_err(read_body(&mock->call, &thing), ERR_BODY_TYPE);
}

static void a_body_of_another_type_is_not_looked_at(void **state)
{
    static const char *const bad[] = {
        NULL,
        "",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/json-patch+json",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "application/json; charset=utf-16",
        "application/json, application/json",
        "multipart/form-data; boundary=application/json",
    };
    struct mock *mock = *state;
    struct thing thing = {0};

    mock->x.request.body = STR("{\"name\": \"a\"}");
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(read_as(mock, bad[i], &thing), ERR_BODY_TYPE);
        assert_false(str_is_set(thing.name));
    }
}

static void nothing_will_do_where_the_row_says_so(void **state)
{
    static const struct route route = {TAKES_IF_ANY(thing_shape), GIVES_NOTHING(204)};
    struct mock *mock = *state;
    struct thing thing = {.number = 7};

    mock->call.route = &route;
    mock->x.request.body = STR("");
    assert_ok(read_body(&mock->call, &thing));
    assert_int_equal(thing.number, 7);
    mock->x.request.body = STR("{");
    assert_err(read_body(&mock->call, &thing), ERR_BODY_TYPE);
    mock_send_header(mock, "content-type", "application/json");
    assert_err(read_body(&mock->call, &thing), ERR_BODY_MALFORMED);
}

static void what_is_wrong_with_a_body_is_told_with_the_member(void **state)
{
    struct mock *mock = *state;
    struct thing thing = {0};

    mock->x.request.body = STR("{\"name\": \"a\"");
    assert_err(read_as(mock, "application/json", &thing), ERR_BODY_MALFORMED);
    mock->x.request.body = STR("");
    assert_err(read_as(mock, "application/json", &thing), ERR_BODY_MALFORMED);
    mock->x.request.body = STR("{\"number\": 1}");
    assert_err(read_as(mock, "application/json", &thing), ERR_FIELD_MISSING);
    assert_str(mock->call.ctx.reason.field, "name");
    mock->x.request.body = STR("{\"name\": \"a\", \"number\": \"7\"}");
    assert_err(read_as(mock, "application/json", &thing), ERR_FIELD_TYPE);
    assert_str(mock->call.ctx.reason.field, "number");
}

static void an_object_is_answered_as_json(void **state)
{
    struct mock *mock = *state;
    struct thing thing = {STR("\"quoted\""), 7};

    mock->call.route = &thing_route;
    assert_ok(answer(&mock->call, &thing));
    assert_int_equal(mock->x.status, 201);
    assert_str(mock->x.body, "{\"name\":\"\\\"quoted\\\"\",\"number\":7}");
    assert_string_equal(mock_header(mock, "Content-Type"), "application/json; charset=utf-8");
}

static void an_object_too_large_to_answer_is_a_shortage_not_half_an_answer(void **state)
{
    struct mock *mock = *state;
    struct thing thing = {.number = 7};
    size_t size = 5 << 20;
    char *text = arena_alloc(mock->x.arena, size);

    assert_non_null(text);
    memset(text, 'a', size);
    thing.name = (struct str){text, size};
    assert_err(answer_object(&mock->call, 200, &thing_shape, &thing), ERR_MEMORY);
    assert_int_equal(mock->x.status, 0);
    assert_int_equal(mock->x.headers.len, 0);
}

static void a_query_is_read_by_the_row(void **state)
{
    struct mock *mock = *state;
    struct thing thing = {0};

    mock->call.route = &thing_route;
    mock->x.request.query = STR("name=a&number=7");
    assert_ok(read_query(&mock->call, &thing));
    assert_str(thing.name, "a");
    assert_int_equal(thing.number, 7);
    mock->x.request.query = STR("name=a&number=x");
    assert_err(read_query(&mock->call, &thing), ERR_FIELD_TYPE);
    assert_str(mock->call.ctx.reason.field, "number");
}

static void a_row_that_gives_nothing_is_answered_with_its_status_alone(void **state)
{
    struct mock *mock = *state;

    mock->call.route = &silent_route;
    assert_ok(answer(&mock->call, NULL));
    assert_int_equal(mock->x.status, 204);
    assert_int_equal(mock->x.body.len, 0);
    assert_null(mock_header(mock, "Content-Type"));
}

static void an_empty_answer_has_no_type(void **state)
{
    struct mock *mock = *state;

    assert_ok(answer_empty(&mock->call, 200));
    assert_int_equal(mock->x.status, 200);
    assert_int_equal(mock->x.body.len, 0);
    assert_int_equal(mock->x.headers.len, 0);
}

static void text_is_answered_as_it_is(void **state)
{
    struct mock *mock = *state;

    answer_header(&mock->call, STR("X-More"), STR("yes"));
    assert_ok(answer_text(&mock->call, 200, STR("text/plain"), STR("hello")));
    assert_str(mock->x.body, "hello");
    assert_string_equal(mock_header(mock, "Content-Type"), "text/plain");
    assert_string_equal(mock_header(mock, "X-More"), "yes");
}

static void a_row_of_two_shapes_is_answered_with_either(void **state)
{
    struct mock *mock = *state;
    static const struct route route = {GIVES(200, thing_shape), OR_GIVES(503, thing_shape)};

    mock->call.route = &route;
    assert_ok(answer_or(&mock->call, &(struct thing){STR("a"), 7}));
    assert_int_equal(mock->x.status, 503);
    assert_str(mock->x.body, "{\"name\":\"a\",\"number\":7}");
}

static void a_row_that_gives_a_text_is_answered_with_its_type(void **state)
{
    struct mock *mock = *state;
    static const struct route route = {GIVES_TEXT(200, "text/plain; charset=utf-8")};

    mock->call.route = &route;
    assert_ok(answer_body(&mock->call, STR("hello")));
    assert_int_equal(mock->x.status, 200);
    assert_str(mock->x.body, "hello");
    assert_string_equal(mock_header(mock, "Content-Type"), "text/plain; charset=utf-8");
}

static void a_parameter_is_the_one_in_that_place(void **state)
{
    struct mock *mock = *state;

    mock->call.parameters[0] = STR("seven");
    mock->call.parameters[1] = STR("eight");
    assert_str(call_parameter(&mock->call, 0), "seven");
    assert_str(call_parameter(&mock->call, 1), "eight");
}

int main(void)
{
#define WITH_CALL(test) cmocka_unit_test_setup_teardown(test, make, destroy)
    const struct CMUnitTest tests[] = {
        WITH_CALL(a_cookie_is_found_among_others),
        WITH_CALL(a_cookie_that_is_not_there_is_no_text),
        WITH_CALL(a_cookie_that_stands_twice_is_none),
        WITH_CALL(json_is_read_whatever_way_its_type_is_written),
        WITH_CALL(a_form_is_read_where_the_row_takes_one_and_nothing_else_is),
        WITH_CALL(a_body_of_another_type_is_not_looked_at),
        WITH_CALL(nothing_will_do_where_the_row_says_so),
        WITH_CALL(what_is_wrong_with_a_body_is_told_with_the_member),
        WITH_CALL(an_object_is_answered_as_json),
        WITH_CALL(an_object_too_large_to_answer_is_a_shortage_not_half_an_answer),
        WITH_CALL(a_query_is_read_by_the_row),
        WITH_CALL(a_row_that_gives_nothing_is_answered_with_its_status_alone),
        WITH_CALL(an_empty_answer_has_no_type),
        WITH_CALL(text_is_answered_as_it_is),
        WITH_CALL(a_row_of_two_shapes_is_answered_with_either),
        WITH_CALL(a_row_that_gives_a_text_is_answered_with_its_type),
        WITH_CALL(a_parameter_is_the_one_in_that_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
