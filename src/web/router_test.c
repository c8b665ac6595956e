#include "base/check.h"
#include "web/router.h"

/* The handlers are never called here: what is tested is which row is found. */
static enum err nothing(struct call *c)
{
    (void)c;
    return ERR_OK;
}

#define ROW(method, path)                                                                          \
    {                                                                                              \
        method, path, MAY_ANYONE, TX_NONE, NOW, RATE_ANY, nothing                                  \
    }
#define FACE(face_name, rows, paths)                                                               \
    {                                                                                              \
        .name = {face_name, sizeof(face_name) - 1}, .routes = (rows),                              \
        .route_count = ARRAY_LEN(rows), .prefixes = (paths), .prefix_count = ARRAY_LEN(paths)      \
    }

static const struct route first_rows[] = {
    ROW(GET, "/users/:id"),
    ROW(DELETE, "/users/:id"),
    ROW(GET, "/users/me"),
    ROW(GET, "/admins/:username"),
    ROW(DELETE, "/admins/:username"),
    ROW(GET, "/admins/list"),
    ROW(POST, "/users"),
    ROW(ANY, "/auth"),
    ROW(GET, "/users/:id/roles/:role"),
    ROW(GET, "/users/:id/roles/none"),
};
static const struct str first_prefixes[] = {
    {"/users", 6},
    {"/auth",  5}
};
static const struct face first = FACE("first", first_rows, first_prefixes);

static const struct route second_rows[] = {
    ROW(POST, "/users/:id"),
    ROW(GET, "/"),
};
static const struct str second_prefixes[] = {
    {"/users/admins", 13},
    {"/second",       7 }
};
static const struct face second = FACE("second", second_rows, second_prefixes);

enum {
    BOTH = 3,
    ONLY_FIRST = 1,
    ONLY_SECOND = 2
};

static int make(void **state)
{
    const struct router_face faces[] = {
        {&first,  "settings of the first" },
        {&second, "settings of the second"}
    };
    struct router *router;

    assert_ok(router_create(faces, ARRAY_LEN(faces), NULL, &router));
    *state = router;
    return 0;
}

static int unmake(void **state)
{
    router_destroy(*state);
    return 0;
}

static struct found find(void **state, unsigned faces, enum http_method method, const char *path)
{
    struct found found;

    router_find(*state, faces, method, str_of(path), &found);
    return found;
}

#define assert_row(found, expected_path)                                                           \
    do {                                                                                           \
        assert_non_null((found).route);                                                            \
        assert_string_equal((found).route->path, expected_path);                                   \
    } while (0)

static unsigned methods(size_t count, const enum http_method *list)
{
    unsigned bits = 0;

    for (size_t i = 0; i < count; i++) {
        bits |= 1u << list[i];
    }
    return bits;
}
#define METHODS(...)                                                                               \
    methods(sizeof((const enum http_method[]){__VA_ARGS__}) / sizeof(enum http_method),            \
            (const enum http_method[]){__VA_ARGS__})

static void a_row_is_found_by_its_method_and_path(void **state)
{
    struct found found = find(state, BOTH, POST, "/users");

    assert_row(found, "/users");
    assert_str(found.face->face->name, "first");
    assert_string_equal(found.face->settings, "settings of the first");
}

static void the_index_leads_back_to_the_row(void **state)
{
    const struct face *face;
    struct found found = find(state, BOTH, GET, "/");

    assert_int_equal(router_count(*state), ARRAY_LEN(first_rows) + ARRAY_LEN(second_rows));
    assert_ptr_equal(router_route(*state, found.index, &face), found.route);
    assert_ptr_equal(face, &second);
}

static void a_parameter_is_what_stands_in_its_place(void **state)
{
    struct found found = find(state, BOTH, GET, "/users/7/roles/staff");

    assert_row(found, "/users/:id/roles/:role");
    assert_str(found.parameters[0], "7");
    assert_str(found.parameters[1], "staff");
}

static void a_parameter_may_be_empty_and_its_handler_says_so(void **state)
{
    struct found found = find(state, BOTH, GET, "/users/");

    assert_row(found, "/users/:id");
    assert_int_equal(found.parameters[0].len, 0);
}

