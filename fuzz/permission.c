/* Permissions: a name that is stored and one that is asked for, a line each. A set and a name say
 * the same of what is granted. */
#include "model/permission.h"

#include "fuzz/harness.h"
#include "model/name.h"

static void assert_sane(struct str name)
{
    struct permission_set set = {0};

    permission_add(&set, name);
    for (unsigned i = 0; i < PERMISSIONS; i++) {
        bool grants = permission_grants(name, permission_name((enum permission)i));
        PROMISE(permission_held(set, (enum permission)i) == grants);
    }
    PROMISE(permission_covers(permission_all(), set) && permission_grants(name, name));
    if (permission_name_is_fine(name)) {
        PROMISE(name.len > 0 && name.len <= NAME_MOST + 1);
        for (size_t i = 0; i + 1 < name.len; i++) {
            PROMISE(name.ptr[i] > ' ' && name.ptr[i] < 0x7f && name.ptr[i] != '*');
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size}, granted, name;

    str_cut(text, '\n', &granted, &name);
    assert_sane(granted);
    assert_sane(name);
    if (permission_grants(granted, name) && !str_eq(granted, name)) {
        PROMISE(str_ends(granted, STR("*")));
        PROMISE(granted.len == 1 || str_starts(name, str_sub(granted, 0, granted.len - 1)));
    }
    return 0;
}
