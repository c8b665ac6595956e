/* The face of document 002: login, forward-auth, administrators. */
#pragma once

#include "domain/settings.h"
#include "web/face.h"

extern const struct face edge_face;

struct edge_settings {
    struct face_settings face;
};
