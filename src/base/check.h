/* What every unit test includes: cmocka, and the assertions for our own types. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
/* clang-format off */
#include <cmocka.h> /* needs those above */
/* clang-format on */

#define assert_str(actual, expected)                                                               \
    do {                                                                                           \
        struct str actual_ = (actual);                                                             \
        assert_int_equal(actual_.len, strlen(expected));                                           \
        assert_memory_equal(actual_.ptr ? actual_.ptr : "", expected, actual_.len);                \
    } while (0)

#define assert_ok(call)            assert_string_equal(err_name(call), "ERR_OK")
#define assert_err(call, expected) assert_string_equal(err_name(call), #expected)
