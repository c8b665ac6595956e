/* What is tried first: the passwords that many people have, and somebody's own names. Both take a
 * password in the form that text_nfkc and then text_fold give it; neither minds which of @4 3 1!|i
 * 0 5$ 7 are written for the letters a e l o s t. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;

/* Whether it is on the list of common passwords, or one that is with up to five ASCII digits, marks
 * or spaces behind it, or up to four bytes again and again, or a count up or down. The list is kept
 * as hashes: fewer than one password in 10^12 is said to be on it by mistake. */
bool guessable_is_common(struct str folded);

/* Whether it is made of words of these texts (folded too), in whatever order and however often,
 * with at most five other digits, marks or spaces among them. A word is all letters, all digits or
 * all marks: those of "jo.doe77" are "jo", ".", "doe" and "77". */
enum err guessable_is_own(struct arena *arena, struct str folded, const struct str *own,
                          size_t own_count, bool *ret);
