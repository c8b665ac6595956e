/* The face of document 004: registration, and addresses that are verified. */
#pragma once

#include "domain/settings.h"
#include "web/face.h"

extern const struct face corporate_face;

struct corporate_settings {
    struct face_settings face;
    struct str too_many; /* the status of "too many": "409" or "429" */
};
