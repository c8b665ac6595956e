/* Days of the calendar, as people write their birthdays. */
#pragma once

#include "base/str.h"

/* Of the form 1990-01-31, and one that there was or will be. */
bool date_is_real(struct str text);
