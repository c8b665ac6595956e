#include "base/check.h"
#include "model/event.h"

static void every_verb_is_found_by_its_name(void **state)
{
    (void)state;

    for (unsigned verb = 0; verb < EVENT_VERBS; verb++) {
        struct str name = event_verb_name((enum event_verb)verb);
        assert_true(name.len > 0);
        assert_int_equal(event_verb_of(name), verb);
    }
    assert_str(event_verb_name(EVENT_LOGIN_FAILED), "login.failed");
}

static void a_verb_of_a_newer_version_is_none_of_ours(void **state)
{
    (void)state;

    assert_int_equal(event_verb_of(STR("user.teleported")), EVENT_VERBS);
    assert_int_equal(event_verb_of(STR("login.")), EVENT_VERBS);
    assert_int_equal(event_verb_of(STR("")), EVENT_VERBS);
}

/* Whatever ends a session, stops somebody or changes what they hold has to be known at once. */
static void memory_keeps_what_the_next_request_depends_on(void **state)
{
    (void)state;
    static const enum event_verb kept[] = {EVENT_USER_STOPPED,         EVENT_USER_RESUMED,
                                           EVENT_USER_ACTIVATED,       EVENT_USER_DELETED,
                                           EVENT_ROLE_GRANTED,         EVENT_ROLE_REVOKED,
                                           EVENT_ROLE_CREATED,         EVENT_ROLE_CHANGED,
                                           EVENT_ROLE_DELETED,         EVENT_SESSION_ENDED,
                                           EVENT_KEY_CREATED,          EVENT_INSTALLATION_RESTORED,
                                           EVENT_USER_MOVED,           EVENT_ORGANIZATION_SUSPENDED,
                                           EVENT_ORGANIZATION_RESUMED, EVENT_SERVICE_KEY_CREATED,
                                           EVENT_SERVICE_KEY_REVOKED};
    size_t count = 0;

    for (unsigned verb = 0; verb < EVENT_VERBS; verb++) {
        count += event_is_kept_in_memory((enum event_verb)verb);
    }
    assert_int_equal(count, ARRAY_LEN(kept));
    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        assert_true(event_is_kept_in_memory(kept[i]));
    }
    assert_false(event_is_kept_in_memory(EVENT_VERBS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verb_is_found_by_its_name),
        cmocka_unit_test(a_verb_of_a_newer_version_is_none_of_ours),
        cmocka_unit_test(memory_keeps_what_the_next_request_depends_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
