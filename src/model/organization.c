/* The states of an organization. */
#include "model/organization.h"

struct str organization_state_name(enum organization_state state)
{
    return state == ORGANIZATION_SUSPENDED ? STR("suspended") : STR("active");
}

enum err organization_state_of(struct str name, enum organization_state *ret)
{
    for (unsigned state = ORGANIZATION_ACTIVE; state <= ORGANIZATION_SUSPENDED; state++) {
        if (str_eq(name, organization_state_name((enum organization_state)state))) {
            *ret = (enum organization_state)state;
            return ERR_OK;
        }
    }
    return ERR_FIELD_VALUE;
}
