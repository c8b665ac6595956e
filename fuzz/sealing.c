/* Sealed texts: what was sealed opens as it was, in its place alone, and with no bit of it changed;
 * bytes that nobody sealed never open. */
#include "crypto/sealing.h"

#include "base/arena.h"
#include "crypto/digest.h"
#include "fuzz/harness.h"

#include <endian.h>
#include <string.h>

static const struct key32 key = {.bytes = "0123456789abcdef0123456789abcde"};

static struct sealing text_at(int64_t number)
{
    struct sealing sealing = {.key = key, .number = number};

    memset(sealing.head, 's', sizeof sealing.head);
    return sealing;
}

/* A copy of its own length with one bit turned over. */
static struct str turned(struct arena *arena, struct str text, size_t at)
{
    struct str copy;

    PROMISE(arena_copy(arena, text, &copy) == ERR_OK);
    ((char *)(uintptr_t)copy.ptr)[at % copy.len] ^= (char)(1U << at % 8);
    return copy;
}

static void seal_chunk(struct arena *arena, struct str clear, bool last)
{
    struct sealing writer = text_at(7), reader = text_at(7), other = text_at(8);
    struct str sealed, opened;

    PROMISE(sealing_close(&writer, arena, clear, last, &sealed) == ERR_OK);
    struct str wrong = turned(arena, sealed, clear.len);
    PROMISE(sealing_open(&other, arena, sealed, last, &opened) == ERR_CRYPTO);
    other = text_at(7);
    PROMISE(sealing_open(&other, arena, sealed, !last, &opened) == ERR_CRYPTO);
    other = text_at(7);
    PROMISE(sealing_open(&other, arena, wrong, last, &opened) == ERR_CRYPTO);
    PROMISE(sealing_open(&reader, arena, sealed, last, &opened) == ERR_OK);
    PROMISE(str_eq(opened, clear));
}

static void seal_value(struct arena *arena, struct str clear)
{
    struct str sealed, opened;

    PROMISE(seal_close(arena, &key, STR("a"), clear, &sealed) == ERR_OK);
    PROMISE(seal_open(arena, &key, STR("b"), sealed, &opened) == ERR_CRYPTO);
    struct str wrong = turned(arena, sealed, clear.len);
    PROMISE(seal_open(arena, &key, STR("a"), wrong, &opened) == ERR_CRYPTO);
    PROMISE(seal_open(arena, &key, STR("a"), sealed, &opened) == ERR_OK);
    PROMISE(str_eq(opened, clear));
    PROMISE(seal_open(arena, &key, STR("a"), clear, &opened) == ERR_CRYPTO);
}

/* Stretching costs what the head says: here no more than a MiB. */
static bool is_cheap(struct str head)
{
    uint32_t costs[2] = {0};

    if (head.len == SEALING_HEAD) {
        memcpy(costs, head.ptr + 16, sizeof costs);
    }
    uint32_t memory_kib = be32toh(costs[0]), passes = be32toh(costs[1]);
    bool refused = memory_kib > 256 << 10 || passes > 10;
    return refused || (memory_kib <= 1024 && passes <= 2);
}

static void resume(struct digester *digester, struct str head)
{
    struct secret passphrase = {STR("a passphrase that nobody sealed with")};
    struct sealing sealing;

    if (is_cheap(head)) {
        enum err e = sealing_resume(digester, head, passphrase, &sealing);
        PROMISE(e == ERR_FIELD_VALUE || (e == ERR_CRYPTO && head.len == SEALING_HEAD));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 26);
    CLEANUP(digester_destroy_at) struct digester *digester = NULL;
    struct str text = {(const char *)data, size}, opened;
    struct sealing reader = text_at(0);

    PROMISE(digester_create(&digester) == ERR_OK);
    PROMISE(sealing_open(&reader, arena, text, true, &opened) == ERR_CRYPTO);
    if (size <= SEALING_CLEAR) {
        seal_chunk(arena, text, size % 2 == 0);
    }
    seal_value(arena, text);
    resume(digester, text);
    return 0;
}
