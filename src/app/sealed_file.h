/* A file that is sealed under a passphrase (crypto/sealing), written once and read from its
 * beginning. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct digester;
struct sealed_file;

/* Makes PATH (0600), which must not be there. */
enum err sealed_file_create(const char *path, struct secret passphrase, struct digester *digester,
                            struct reason *reason, struct sealed_file **ret);
enum err sealed_file_put(struct sealed_file *file, struct str bytes, struct reason *reason);

/* The last chunk; ERR_OK when all of it is durable. */
enum err sealed_file_end(struct sealed_file *file, struct reason *reason);

/* ERR_CONFIG with a reason in plain words: there is no such file, it is no sealed one, or the
 * passphrase is another. */
enum err sealed_file_open(const char *path, struct secret passphrase, struct digester *digester,
                          struct reason *reason, struct sealed_file **ret);

/* The next piece, which holds until the next call; ERR_MISSING at the end. ERR_CONFIG: it has been
 * changed or cut off. As record_input has it. */
enum err sealed_file_more(void *from, struct str *ret);
const struct reason *sealed_file_reason(const struct sealed_file *file); /* of sealed_file_more */

void sealed_file_close(struct sealed_file *file); /* NULL is fine */
void sealed_file_close_at(struct sealed_file **file);
