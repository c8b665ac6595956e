/* The face of document 001: logins, sessions, roles, permissions and who holds them. */
#pragma once

#include "domain/settings.h"
#include "web/face.h"

extern const struct face gateway_face;

struct gateway_settings {
    struct face_settings face;
};
