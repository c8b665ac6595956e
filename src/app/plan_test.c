/* What settings say of faces and listeners, and what no single one of them can say. */
#include "app/plan.h"
#include "base/check.h"

struct tried {
    struct config *config;
    struct plan plan;
    struct reason reason;
};

static enum err try_settings(const struct str *set, size_t count, bool dev, struct tried *ret)
{
    struct config_options options = {.dev = dev, .set = set, .set_count = count};

    *ret = (struct tried){0};
    TRY(config_load(&options, &ret->reason, &ret->config));
    return plan_make(ret->config, &ret->reason, &ret->plan);
}

/* Those that can be switched on and off, edge first, then the pages, and the service itself. */
enum {
    FACES = CONFIG_FACES + 2,
    ALL = (1 << FACES) - 1,
    EDGE = 1,
    SELF = 1 << (CONFIG_FACES + 1)
};

static enum err try_listen(const char *setting, bool dev, struct tried *ret)
{
    const struct str set[] = {str_of(setting)};

    return try_settings(set, 1, dev, ret);
}

static void a_listener_serves_the_faces_it_names_and_the_service_itself(void **state)
{
    (void)state;
    struct tried tried;

    assert_ok(try_listen("http.listen=127.0.0.1:1 [::1]:2=edge 0.0.0.0:3=self", false, &tried));
    assert_int_equal(tried.plan.face_count, FACES);
    assert_int_equal(tried.plan.listener_count, 3);
    assert_str(tried.plan.listeners[1].address, "::1");
    assert_int_equal(tried.plan.listeners[1].port, 2);
    assert_int_equal(tried.plan.listener_faces[0] & ALL, ALL);
    assert_int_equal(tried.plan.listener_faces[1], EDGE | SELF);
    assert_int_equal(tried.plan.listener_faces[2], SELF);
    config_free(tried.config);
}

static void a_face_that_is_off_cannot_be_listened_for(void **state)
{
    (void)state;
    const struct str set[] = {STR("face.edge.enabled=no"), STR("http.listen=127.0.0.1:1=edge")};
    struct tried tried;

    assert_ok(try_settings(set, 1, false, &tried));
    assert_int_equal(tried.plan.face_count, FACES - 1);
    config_free(tried.config);
    assert_err(try_settings(set, 2, false, &tried), ERR_CONFIG);
    assert_string_equal(tried.reason.detail, "http.listen: there is no face edge, or it is off");
    config_free(tried.config);
}

static void dev_is_planned_for_loopback_alone(void **state)
{
    (void)state;
    static const char *const outside[] = {"http.listen=0.0.0.0:1", "http.listen=[::]:1",
                                          "http.listen=127.0.0.1:1 192.0.2.1:1"};
    struct tried tried;

    assert_ok(try_listen("http.listen=127.0.0.1:1 [::1]:1 127.8.8.8:1", true, &tried));
    config_free(tried.config);
    for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
        assert_err(try_listen(outside[i], true, &tried), ERR_CONFIG);
        assert_non_null(strstr(tried.reason.detail, "loopback"));
        config_free(tried.config);
        assert_ok(try_listen(outside[i], false, &tried));
        config_free(tried.config);
    }
}

static void an_open_face_is_planned_for_closed_networks_alone(void **state)
{
    (void)state;
    static const char *const closed[] = {
        "http.listen=127.0.0.1:1 [::1]:1", "http.listen=10.1.2.3:1",
        "http.listen=192.168.0.9:1 [fd00::1]:1", "http.listen=0.0.0.0:1=edge 127.0.0.1:1"};
    static const char *const open[] = {"http.listen=0.0.0.0:1", "http.listen=[::]:1",
                                       "http.listen=127.0.0.1:1 8.8.8.8:1",
                                       "http.listen=[2a00:1450::1]:1=directory"};
    struct str set[] = {STR("face.directory.open=yes"), STR("")};
    struct tried tried;

    for (size_t i = 0; i < ARRAY_LEN(closed); i++) {
        set[1] = str_of(closed[i]);
        assert_ok(try_settings(set, 2, false, &tried));
        config_free(tried.config);
    }
    for (size_t i = 0; i < ARRAY_LEN(open); i++) {
        set[1] = str_of(open[i]);
        assert_err(try_settings(set, 2, false, &tried), ERR_CONFIG);
        assert_non_null(strstr(tried.reason.detail, "face.directory.open is for a closed network"));
        config_free(tried.config);
        assert_ok(try_settings(&set[1], 1, false, &tried)); /* it is closed by default */
        config_free(tried.config);
    }
}

static void dev_opens_the_directory(void **state)
{
    (void)state;
    struct tried tried;

    assert_ok(try_settings(NULL, 0, true, &tried));
    assert_true(tried.config->directory.face.open);
    assert_false(tried.config->edge.face.open);
    config_free(tried.config);
    assert_ok(try_settings(NULL, 0, false, &tried));
    assert_false(tried.config->directory.face.open);
    config_free(tried.config);
}

static void nothing_to_listen_on_is_told(void **state)
{
    (void)state;
    struct tried tried;

    assert_err(try_listen("http.listen=", false, &tried), ERR_CONFIG);
    assert_string_equal(tried.reason.detail, "http.listen names no listener");
    config_free(tried.config);
}

static void a_shared_secret_goes_with_its_algorithm(void **state)
{
    (void)state;
    const struct str set[] = {
        STR("face.edge.token_algorithm=HS256"),
        STR("face.edge.token_secret=5f0c1e7a92d64b38ae17c3905bd2f486"),
    };
    struct tried tried;

    assert_err(try_settings(set, 1, false, &tried), ERR_CONFIG);
    assert_non_null(strstr(tried.reason.detail, "face.edge.token_secret is not set"));
    assert_null(tried.config);
    assert_ok(try_settings(set, 2, false, &tried));
    config_free(tried.config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listener_serves_the_faces_it_names_and_the_service_itself),
        cmocka_unit_test(a_face_that_is_off_cannot_be_listened_for),
        cmocka_unit_test(dev_is_planned_for_loopback_alone),
        cmocka_unit_test(an_open_face_is_planned_for_closed_networks_alone),
        cmocka_unit_test(dev_opens_the_directory),
        cmocka_unit_test(nothing_to_listen_on_is_told),
        cmocka_unit_test(a_shared_secret_goes_with_its_algorithm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
