/* The one way of a request through the house. */
#pragma once

#include "web/call.h"
#include "web/lane.h"
#include "web/local.h"

/* Steps 1 to 5, on an I/O thread: finds the row, admits or refuses, answers or hands on. */
void pipeline_admit(struct local *local, struct exchange *x);

/* Steps 6 to 9, on a thread of the row's lane. */
void pipeline_work(struct local *local, struct call *c, bool late);
