/* Each mapping from rows and members to the contract. That the whole is valid, and true of a server
 * that runs, is for tests/openapi. */
#include "base/arena.h"
#include "base/check.h"
#include "web/call.h"
#include "web/openapi.h"
#include "web/refusal.h"
#include "web/router.h"
#include "wire/fields.h"

#include <stdio.h>
#include <string.h>

static enum err nothing(struct call *c)
{
    (void)c;
    return ERR_OK;
}

struct inner {
    struct str text;
};

struct everything {
    struct str text;
    struct secret secret;
    struct email email;
    struct username username;
    struct id id;
    struct moment moment;
    int64_t number;
    bool yes;
    struct text_list texts;
    struct list list;
    struct inner inner;
    enum presence told;
};

#define EVERY(member, ...) FIELD(struct everything, member, #member, __VA_ARGS__)

// clang-format off
static const struct field inner_fields[] = {
    FIELD(struct inner, text, "text", REQUIRED),
};
static const struct shape inner_shape = SHAPE(inner_fields, MOMENT_MILLIS, .example = "{\"text\":\"a\"}");

static const struct field everything_fields[] = {
    EVERY(text,     REQUIRED, .most = 80), EVERY(secret, REQUIRED),         EVERY(email,  EMPTY_IF_NONE),
    EVERY(username, OPTIONAL),             EVERY(id,     NULL_IF_NONE),     EVERY(moment, OPTIONAL),
    EVERY(number,   REQUIRED),             EVERY(yes,    OPTIONAL),         EVERY(texts,  OPTIONAL, .most = 9),
    LIST_FIELD(struct everything, list, "list", inner_shape),
    OBJECT_FIELD(struct everything, inner, "inner", inner_shape, OPTIONAL, PRESENCE(struct everything, told)),
};
static const struct shape everything_shape = SHAPE(everything_fields, MOMENT_MILLIS);

static const struct field late_fields[] = {
    EVERY(moment, REQUIRED),
};
static const struct shape late_shape = SHAPE(late_fields, MOMENT_SEVENTHS);

static const struct field page_query_fields[] = {
    EVERY(number, REQUIRED), EVERY(yes, OPTIONAL), EVERY(text, OPTIONAL, .most = 9000),
};
static const struct shape page_query_shape = SHAPE(page_query_fields, MOMENT_MILLIS);

#define WORDS TELLS("In short", "At length.")

static const struct route rows[] = {
    {GET,    "/api/v1/things/:id", MAY(PERMIT_ADMINS_READ), TX_READ,  STORE, RATE_ANY,   CALLS(nothing), WORDS, GIVES(200, everything_shape), SETS("X-Thing")},
    {GET,    "/api/v1/things",     MAY_SIGNED_IN,           TX_READ,  STORE, RATE_ANY,   CALLS(nothing), WORDS, ASKS(page_query_shape), GIVES_NOTHING(204)},
    {DELETE, "/api/v1/things/:no", MAY_ANYONE,              TX_WRITE, STORE, RATE_ANY,   CALLS(nothing), WORDS, GIVES_NOTHING(204), FAILS(ERR_EMAIL_TAKEN, ERR_CREDENTIALS)},
    {POST,   "/things",            MAY_ANYONE,              TX_LATE,  HASH,  RATE_LOGIN, CALLS(nothing), WORDS, TAKES(everything_shape), GIVES(201, late_shape)},
    {POST,   "/form",              MAY_ANYONE,              TX_NONE,  STORE, RATE_ANY,   CALLS(nothing), WORDS, TAKES_FORM(page_query_shape), GIVES_TEXT(200, "text/html")},
    {ANY,    "/any",               MAY_SCRAPE,              TX_NONE,  NOW,   RATE_ANY,   CALLS(nothing), WORDS, GIVES_TEXT(200, "text/plain; charset=utf-8")},
    {GET,    "/any",               MAY_ANYONE,              TX_NONE,  NOW,   RATE_ANY,   CALLS(nothing), WORDS, GIVES(200, inner_shape), OR_GIVES(503, inner_shape), FAILS(ERR_STORE_DOWN)},
};
// clang-format on

/* A status of its own for one error; no others than 400 for what may not be or is too much. */
static void write_error(struct call *c, enum err e)
{
    c->x->status = e == ERR_EMAIL_TAKEN                      ? 422
                   : e == ERR_FORBIDDEN || e == ERR_TOO_MANY ? 400
                                                             : refusal_status(e);
}

