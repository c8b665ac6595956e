/* Reading hexadecimal digits; buf_put_hex writes them. */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* Fills exactly `size` bytes from 2 × size digits of either case, or ERR_FIELD_VALUE. */
enum err hex_parse(struct str text, void *memory, size_t size);

int hex_digit(char c); /* 0 to 15, or -1 */
