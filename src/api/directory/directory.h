/* The face of document 003: tokens, users, roles, permissions. */
#pragma once

#include "domain/settings.h"
#include "web/face.h"

extern const struct face directory_face;

struct directory_settings {
    struct face_settings face;
};
