/* The face of document 000: gyms, their members and administrators. */
#pragma once

#include "domain/settings.h"
#include "web/face.h"

extern const struct face fitnexa_face;

struct fitnexa_settings {
    struct face_settings face;
};
