/* The pages that links in letters lead to, for those who got one: a face of their own, in every
 * mode. Its settings are those of mail: what the service is called, and its colour. */
#pragma once

#include "web/face.h"

extern const struct face hosted_face;
