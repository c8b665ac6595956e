/* Permission names and sets. */
#include "model/permission.h"

#include "model/name.h"

static const struct str names[PERMISSIONS] = {
#define X(constant, name) [constant] = {name, sizeof(name) - 1},
    PERMISSION_TABLE(X)
#undef X
};

struct str permission_name(enum permission permission)
{
    return names[permission];
}

bool permission_held(struct permission_set set, enum permission permission)
{
    return (set.bits >> permission & 1) != 0;
}

bool permission_covers(struct permission_set set, struct permission_set other)
{
    return (other.bits & ~set.bits) == 0;
}

struct permission_set permission_all(void)
{
    return (struct permission_set){((uint64_t)1 << PERMISSIONS) - 1};
}

bool permission_grants(struct str granted, struct str name)
{
    struct str kind = str_sub(granted, 0, granted.len - 1); /* of a name that ends with a star */

    if (str_eq(granted, name) || str_eq(granted, STR("*"))) {
        return true;
    }
    return str_ends(granted, STR(":*")) && name.len > kind.len && str_starts(name, kind);
}

bool permission_name_is_fine(struct str name)
{
    if (str_eq(name, STR("*"))) {
        return true;
    }
    if (str_ends(name, STR(":*"))) {
        name.len--;
    }
    return name_is_fine(name, "_-.:");
}

void permission_add(struct permission_set *set, struct str name)
{
    for (unsigned i = 0; i < PERMISSIONS; i++) {
        if (permission_grants(name, names[i])) {
            set->bits |= (uint64_t)1 << i;
        }
    }
}
