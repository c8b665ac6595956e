/* The running server: everything wired, until a signal ends it. */
#pragma once

#include "app/config.h"

/* Serves until SIGTERM or SIGINT, then drains. `config` becomes the server's own. The exit status
 * of the program. */
int server_run(struct config *config);
