/* For tests: a call without a socket. Its answer stays where it was written, or, once the pipeline
 * has finished it, where the test looks for it. */
#pragma once

#include "web/call.h"

#include <semaphore.h>

enum {
    MOCK_HEADERS = 4096
};

struct mock {
    struct exchange x; /* first: exchange_finish finds the rest by it */
    struct call call;  /* for what is tested without the pipeline */
    char written[MOCK_HEADERS];

    sem_t finished;
    int status;
    char *headers, *body; /* copies, with a NUL behind each */
};

/* A GET of /, from 192.0.2.7, at 192.0.2.1:8085, over HTTP/1.1. */
void mock_make(struct mock *mock);
void mock_destroy(struct mock *mock); /* one that is all zero is fine */

/* What the client sends. Texts have to outlive the mock. */
void mock_ask(struct mock *mock, enum http_method method, const char *path);
void mock_send_header(struct mock *mock, const char *name, const char *value);

/* Waits until the exchange is finished. */
void mock_await(struct mock *mock);

/* The value of a header of the answer, finished or not; NULL when it is not there. Fails the test
 * when it is there twice. */
const char *mock_header(struct mock *mock, const char *name);
