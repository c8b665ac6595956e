/* Colours as organizations choose them. */
#pragma once

#include "base/str.h"

/* "#rgb" or "#rrggbb", in either case. */
bool colour_is_fine(struct str text);