static const struct face shaped = {
    .name = {"shaped", 6},
    .about = "A face of \"tests\".",
    .routes = rows,
    .route_count = ARRAY_LEN(rows),
    .write_error = write_error,
    .error_shape = &inner_shape,
};

struct fixture {
    struct arena *arena;
    struct str text;
};

static int set_up(void **state)
{
    static struct fixture fixture;

    fixture.arena = arena_create(1024, 1 << 20);
    assert_ok(
        openapi_write(fixture.arena, &(struct router_face){&shaped, NULL}, NULL, &fixture.text));
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    arena_destroy(fixture->arena);
    return 0;
}

/* From the text of `from` up to that of `to` behind it: one operation, one schema. */
static struct str part(void **state, const char *from, const char *to)
{
    const struct fixture *fixture = *state;
    const char *end = fixture->text.ptr + fixture->text.len;
    const char *begin = memmem(fixture->text.ptr, fixture->text.len, from, strlen(from));

    assert_non_null(begin);
    const char *last = memmem(begin, (size_t)(end - begin), to, strlen(to));
    return (struct str){begin, (size_t)((last ? last : end) - begin)};
}

static bool has(struct str text, const char *wanted)
{
    return memmem(text.ptr, text.len, wanted, strlen(wanted));
}

#define assert_has(text, wanted)                                                                   \
    do {                                                                                           \
        struct str text_ = (text);                                                                 \
        if (!has(text_, wanted)) {                                                                 \
            fail_msg("%s is not in %.*s", wanted, STR_ARG(text_));                                 \
        }                                                                                          \
    } while (0)

static struct str coming(void **state)
{
    return part(state, "\"EverythingInput\":{", "\"Late\":{");
}

static struct str going(void **state)
{
    return part(state, "\"Everything\":{", "\"Inner\":{");
}

static void it_says_which_face_it_is_of_and_which_version(void **state)
{
    assert_has(part(state, "{", "\"paths\""),
               "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Signet, face shaped\",\"description\":"
               "\"A face of \\\"tests\\\".\",\"version\":\"" SIGNET_VERSION
               "\"},\"servers\":[{\"url\":\"/\"}],");
}

static void rows_of_one_path_stand_under_one_key_with_one_name_for_its_parameter(void **state)
{
    struct str path = part(state, "\"/api/v1/things/{id}\":{", "\"/api/v1/things\":{");

    assert_has(path, "\"get\":{\"operationId\":\"nothing\",\"tags\":[\"things\"]");
    assert_has(path, "\"delete\":{");
    assert_has(path, "\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,");
    assert_false(has(path, "\"no\""));
    assert_false(has(part(state, "{", "\"components\""), "{no}"));
}

static void a_row_for_any_method_is_an_operation_for_each_that_has_no_row_of_its_own(void **state)
{
    struct str path = part(state, "\"/any\":{", "\"components\"");

    assert_has(path, "\"get\":{\"operationId\":\"nothing\",");
    assert_has(path, "\"head\":{\"operationId\":\"nothing_head\",");
    assert_has(path, "\"options\":{\"operationId\":\"nothing_options\",");
    assert_false(has(path, "nothing_get"));
}

static void a_row_is_told_in_its_own_words_with_the_permission_behind_them(void **state)
{
    assert_has(part(state, "\"/api/v1/things/{id}\"", "\"delete\""),
               "\"summary\":\"In short\",\"description\":\"At length. Needs the permission "
               "`admins:read`.\"");
    assert_has(part(state, "\"delete\"", "\"responses\""),
               "\"summary\":\"In short\",\"description\":\"At length.\"");
    assert_has(part(state, "nothing_head", "\"responses\""), "`metrics:read`, or an address of");
}

static void who_may_call_is_told(void **state)
{
    assert_has(part(state, "\"/api/v1/things/{id}\"", "\"delete\""),
               "\"x-signet-permission\":\"admins:read\",\"security\":[{\"bearer\":[]},{"
               "\"serviceKey\":[]}]");
    assert_has(part(state, "\"delete\"", "\"responses\""), "\"security\":[]");
    assert_has(part(state, "\"/api/v1/things\"", "\"responses\""),
               "\"At length.\",\"security\":[{\"bearer\":[]}]");
    assert_has(part(state, "nothing_head", "\"responses\""),
               "\"x-signet-permission\":\"metrics:read\",\"security\":[{\"bearer\":[]},{"
               "\"serviceKey\":[]},{}]");
}

