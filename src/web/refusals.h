/* For tests: what holds of the refusals of every face. */
#pragma once

#include "base/check.h"
#include "web/mock.h"

/* What the reason of a refusal says to the log, and nobody else may see. */
#define REFUSAL_DETAIL "row 7 of /var/lib/signet.db"

extern const enum err every_error[ERRORS];

/* The face's answer to an error. It is the caller's until the next one; `field` and `body` may be
 * NULL. */
struct mock *refusal_of(const struct face *face, enum err e, const char *field,
                        const struct shape *body);

/* Tests of a face; their state is the address of a pointer to it. */
void an_error_has_the_status_of_its_class(void **state);
void no_error_tells_what_is_for_the_log(void **state);
void whoever_is_not_known_is_told_how_to_say_who_they_are(void **state);
void without_memory_the_status_is_still_told(void **state);

/* All but the first, whose faces may differ. */
#define REFUSAL_TESTS(face)                                                                        \
    cmocka_unit_test_prestate(no_error_tells_what_is_for_the_log, face),                           \
        cmocka_unit_test_prestate(whoever_is_not_known_is_told_how_to_say_who_they_are, face),     \
        cmocka_unit_test_prestate(without_memory_the_status_is_still_told, face)
