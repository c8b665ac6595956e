/* Pages for people, of `signet dev` alone: the mail that was caught. */
#pragma once

#include "web/face.h"

struct pages_settings {
    struct str folder; /* where mail.transport = file keeps letters; a NUL behind it */
};

extern const struct face pages_face;