static void what_is_asked_stands_among_the_parameters(void **state)
{
    struct str row = part(state, "\"/api/v1/things\":{", "\"/things\"");

    assert_has(row,
               "{\"name\":\"number\",\"in\":\"query\",\"required\":true,\"schema\":"
               "{\"type\":\"integer\",\"format\":\"int64\"}}");
    assert_has(row,
               "{\"name\":\"yes\",\"in\":\"query\",\"required\":false,\"schema\":"
               "{\"type\":\"boolean\"}}");
    assert_has(row, "\"schema\":{\"type\":\"string\",\"maxLength\":9000}}");
    assert_false(has(row, "requestBody"));
}

static void a_body_that_is_taken_is_required(void **state)
{
    assert_has(part(state, "\"/things\"", "\"/any\""),
               "\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":"
               "{\"$ref\":\"#/components/schemas/EverythingInput\"}}}}");
}

static void a_form_is_told_by_its_type(void **state)
{
    assert_has(part(state, "\"/form\"", "\"/any\""),
               "\"requestBody\":{\"required\":true,\"content\":"
               "{\"application/x-www-form-urlencoded\":{\"schema\":");
}

static void a_success_has_its_status_its_type_and_its_shape(void **state)
{
    assert_has(part(state, "\"/things\"", "\"400\""), "\"201\":{\"description\":\"Made.\"");
    assert_has(part(state, "\"/things\"", "\"400\""),
               "\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
               "\"#/components/schemas/Late\"}}}");
    assert_has(part(state, "\"204\"", "\"default\""), "\"204\":{\"description\":\"Done.\"");
    assert_false(has(part(state, "\"204\"", "\"400\""), "content"));
    assert_has(part(state, "nothing_head", "\"default\""),
               "\"content\":{\"text/plain\":{\"schema\":{\"type\":\"string\"}}}");
}

static void a_success_has_the_headers_of_every_answer_and_of_its_row(void **state)
{
    assert_has(part(state, "\"/api/v1/things/{id}\"", "\"delete\""),
               "\"200\":{\"description\":\"Done.\",\"headers\":{\"X-Request-Id\":{\"$ref\":"
               "\"#/components/headers/X-Request-Id\"},\"X-Thing\":{\"required\":true,");
    assert_has(part(state, "\"components\"", "\"schemas\""), "\"X-Request-Id\":{\"description\":");
}

static void a_second_shape_shares_its_status_with_the_errors(void **state)
{
    struct str row = part(state, "\"/any\":{", "nothing_head");

    assert_has(row, "\"503\":{\"description\":\"Answered, but not well; or an error.\"");
    assert_has(row,
               "\"anyOf\":[{\"$ref\":\"#/components/schemas/Inner\"},"
               "{\"$ref\":\"#/components/schemas/Inner\"}]");
    assert_false(has(row, "the store is unavailable"));
}

static void assert_statuses(struct str row, const char *const *wanted)
{
    static const char *const all[] = {"400", "401", "403", "404", "409", "413",
                                      "415", "422", "429", "500", "503", "default"};

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        char key[64];
        bool listed = false;
        for (size_t w = 0; wanted[w]; w++) {
            listed = listed || strcmp(wanted[w], all[i]) == 0;
        }
        (void)snprintf(key, sizeof key, "\"%s\":{\"", all[i]);
        if (has(row, key) != listed) {
            fail_msg("%s: %d in %.*s", all[i], !listed, STR_ARG(row));
        }
    }
}

