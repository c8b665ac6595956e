/* The head: a name, what the stretching costs, the salt, and a check of all of that under the key,
 * so that a wrong passphrase is told apart from a damaged file. */
#include "crypto/sealing.h"

#include "base/buf.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "crypto/password.h"

#include <endian.h>
#include <string.h>

enum {
    NAME = 16,
    COSTS = 8,
    SALT_AT = NAME + COSTS,
    CHECK_AT = SALT_AT + PASSWORD_SALT,
    CHECK = 32,
    CONTEXT = SEALING_HEAD + 9
};

_Static_assert(CHECK_AT + CHECK == SEALING_HEAD, "the head is full");

static const char name[NAME + 1] = "signet sealed 1\n";
static const struct password_cost cost = {.memory_kib = 128 * 1024, .passes = 3};

static void put_number(char *to, int64_t number)
{
    uint32_t wire = htobe32((uint32_t)number);

    memcpy(to, &wire, sizeof wire);
}

static int64_t number_at(const char *from)
{
    uint32_t wire;

    memcpy(&wire, from, sizeof wire);
    return be32toh(wire);
}

static enum err make_check(struct digester *digester, const struct sealing *sealing,
                           struct key32 *ret)
{
    return digest_keyed(digester, &sealing->key, (struct str){sealing->head, CHECK_AT}, ret);
}

static enum err begin(struct digester *digester, struct secret passphrase, struct sealing *sealing)
{
    struct key32 check;

    memcpy(sealing->head, name, NAME);
    put_number(sealing->head + NAME, cost.memory_kib);
    put_number(sealing->head + NAME + COSTS / 2, cost.passes);
    TRY(random_fill(sealing->head + SALT_AT, PASSWORD_SALT));
    TRY(password_stretch(cost, passphrase.hidden, sealing->head + SALT_AT, &sealing->key));
    TRY(make_check(digester, sealing, &check));
    memcpy(sealing->head + CHECK_AT, check.bytes, CHECK);
    return ERR_OK;
}

enum err sealing_begin(struct digester *digester, struct secret passphrase, struct sealing *ret)
{
    CLEANUP(sealing_wipe) struct sealing sealing = {0};

    TRY(begin(digester, passphrase, &sealing));
    *ret = sealing;
    return ERR_OK;
}

enum err sealing_resume(struct digester *digester, struct str head, struct secret passphrase,
                        struct sealing *ret)
{
    CLEANUP(sealing_wipe) struct sealing sealing = {0};
    struct key32 check, right;

    if (head.len != SEALING_HEAD || memcmp(head.ptr, name, NAME) != 0) {
        return ERR_FIELD_VALUE;
    }
    memcpy(sealing.head, head.ptr, SEALING_HEAD);
    struct password_cost told = {.memory_kib = number_at(sealing.head + NAME),
                                 .passes = number_at(sealing.head + NAME + COSTS / 2)};
    if (password_cost_check(told) != ERR_OK) {
        return ERR_FIELD_VALUE;
    }
    TRY(password_stretch(told, passphrase.hidden, sealing.head + SALT_AT, &sealing.key));
    TRY(make_check(digester, &sealing, &right));
    memcpy(check.bytes, sealing.head + CHECK_AT, CHECK);
    if (!key32_eq(&check, &right)) {
        return ERR_CRYPTO;
    }
    *ret = sealing;
    return ERR_OK;
}

void sealing_wipe(struct sealing *sealing)
{
    key32_wipe(&sealing->key);
}

static struct str context_of(const struct sealing *sealing, bool last, char context[CONTEXT])
{
    uint64_t number = htobe64((uint64_t)sealing->number);

    memcpy(context, sealing->head, SEALING_HEAD);
    memcpy(context + SEALING_HEAD, &number, sizeof number);
    context[CONTEXT - 1] = last;
    return (struct str){context, CONTEXT};
}

enum err sealing_close(struct sealing *sealing, struct arena *arena, struct str clear, bool last,
                       struct str *ret)
{
    char context[CONTEXT];

    TRY(seal_close(arena, &sealing->key, context_of(sealing, last, context), clear, ret));
    sealing->number++;
    return ERR_OK;
}

enum err sealing_open(struct sealing *sealing, struct arena *arena, struct str sealed, bool last,
                      struct str *ret)
{
    char context[CONTEXT];

    TRY(seal_open(arena, &sealing->key, context_of(sealing, last, context), sealed, ret));
    sealing->number++;
    return ERR_OK;
}
