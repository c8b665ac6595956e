/* Telling the service manager how far we are, as sd_notify(3) does. */
#pragma once

#include "base/err.h"

enum notify_state {
    NOTIFY_READY,     /* answering; after a reload once more */
    NOTIFY_RELOADING, /* SIGHUP was taken */
    NOTIFY_STOPPING   /* SIGTERM was taken; what is under way still finishes */
};

/* `socket_text` is the text of NOTIFY_SOCKET; NULL when nobody asked to be told, which is ERR_OK.
 * Does not wait for the manager. ERR_SYSTEM when it cannot be told: no reason to stop. */
enum err notify_send(const char *socket_text, enum notify_state state);
