/* What the two halves of the client share: http/client.c and http/client_smtp.c. */
#pragma once

#include "http/client.h"
#include "http/client_library.h"

enum {
    CLIENT_SOCKETS = 8
};

struct http_client {
    struct client_library curl;
    struct client_rules rules;
    char *authorities;
    CURL *handle;
    int sockets[CLIENT_SOCKETS]; /* open now; -1: free */
    bool private_refused;        /* in the request at hand */
    char error[CURL_ERROR_SIZE];
};

/* Forgets the options of the request before and sets those that all have. */
void http_client_prepare(struct http_client *client, const char *protocols);

/* Text from elsewhere, fit for one line: printable ASCII, without its ends' blanks. */
void http_client_show(char *out, size_t size, struct str text);
