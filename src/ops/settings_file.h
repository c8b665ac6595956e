/* The settings file. */
#pragma once

#include "ops/settings_rows.h"

/* Takes over every value of settings->file, which has to exist. */
enum err settings_read_file(struct settings *settings, struct reason *reason);
