/* What faces have in common where they refuse: the status of each error, a text that names what is
 * at fault, and how it goes out. What a document says otherwise is in its face's errors.c. */
#pragma once

#include "web/call.h"

/* By the class of the error; what HTTP itself has a status for has that one (RFC 9110, RFC 6585).
 */
int refusal_status(enum err e);

/* What is wrong with the member at fault, "is required"; NULL for errors that are of none. */
const char *refusal_of_member(enum err e);

/* "dob is required", "no such role: MANAGER"; the error's own text where nothing is named. */
struct str refusal_text(struct call *c, enum err e);

/* Answers with the object, or, where there is no memory for one, with the status alone. */
void refuse(struct call *c, int status, const struct shape *shape, const void *object);

/* The same as one line of text, for what people read: whole, or empty without memory. */
void refuse_as_line(struct call *c, enum err e);
