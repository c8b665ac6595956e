/* A long text sealed in chunks under a passphrase: what a file holds that leaves the machine.
 *
 * The passphrase is stretched by Argon2id to a key for this one text. Each chunk is sealed bound to
 * the head, its number and whether it is the last: none can be changed, moved, left out or cut off
 * unnoticed, nor taken from another text. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct arena;
struct digester;

enum {
    SEALING_HEAD = 72,
    SEALING_CLEAR = 64 << 10, /* of every chunk but the last, which has less or as much */
    SEALING_CHUNK = SEALING_CLEAR + 29
};

struct sealing {
    struct key32 key;
    int64_t number; /* of the next chunk */
    char head[SEALING_HEAD];
};

/* Draws a salt and writes the head, which stands before the chunks. Takes 128 MiB and a good part
 * of a second. */
enum err sealing_begin(struct digester *digester, struct secret passphrase, struct sealing *ret);

/* From the head of a sealed text. ERR_FIELD_VALUE: it is none, or of a newer form, or costs more
 * than we pay. ERR_CRYPTO: not with this passphrase. */
enum err sealing_resume(struct digester *digester, struct str head, struct secret passphrase,
                        struct sealing *ret);
void sealing_wipe(struct sealing *sealing); /* for CLEANUP too */

/* The next chunk; ERR_CRYPTO when it is not what was sealed in this place. */
enum err sealing_close(struct sealing *sealing, struct arena *arena, struct str clear, bool last,
                       struct str *ret);
enum err sealing_open(struct sealing *sealing, struct arena *arena, struct str sealed, bool last,
                      struct str *ret);