static void a_slash_at_the_end_makes_another_path(void **state)
{
    assert_null(find(state, BOTH, ANY, "/auth/").route);
    assert_row(find(state, BOTH, GET, "/auth"), "/auth");
}

static void a_fixed_word_comes_before_a_parameter(void **state)
{
    assert_row(find(state, BOTH, GET, "/users/me"), "/users/me");
    assert_row(find(state, BOTH, GET, "/users/you"), "/users/:id");
    assert_row(find(state, BOTH, GET, "/users/7/roles/none"), "/users/:id/roles/none");
}

static void a_fixed_word_without_the_method_is_a_name_like_any_other(void **state)
{
    struct found found = find(state, BOTH, DELETE, "/admins/list");

    assert_row(found, "/admins/:username");
    assert_str(found.parameters[0], "list");
    assert_int_equal(found.allowed, METHODS(GET, HEAD, DELETE));
}

static void a_fixed_word_is_never_an_id(void **state)
{
    struct found found = find(state, BOTH, DELETE, "/users/me");

    assert_null(found.route);
    assert_int_equal(found.allowed, METHODS(GET, HEAD));
    assert_row(find(state, BOTH, DELETE, "/users/you"), "/users/:id");
    found = find(state, BOTH, DELETE, "/users/7/roles/none");
    assert_null(found.route);
    assert_int_equal(found.allowed, METHODS(GET, HEAD));
}

static void the_path_of_a_row_is_no_wildcard_by_itself(void **state)
{
    struct found found = find(state, BOTH, GET, "/users/:id");

    assert_row(found, "/users/:id");
    assert_str(found.parameters[0], ":id");
}

static void get_answers_head_but_not_the_other_way_round(void **state)
{
    assert_row(find(state, BOTH, HEAD, "/users/me"), "/users/me");
    assert_null(find(state, BOTH, HEAD, "/users").route);
}

static void any_takes_every_method(void **state)
{
    for (unsigned method = GET; method < HTTP_METHODS; method++) {
        assert_row(find(state, BOTH, (enum http_method)method, "/auth"), "/auth");
    }
    assert_row(find(state, BOTH, METHOD_OTHER, "/auth"), "/auth");
}

static void no_other_row_takes_a_method_that_we_do_not_know(void **state)
{
    assert_null(find(state, BOTH, METHOD_OTHER, "/users").route);
    assert_null(find(state, BOTH, METHOD_OTHER, "/users/7").route);
    assert_int_equal(find(state, BOTH, METHOD_OTHER, "/users").allowed, METHODS(POST));
}

static void what_is_allowed_is_what_the_rows_of_the_path_take(void **state)
{
    assert_int_equal(find(state, BOTH, PATCH, "/users").allowed, METHODS(POST));
    assert_int_equal(find(state, BOTH, PATCH, "/users/7").allowed,
                     METHODS(GET, HEAD, DELETE, POST));
    assert_int_equal(find(state, ONLY_FIRST, PATCH, "/users/7").allowed,
                     METHODS(GET, HEAD, DELETE));
    assert_int_equal(find(state, BOTH, GET, "/nowhere").allowed, 0);
}

static void a_listener_finds_only_the_rows_of_its_faces(void **state)
{
    assert_row(find(state, BOTH, POST, "/users/7"), "/users/:id");
    assert_null(find(state, ONLY_FIRST, POST, "/users/7").route);
    assert_null(find(state, ONLY_SECOND, GET, "/users/me").route);
    assert_int_equal(find(state, ONLY_SECOND, GET, "/auth").allowed, 0);
}

static void a_path_without_a_row_belongs_to_the_face_of_its_longest_prefix(void **state)
{
    assert_str(find(state, BOTH, GET, "/users/7/nothing").face->face->name, "first");
    assert_str(find(state, BOTH, GET, "/users/admins/nothing").face->face->name, "second");
    assert_str(find(state, BOTH, GET, "/second").face->face->name, "second");
    assert_str(find(state, BOTH, GET, "/second/x").face->face->name, "second");
    assert_str(find(state, BOTH, GET, "/secondary").face->face->name, "first");
}