static void each_row_lists_the_errors_that_it_implies_under_the_status_of_its_face(void **state)
{
    static const char *const reading[] = {"400", "401", "500", "503", "default", NULL};
    static const char *const open[] = {"400", "401", "422", "500", "503", "default", NULL};
    static const char *const login[] = {"400", "413", "415", "500", "503", "default", NULL};
    static const char *const scraping[] = {"400", "401", "500", "503", "default", NULL};
    static const char *const nothing_much[] = {"400", "500", "503", "default", NULL};

    assert_statuses(part(state, "\"/api/v1/things/{id}\"", "\"delete\""), reading);
    assert_statuses(part(state, "\"/api/v1/things\":", "\"/things\""), reading);
    assert_statuses(part(state, "\"delete\"", "\"/api/v1/things\":"), open);
    assert_statuses(part(state, "\"/things\":", "\"/any\""), login);
    assert_statuses(part(state, "nothing_head", "nothing_post"), scraping);
    assert_statuses(part(state, "\"/any\":", "nothing_head"), nothing_much);
}

static void errors_of_one_status_are_one_answer_in_the_words_of_the_table(void **state)
{
    assert_has(part(state, "\"/api/v1/things/{id}\"", "\"delete\""),
               "\"401\":{\"description\":\"authentication required; invalid or expired token\"");
    assert_has(part(state, "\"delete\"", "\"/api/v1/things\":"),
               "\"422\":{\"description\":\"email already exists\"");
    assert_has(part(state, "\"/things\":", "\"413\""),
               "\"400\":{\"description\":\"malformed request; request body is not valid JSON; ");
}

static void errors_have_the_shape_of_their_face_and_the_headers_of_their_class(void **state)
{
    struct str row = part(state, "\"delete\"", "\"/api/v1/things\":");

    assert_has(row,
               "\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
               "\"#/components/schemas/Inner\"}}}");
    assert_has(part(state, "\"401\":{", "\"content\""), "headers/X-Request-Id");
    assert_has(part(state, "\"401\":{", "\"content\""), "headers/WWW-Authenticate");
    assert_has(part(state, "\"503\":{", "\"content\""), "headers/Retry-After");
    assert_false(has(part(state, "\"422\":{", "\"content\""), "headers/Retry-After"));
    assert_false(has(part(state, "\"400\":{", "\"content\""), "headers/WWW-Authenticate"));
}

static void a_face_without_a_shape_for_errors_has_them_as_text(void **state)
{
    struct fixture *fixture = *state;
    struct face plain = shaped;

    plain.error_shape = NULL;
    assert_ok(
        openapi_write(fixture->arena, &(struct router_face){&plain, NULL}, NULL, &fixture->text));
    assert_has(part(state, "\"422\":{", "\"500\""),
               "\"content\":{\"text/plain\":{\"schema\":{\"type\":\"string\"}}}");
    plain.error_type = "text/html";
    assert_ok(
        openapi_write(fixture->arena, &(struct router_face){&plain, NULL}, NULL, &fixture->text));
    assert_has(part(state, "\"422\":{", "\"500\""),
               "\"content\":{\"text/html\":{\"schema\":{\"type\":\"string\"}}}");
}

static void members_beyond_the_table_come_in_but_never_go_out(void **state)
{
    assert_has(coming(state), "\"additionalProperties\":true}");
    assert_has(going(state), "\"additionalProperties\":false}");
}

static void an_example_is_the_one_of_the_table(void **state)
{
    assert_has(part(state, "\"Inner\":{", "\"InnerInput\""), ",\"examples\":[{\"text\":\"a\"}]");
    assert_false(has(going(state), "examples"));
}

static void what_comes_in_has_the_limits_that_reading_keeps(void **state)
{
    struct str schema = coming(state);

    assert_has(schema, "\"text\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":80}");
    assert_has(schema,
               "\"secret\":{\"type\":\"string\",\"format\":\"password\",\"minLength\":1,"
               "\"maxLength\":8192,\"writeOnly\":true}");
    assert_has(schema,
               "\"email\":{\"type\":[\"string\",\"null\"],\"format\":\"idn-email\","
               "\"maxLength\":254}");
    assert_has(schema,
               "\"username\":{\"type\":[\"string\",\"null\"],\"pattern\":"
               "\"^[._+@-]*[A-Za-z0-9][A-Za-z0-9._+@-]*$\",\"maxLength\":254}");
    assert_has(schema, "\"id\":{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"}");
    assert_has(schema, "\"moment\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\",");
    assert_has(schema, "\"number\":{\"type\":\"integer\",\"format\":\"int64\"}");
    assert_has(schema, "\"yes\":{\"type\":[\"boolean\",\"null\"]}");
    assert_has(schema,
               "\"texts\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\","
               "\"maxLength\":9},\"maxItems\":100}");
    assert_has(schema,
               "\"inner\":{\"anyOf\":[{\"$ref\":\"#/components/schemas/InnerInput\"},"
               "{\"type\":\"null\"}]}");
    assert_false(has(schema, "\"list\""));
    assert_has(schema, "\"required\":[\"text\",\"secret\",\"number\"]");
}

