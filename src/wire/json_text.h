/* Texts of JSON, between their quotation marks. */
#pragma once

#include "base/err.h"

struct arena;

/* Takes a text off *rest, which begins behind its opening mark, and goes on behind its closing one.
 * Without an escape it stays where it is, otherwise what it means lies in the arena.
 * ERR_BODY_MALFORMED when it has no end, is not UTF-8, or has a control character, an unknown
 * escape, \u0000, or half a pair of surrogates. */
enum err json_text_take(struct arena *arena, struct str *rest, struct str *ret);
