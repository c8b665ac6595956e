#include "base/check.h"
#include "model/organization.h"

static void a_state_is_known_by_its_name(void **state)
{
    (void)state;
    enum organization_state found;

    assert_str(organization_state_name(ORGANIZATION_ACTIVE), "active");
    assert_str(organization_state_name(ORGANIZATION_SUSPENDED), "suspended");
    assert_ok(organization_state_of(STR("active"), &found));
    assert_int_equal(found, ORGANIZATION_ACTIVE);
    assert_ok(organization_state_of(STR("suspended"), &found));
    assert_int_equal(found, ORGANIZATION_SUSPENDED);
    assert_err(organization_state_of(STR("Active"), &found), ERR_FIELD_VALUE);
    assert_err(organization_state_of(STR(""), &found), ERR_FIELD_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_is_known_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