static void a_path_that_nobody_claims_belongs_to_the_first_face_of_the_listener(void **state)
{
    assert_str(find(state, BOTH, GET, "/nowhere").face->face->name, "first");
    assert_str(find(state, ONLY_SECOND, GET, "/nowhere").face->face->name, "second");
    assert_str(find(state, ONLY_SECOND, GET, "/users/7/nothing").face->face->name, "second");
}

static void a_path_that_cannot_be_read_has_a_face_too(void **state)
{
    const struct router *router = *state;

    assert_str(router_face_of(router, BOTH, STR("/second/%0f"))->face->name, "second");
    assert_str(router_face_of(router, BOTH, STR("/%zz"))->face->name, "first");
    assert_str(router_face_of(router, BOTH, (struct str){0})->face->name, "first");
}

static void there_is_always_a_face_even_without_a_path(void **state)
{
    /* What the parser refused early has none. */
    assert_str(find(state, BOTH, METHOD_NONE, "").face->face->name, "first");
    assert_str(find(state, 0, GET, "/users/me").face->face->name, "first");
    assert_str(find(state, BOTH, OPTIONS, "*").face->face->name, "first");
}

static void more_segments_than_any_row_has_are_no_path_of_ours(void **state)
{
    char deep[600] = "";

    for (size_t i = 0; i + 2 < sizeof deep; i += 2) {
        memcpy(deep + i, "/a", 3);
        struct found found = find(state, BOTH, GET, deep);
        assert_null(found.route);
        assert_int_equal(found.allowed, 0);
    }
}

static enum err create(const struct route *rows, size_t count, const struct route *others,
                       size_t other_count)
{
    const struct face one = {.name = STR("one"), .routes = rows, .route_count = count};
    const struct face other = {.name = STR("other"), .routes = others, .route_count = other_count};
    const struct router_face faces[] = {
        {&one,   NULL},
        {&other, NULL}
    };
    struct reason reason = {0};
    struct router *router = NULL;

    enum err e = router_create(faces, ARRAY_LEN(faces), &reason, &router);
    router_destroy(router);
    if (e != ERR_OK) {
        assert_non_null(strstr(reason.detail, "/")); /* it names the path */
    }
    return e;
}

/* Whether two rows, of one face or of two, may stand side by side. */
static enum err pair(enum http_method method, const char *path, enum http_method other_method,
                     const char *other_path)
{
    const struct route rows[] = {ROW(method, path), ROW(other_method, other_path)};

    enum err e = create(rows, 2, NULL, 0);
    assert_int_equal(create(rows, 1, rows + 1, 1), e);
    assert_int_equal(create(rows + 1, 1, rows, 1), e);
    return e;
}

static void two_rows_for_one_request_are_refused(void **state)
{
    (void)state;
    assert_err(pair(GET, "/a", GET, "/a"), ERR_CONFIG);
    assert_err(pair(GET, "/a/:x", GET, "/a/:y"), ERR_CONFIG);
    assert_err(pair(ANY, "/a", GET, "/a"), ERR_CONFIG);
    assert_err(pair(ANY, "/a", ANY, "/a"), ERR_CONFIG);
    assert_err(pair(GET, "/a", HEAD, "/a"), ERR_CONFIG);
    assert_err(pair(GET, "/a/:x/c/:y", GET, "/a/:y/c/:x"), ERR_CONFIG);
}

static void rows_that_cannot_be_mistaken_for_each_other_are_not(void **state)
{
    (void)state;
    assert_ok(pair(GET, "/a", POST, "/a"));
    assert_ok(pair(GET, "/a", GET, "/a/"));
    assert_ok(pair(GET, "/a/b", GET, "/a/:x"));
    assert_ok(pair(GET, "/a/b/:x", GET, "/a/c/:x"));
    assert_ok(pair(GET, "/a/:x/b", GET, "/a/:x/c"));
    assert_ok(pair(GET, "/a/:x/c", POST, "/a/b/:y"));
    assert_ok(pair(GET, "/a/:x/c", GET, "/a/b/:y"));
    assert_ok(pair(GET, "/a/:x/c/:y", GET, "/a/:x/:y/d"));
}

