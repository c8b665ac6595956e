/* Colours as organizations choose them. */
#pragma once

#include "base/str.h"

struct buf;

/* "#rgb" or "#rrggbb", in either case. */
bool colour_is_fine(struct str text);

/* That colour as "#rrggbb", or as much darker as it takes for it to be read on white, and white on
 * it: a contrast of 4.5 (WCAG 2, 1.4.3). Black for what is no colour. */
void colour_print_readable(struct buf *out, struct str colour);
