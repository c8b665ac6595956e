/* One value: reading it by its row, checking it, and showing it. */
#pragma once

#include "base/err.h"
#include "base/setting.h"

struct arena;
struct buf;

/* Reads `text` into *value, whose type is that of the row's kind; texts are copied into the arena.
 * ERR_CONFIG with what is wrong in `complaint`, in which a secret never stands. */
enum err setting_parse(struct arena *arena, const struct setting *row, struct str text, void *value,
                       struct buf *complaint);

/* The first password of a URL in a text: SCHEME://USER:PASSWORD@HOST, or ?password=PASSWORD.
 * Without text when there is none. */
struct str setting_password_in(struct str text);

/* In the friendliest exact form, as the file would have it: 12h, 64k, yes. Secrets as (hidden), and
 * so is the password of a URL. */
void setting_print(struct buf *out, const struct setting *row, const void *value);

/* The default likewise; nothing for a secret, which has none. */
void setting_print_initial(struct buf *out, const struct setting *row);

/* What the row takes, in words: "a number from 1 to 64". */
void setting_print_expected(struct buf *out, const struct setting *row);

/* Whether two values of one row mean the same: 1h and 60m do. Secrets in constant time. */
bool setting_same(const struct setting *row, const void *a, const void *b);

/* Copies a value that was parsed before; texts into the arena. */
enum err setting_copy(struct arena *arena, const struct setting *row, const void *from, void *to);