/* What `path` leads to at a face of these two rows, that may come without "/id". */
static struct found find_among(const char *one, const char *two, const char *path)
{
    const struct route rows[] = {ROW(GET, one), ROW(GET, two)};
    const struct face face = {.name = STR("one"),
                              .routes = rows,
                              .route_count = ARRAY_LEN(rows),
                              .strippable = STR("/id")};
    const struct router_face faces[] = {
        {&face, NULL}
    };
    struct router *router = NULL;
    struct found found;

    assert_ok(router_create(faces, 1, NULL, &router));
    assert_int_equal(router_count(router), 2);
    router_find(router, 1, GET, str_of(path), &found);
    found.face = NULL; /* it goes with the router; the index tells which row it is */
    router_destroy(router);
    return found;
}

static void of_as_many_parameters_the_words_that_come_first_say_more(void **state)
{
    (void)state;
    for (size_t swapped = 0; swapped < 2; swapped++) {
        const char *one = swapped ? "/a/b/:y" : "/a/:x/c", *two = swapped ? "/a/:x/c" : "/a/b/:y";
        struct found both = find_among(one, two, "/a/b/c");
        assert_int_equal(both.index, !swapped);
        assert_str(both.parameters[0], "c");
        assert_int_equal(find_among(one, two, "/a/d/c").index, swapped);
    }
}

static void a_row_is_found_without_what_may_be_taken_off_its_path(void **state)
{
    (void)state;
    struct found whole = find_among("/id/a/:x", "/id/b", "/id/a/1"),
                 less = find_among("/id/a/:x", "/id/b", "/a/1");

    assert_int_equal(whole.index, 0);
    assert_int_equal(less.index, 0);
    assert_non_null(less.route);
    assert_str(less.parameters[0], "1");
    assert_int_equal(find_among("/id/a/:x", "/id/b", "/b").index, 1);
    assert_null(find_among("/id/a/:x", "/id/b", "/id/id/b").route);
    assert_null(find_among("/a", "/b", "/id/a").route);
}

static void a_path_without_its_beginning_can_be_taken_too(void **state)
{
    (void)state;
    const struct route rows[] = {ROW(GET, "/id/a")}, others[] = {ROW(GET, "/a")};
    const struct face one = {
        .name = STR("one"), .routes = rows, .route_count = 1, .strippable = STR("/id")};
    const struct face other = {.name = STR("other"), .routes = others, .route_count = 1};
    const struct router_face faces[] = {
        {&one,   NULL},
        {&other, NULL}
    };
    struct reason reason = {0};
    struct router *router = NULL;

    assert_err(router_create(faces, ARRAY_LEN(faces), &reason, &router), ERR_CONFIG);
    assert_string_equal(reason.detail, "two routes for /id/a");
}

/* Which of two faces takes the path, with what the row asks for in the body and without it. */
static void assert_shared(const struct router *router, unsigned listener, const char *with,
                          const char *without)
{
    struct found found;

    router_find(router, listener, POST, STR("/out"), &found);
    assert_str(found.face->face->name, with);
    router_find_other(router, listener, POST, STR("/out"), &found);
    assert_str(found.face->face->name, without);
    assert_non_null(found.route);
}

static void two_faces_share_a_path_when_a_member_tells_whose_it_is(void **state)
{
    (void)state;
    const struct route rows[] = {
        {POST, "/out", MAY_ANYONE, TX_NONE, NOW, RATE_ANY, nothing, ONLY_WITH("token")}
    };
    const struct route others[] = {ROW(POST, "/out")};
    const struct face one = FACE("first", rows, first_prefixes);
    const struct face other = FACE("second", others, second_prefixes);
    const struct router_face faces[] =
        {
            {&one,   NULL},
            {&other, NULL}
    },
                             backwards[] = {{&other, NULL}, {&one, NULL}},
                             twice[] = {{&one, NULL}, {&one, NULL}};
    struct router *router;

    assert_ok(router_create(faces, ARRAY_LEN(faces), NULL, &router));
    assert_shared(router, BOTH, "first", "second");
    assert_shared(router, ONLY_SECOND, "second", "second");
    router_destroy(router);
    assert_ok(router_create(backwards, ARRAY_LEN(backwards), NULL, &router));
    assert_shared(router, BOTH, "first", "second");
    router_destroy(router);
    assert_err(router_create(twice, ARRAY_LEN(twice), NULL, &router), ERR_CONFIG);
}

