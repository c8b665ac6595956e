/* Reading hexadecimal digits; buf_put_hex writes them. */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* Fills exactly `size` bytes from 2 × size digits of either case, or ERR_FIELD_VALUE. */
enum err hex_parse(struct str text, void *memory, size_t size);

/* In lower case alone, as buf_put_hex writes it: what we gave out has one form, and no other is
 * ours. */
bool hex_is_ours(struct str text);
enum err hex_parse_ours(struct str text, void *memory, size_t size);

int hex_digit(char c); /* 0 to 15, or -1 */
