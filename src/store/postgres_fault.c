/* PostgreSQL's error codes in our words. */
#include "store/postgres_fault.h"

/* What SQLSTATEs mean to us, by their beginning; the first that fits. */
static const struct fault {
    const char *state;
    enum err err;
    bool leave; /* the connection is of no more use */
} faults[] = {
    {"23505", ERR_TAKEN,       false},
    {"23503", ERR_STORE_RETRY, false}, /* what the unit had read went away before it wrote */
    {"40",    ERR_STORE_RETRY, false}, /* not serializable, or a deadlock */
    {"55P03", ERR_BUSY,        false}, /* lock_timeout */
    {"57014", ERR_BUSY,        false}, /* statement_timeout */
    {"53100", ERR_STORE_FULL,  false},
    {"53200", ERR_MEMORY,      false},
    {"26000", ERR_STORE_RETRY, true }, /* what we prepared is gone, or another's: a pooler's doing */
    {"42P05", ERR_STORE_RETRY, true },
    {"0A000", ERR_STORE_RETRY, true }, /* a prepared plan that a migration has overtaken */
    {"25006", ERR_STORE_DOWN,  true }, /* it has become a standby */
    {"08",    ERR_STORE_DOWN,  true },
    {"53",    ERR_STORE_DOWN,  true },
    {"57P",   ERR_STORE_DOWN,  true }, /* stopping, or starting */
    {"58",    ERR_STORE_DOWN,  false},
    {"XX",    ERR_STORE_DOWN,  false},
};

enum err postgres_fault(const char *state, bool *ret_leave)
{
    *ret_leave = false;
    for (size_t i = 0; state && i < ARRAY_LEN(faults); i++) {
        if (str_starts(str_of(state), str_of(faults[i].state))) {
            *ret_leave = faults[i].leave;
            return faults[i].err;
        }
    }
    return ERR_STORE;
}
