/* Text and bytes as a pointer and a length. Nothing here owns memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A slice. `ptr` is NULL when there is no text at all, which is not the same as empty text. */
struct str {
    const char *ptr;
    size_t len;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* For printf: "%.*s" takes STR_ARG(s). */
#define STR_ARG(s)   (int)(s).len, (s).ptr
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct str str_of(const char *text); /* text may be NULL: then there is no text */
bool str_is_set(struct str s);
bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_compare(struct str a, struct str b);    /* as memcmp, the shorter one first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, char c);

struct str str_skip(struct str s, size_t n);             /* without its first n bytes */
struct str str_sub(struct str s, size_t from, size_t n); /* clamped to s */
struct str str_trim(struct str s);                       /* without spaces and tabs at its ends */

/* Splits at the first `separator`: true, and both sides. Without one: false, all of it in head. */
bool str_cut(struct str s, char separator, struct str *ret_head, struct str *ret_tail);

/* Takes the next word off *rest, words being separated by `separator`. False when none is left. */
bool str_next(struct str *rest, char separator, struct str *ret_word);
