/* What the service tells of itself, whatever the faces: its keys, its life, its metrics. */
#pragma once

#include "web/face.h"

extern const struct face self_face;
