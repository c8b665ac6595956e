/* Calls that have no place here. Included by the build before every file of ours. */
#pragma once

/* clang-format off */
#ifndef __cplusplus
#include <stdio.h>  /* declared before they are poisoned, so that the headers still compile */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#pragma GCC poison strcpy strncpy strcat strncat sprintf vsprintf gets strtok strtok_r atoi atol atoll atof
#pragma GCC poison gmtime localtime ctime asctime srand srandom system popen
/* OpenSSL and libsodium name parameters and members like this, so only the calls are banned. */
#define rand()   rand_is_banned_use_random_fill /* NOLINT: the name that is banned */
#define random() random_is_banned_use_random_fill /* NOLINT */
#endif
/* clang-format on */