static void where_no_other_face_is_served_the_row_takes_every_body(void **state)
{
    (void)state;
    const struct route rows[] = {
        {POST, "/out", MAY_ANYONE, TX_NONE, NOW, RATE_ANY, nothing, ONLY_WITH("token")}
    };
    const struct face one = FACE("first", rows, first_prefixes);
    const struct router_face faces[] = {
        {&one, NULL}
    };
    struct router *router;
    struct found found;

    assert_ok(router_create(faces, ARRAY_LEN(faces), NULL, &router));
    router_find(router, BOTH, POST, STR("/out"), &found);
    router_find_other(router, BOTH, POST, STR("/out"), &found);
    assert_ptr_equal(found.route, &rows[0]);
    router_destroy(router);
}

static void a_row_that_cannot_be_found_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"/:x", "/a/:x/:y/:z", "/1/2/3/4/5/6/7/8/9/10/11/12/13"};

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const struct route rows[] = {ROW(GET, bad[i])};
        assert_err(create(rows, 1, NULL, 0), ERR_CONFIG);
    }
}

int main(void)
{
#define WITH_ROUTER(test) cmocka_unit_test_setup_teardown(test, make, unmake)
    const struct CMUnitTest tests[] = {
        WITH_ROUTER(a_row_is_found_by_its_method_and_path),
        WITH_ROUTER(the_index_leads_back_to_the_row),
        WITH_ROUTER(a_parameter_is_what_stands_in_its_place),
        WITH_ROUTER(a_parameter_may_be_empty_and_its_handler_says_so),
        WITH_ROUTER(a_slash_at_the_end_makes_another_path),
        WITH_ROUTER(a_fixed_word_comes_before_a_parameter),
        WITH_ROUTER(a_fixed_word_without_the_method_is_a_name_like_any_other),
        WITH_ROUTER(a_fixed_word_is_never_an_id),
        WITH_ROUTER(the_path_of_a_row_is_no_wildcard_by_itself),
        WITH_ROUTER(get_answers_head_but_not_the_other_way_round),
        WITH_ROUTER(any_takes_every_method),
        WITH_ROUTER(no_other_row_takes_a_method_that_we_do_not_know),
        WITH_ROUTER(what_is_allowed_is_what_the_rows_of_the_path_take),
        WITH_ROUTER(a_listener_finds_only_the_rows_of_its_faces),
        WITH_ROUTER(a_path_without_a_row_belongs_to_the_face_of_its_longest_prefix),
        WITH_ROUTER(a_path_that_nobody_claims_belongs_to_the_first_face_of_the_listener),
        WITH_ROUTER(a_path_that_cannot_be_read_has_a_face_too),
        WITH_ROUTER(there_is_always_a_face_even_without_a_path),
        WITH_ROUTER(more_segments_than_any_row_has_are_no_path_of_ours),
        cmocka_unit_test(two_rows_for_one_request_are_refused),
        cmocka_unit_test(rows_that_cannot_be_mistaken_for_each_other_are_not),
        cmocka_unit_test(of_as_many_parameters_the_words_that_come_first_say_more),
        cmocka_unit_test(a_row_is_found_without_what_may_be_taken_off_its_path),
        cmocka_unit_test(a_path_without_its_beginning_can_be_taken_too),
        cmocka_unit_test(two_faces_share_a_path_when_a_member_tells_whose_it_is),
        cmocka_unit_test(where_no_other_face_is_served_the_row_takes_every_body),
        cmocka_unit_test(a_row_that_cannot_be_found_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