static void what_goes_out_is_as_writing_has_it(void **state)
{
    struct str schema = going(state);

    assert_has(schema, "\"text\":{\"type\":\"string\"}");
    assert_has(schema,
               "\"email\":{\"type\":\"string\",\"anyOf\":[{\"format\":\"idn-email\"},"
               "{\"maxLength\":0}]}");
    assert_has(schema, "\"username\":{\"type\":\"string\"}");
    assert_has(schema, "\"id\":{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"}");
    assert_has(schema, "\"moment\":{\"type\":\"string\",\"format\":\"date-time\"}");
    assert_has(schema, "\"texts\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}");
    assert_has(schema,
               "\"list\":{\"type\":\"array\",\"items\":{\"$ref\":"
               "\"#/components/schemas/Inner\"}}");
    assert_has(schema,
               "\"inner\":{\"anyOf\":[{\"$ref\":\"#/components/schemas/Inner\"},"
               "{\"type\":\"null\"}]}");
    assert_false(has(schema, "secret"));
    assert_has(schema,
               "\"required\":[\"text\",\"email\",\"id\",\"number\",\"yes\",\"texts\","
               "\"list\"]");
}

static void a_time_without_a_zone_is_not_called_one(void **state)
{
    assert_has(part(state, "\"Late\":{", "\"required\""), "\"moment\":{\"type\":\"string\"}");
}

static void two_shapes_of_one_name_are_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct shape other = {.name = "inner_fields", .fields = late_fields, .count = 1};
    struct face face = shaped;
    struct reason reason = {0};

    face.error_shape = &other;
    assert_err(
        openapi_write(fixture->arena, &(struct router_face){&face, NULL}, &reason, &fixture->text),
        ERR_CONFIG);
    assert_string_equal(reason.detail, "two shapes are called inner_fields");
}

static void without_memory_there_is_no_half_of_a_contract(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 20000; limit += 500) {
        struct arena *arena = arena_create(1, limit);
        struct str text = {0};
        assert_err(openapi_write(arena, &(struct router_face){&shaped, NULL}, NULL, &text),
                   ERR_MEMORY);
        assert_false(str_is_set(text));
        arena_destroy(arena);
    }
}

#define WRITTEN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WRITTEN(it_says_which_face_it_is_of_and_which_version),
        WRITTEN(rows_of_one_path_stand_under_one_key_with_one_name_for_its_parameter),
        WRITTEN(a_row_for_any_method_is_an_operation_for_each_that_has_no_row_of_its_own),
        WRITTEN(a_row_is_told_in_its_own_words_with_the_permission_behind_them),
        WRITTEN(who_may_call_is_told),
        WRITTEN(what_is_asked_stands_among_the_parameters),
        WRITTEN(a_body_that_is_taken_is_required),
        WRITTEN(a_form_is_told_by_its_type),
        WRITTEN(a_success_has_its_status_its_type_and_its_shape),
        WRITTEN(a_success_has_the_headers_of_every_answer_and_of_its_row),
        WRITTEN(a_second_shape_shares_its_status_with_the_errors),
        WRITTEN(each_row_lists_the_errors_that_it_implies_under_the_status_of_its_face),
        WRITTEN(errors_of_one_status_are_one_answer_in_the_words_of_the_table),
        WRITTEN(errors_have_the_shape_of_their_face_and_the_headers_of_their_class),
        WRITTEN(a_face_without_a_shape_for_errors_has_them_as_text),
        WRITTEN(members_beyond_the_table_come_in_but_never_go_out),
        WRITTEN(an_example_is_the_one_of_the_table),
        WRITTEN(what_comes_in_has_the_limits_that_reading_keeps),
        WRITTEN(what_goes_out_is_as_writing_has_it),
        WRITTEN(a_time_without_a_zone_is_not_called_one),
        WRITTEN(two_shapes_of_one_name_are_refused),
        cmocka_unit_test(without_memory_there_is_no_half_of_a_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
