/* Password hashes (PHC strings) as the store could give them: nothing is computed that costs more
 * than the bounds, and no password is right but the one of the corpus. */
#include "crypto/password.h"

#include "fuzz/harness.h"

static const struct str word = {"fuzz", 4}; /* what hashes of the corpus are made of */

/* As cheap as there is: whatever costs more, other tests compute. */
static bool is_cheap(struct password_cost cost)
{
    return cost.memory_kib <= 64 && cost.passes <= 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str hash = {(const char *)data, size};
    struct password_cost cost;
    bool right = false, wrong = false;

    PROMISE(password_start() == ERR_OK);
    enum err e = password_cost_of(hash, &cost);
    PROMISE(e == ERR_OK || e == ERR_CRYPTO);
    if (e != ERR_OK) {
        PROMISE(password_verify(hash, word, &right) == ERR_CRYPTO);
        return 0;
    }
    PROMISE(size < PASSWORD_HASH_TEXT && password_cost_check(cost) == ERR_OK);
    if (!is_cheap(cost)) {
        return 0;
    }
    enum err of_right = password_verify(hash, word, &right);
    enum err of_wrong = password_verify(hash, STR("other"), &wrong);
    PROMISE(of_right == of_wrong && (of_right == ERR_OK || of_right == ERR_CRYPTO));
    PROMISE(of_right == ERR_OK || (!right && !wrong));
    PROMISE(!wrong);
    return 0;
}
