/* Where all randomness comes from. */
#pragma once

#include "base/err.h"

/* Fills memory from the kernel's generator. ERR_SYSTEM if it refuses; then nothing may be made. */
enum err random_fill(void *memory, size_t size);
