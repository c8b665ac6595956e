/* The server: one epoll loop a core, each with its own listening sockets (SO_REUSEPORT), a strict
 * subset of HTTP/1.1, every size and every time limited. It knows nothing of what a request means.
 */
#pragma once

#include "http/exchange.h"

#include <stdint.h>

struct setting_table;

struct http_settings {
    struct str listen;          /* words: ADDRESS:PORT, or ADDRESS:PORT=face,face */
    struct str trusted_proxies; /* words: addresses and networks */
    struct str public_url;
    int64_t loops;       /* 0: one a core */
    int64_t connections; /* most at once, a share for each loop, and fewer where descriptors would
                            not do; beyond, one that is missed the least makes room */
    int64_t unfinished;  /* most bytes of requests that are not whole; beyond, the oldest goes */

    int64_t line_bytes, header_bytes, body_bytes; /* 8 KiB, 16 KiB, 64 KiB */

    /* Absolute deadlines: from the first byte until the headers are whole (10), until all of it is
     * here, and again for the answer to be taken (30), and between requests (60). */
    int64_t header_seconds, total_seconds, idle_seconds;

    int64_t body_rate;               /* least bytes a second of a body after its first 5 s: 1024 */
    int64_t requests_per_connection; /* 1000 */
};
extern const struct setting_table http_settings_table;

/* What the server calls. All run on an I/O thread and must not block; none but one is NULL. */
struct http_app {
    void *app;

    /* Once a loop, on its thread: gives x->local; NULL makes the start fail. */
    void *(*loop_start)(void *app, unsigned loop);

    void (*loop_idle)(void *app, void *local); /* before the loop waits: flush logs here */
    void (*loop_end)(void *app, void *local);

    /* How much body this request may have, whose headers are here; 0: as much as any other
     * (http_settings.body_bytes). May be NULL. */
    size_t (*most_body)(void *app, const struct http_request *request);

    /* Every request, refused ones too. Answers at once or later, from any thread, by
     * exchange_finish. */
    void (*answer)(void *app, struct exchange *x);
};

struct http_listener {
    struct str address; /* "127.0.0.1", "::1", "[::]"; port 0 takes a free one */
    uint16_t port;
};

struct http_server;

/* Binds all listeners and listens (so that a taken port is told before anything starts), and starts
 * no thread. ERR_CONFIG, ERR_SYSTEM or ERR_MEMORY, with a reason in plain words. */
enum err http_server_open(const struct http_settings *settings,
                          const struct http_listener *listeners, size_t count,
                          struct reason *reason, struct http_server **ret);
uint16_t http_server_port(const struct http_server *server, size_t listener); /* really bound */

/* ERR_SYSTEM if a thread or its loop_start failed; then none is left running. */
enum err http_server_start(struct http_server *server, const struct http_app *app);

/* Stops accepting, lets what is under way finish until `deadline_ms` from now, closes the rest, and
 * returns when every loop has ended. Keep-alive connections without a request go at once. */
void http_server_stop(struct http_server *server, int64_t deadline_ms);

/* Lets go of everything; stops first if need be. NULL is fine. Whoever may still finish an exchange
 * must have ended before: the exchanges that nobody finished go too. */
void http_server_close(struct http_server *server);

struct http_counters {
    uint64_t connections; /* open now */
    uint64_t accepted;    /* connections, ever */
    uint64_t refused;     /* requests that could not be read, connections that found no room */
    uint64_t timeouts;    /* requests and answers cut off at a deadline */
};
void http_server_counters(const struct http_server *server, struct http_counters *ret);
