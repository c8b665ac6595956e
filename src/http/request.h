/* A request as the parser left it: slices of the connection's buffer, looked at once, in one
 * form. */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum http_method {
    METHOD_NONE,
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE,
    OPTIONS,
    METHOD_OTHER /* whatever else it is called: for those alone who take any */
};
enum {
    HTTP_METHODS = OPTIONS + 1 /* that we know by name */
};

/* "GET"; empty for METHOD_NONE, "OTHER" for METHOD_OTHER. With a NUL behind it. */
struct str http_method_name(enum http_method method);

enum {
    HTTP_MOST_HEADERS = 100
};

struct http_header {
    struct str name, value; /* the value without blanks at its ends */
};

struct http_request {
    enum http_method method;
    struct str target; /* as sent; known before it is known to be good */

    /* Decoded once, UTF-8; begins with a slash and holds no dot segment, no empty segment (a last
     * one is kept), no backslash, control character or NUL: such a target never gets here. Of
     * `OPTIONS *` it is the asterisk. */
    struct str path;
    struct str query; /* not decoded; no text when there is no question mark */
    struct str host;  /* as sent, with its port; HTTP/1.0 may have none */
    struct str body;  /* read by its framing whatever the method: a GET may have one */
    struct http_header headers[HTTP_MOST_HEADERS];
    size_t header_count;
    struct str peer; /* the address at the other end of the connection, as text */
    int minor;       /* HTTP/1.0 or 1.1 */
    bool keep_alive;
};

/* The value of a header, names compared without case; no text when it is absent. The headers that
 * may stand only once (Host, Content-Length, Content-Type, Authorization, Transfer-Encoding, …)
 * are refused by the parser when they stand twice; of others the first counts. */
struct str http_header(const struct http_request *request, struct str name);
