/* The one way out: every request that this program makes of another goes through here.
 *
 * A client has its rules from the start. Names are resolved and each address is looked at just
 * before it is connected to, so that what was checked is what is spoken to. No redirects, no
 * proxies of the environment, every size and every time bounded, no body sent twice. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

#include <stdint.h>

struct arena;
struct buf;
struct http_client; /* for one thread at a time; keeps connections for the next request */

enum client_tls {
    CLIENT_TLS_REQUIRED, /* https, smtps, or STARTTLS before anything else */
    CLIENT_TLS_OPTIONAL, /* smtp: where it is offered; whoever sits between can take the offer out
                          */
    CLIENT_TLS_NONE
};

struct client_rules {
    enum client_tls tls;
    bool private_too;       /* addresses that are not of the internet at large */
    int64_t connect_ms;     /* for a connection, all of TLS included */
    int64_t total_ms;       /* for one request */
    size_t most;            /* bytes of an answer */
    struct str authorities; /* a PEM file, in place of those of the system; no text: those */
};

/* Loads libcurl if it is the first. ERR_CONFIG with a reason when it is not installed. */
enum err http_client_create(const struct client_rules *rules, struct reason *reason,
                            struct http_client **ret);
void http_client_destroy(struct http_client *client); /* NULL is fine */

struct client_request {
    struct str url;        /* http only with CLIENT_TLS_NONE or CLIENT_TLS_OPTIONAL */
    struct str headers[8]; /* "Name: value"; up to the first without text */
    struct str type, body; /* a body makes it a POST */
};

struct client_answer {
    int status;
    struct str type, body; /* in the arena */
};

/* ERR_CONFIG: the address is not one to be asked, by the rules. ERR_STORE_DOWN: no answer, not in
 * time, or too large a one. The reason is in plain words, without the address's query. */
enum err http_client_fetch(struct http_client *client, struct arena *arena,
                           const struct client_request *request, struct reason *reason,
                           struct client_answer *ret);

struct client_mail {
    struct str url;      /* smtp://HOST:PORT or smtps://HOST:PORT */
    struct str hello;    /* what we are called */
    struct str username; /* no text: nobody logs in */
    struct secret password;
    struct str from,
        to;          /* addresses alone; `to` may have no text: then only a server is looked for */
    struct str text; /* a finished message, lines ended by CRLF */
    /* Called once before the end of the message is sent: with anything but ERR_OK it never is, and
     * so the server does not take it. */
    enum err (*before_end)(void *with);
    bool (*give_up)(void *with); /* asked now and then until then; true ends it. NULL: never */
    void *with;
};

enum client_delivery {
    CLIENT_DELIVERED,
    CLIENT_REFUSED,     /* for good, this message */
    CLIENT_DELAYED,     /* for now, this message */
    CLIENT_UNREACHABLE, /* the server as such: no connection, no TLS, no login */
    CLIENT_UNCERTAIN,   /* its end was sent, and no answer came */
    CLIENT_WITHDRAWN    /* before_end said no */
};

/* One message over SMTP. `detail` in the reason is what the server said, or what stood in the way,
 * made fit to be shown. */
enum client_delivery http_client_send(struct http_client *client, const struct client_mail *mail,
                                      struct reason *reason);

/* Loads libcurl to write its version; nothing when it is not installed. */
void http_client_library(struct buf *out);
