/* What PostgreSQL's error codes mean to us. */
#pragma once

#include "base/err.h"

/* `state` is an SQLSTATE, or NULL. *ret_leave: the connection is of no more use. */
enum err postgres_fault(const char *state, bool *ret_leave);
