/* One connection: a small machine that reads a request, hands it over, sends the answer, and begins
 * again. */
#pragma once

#include "http/work.h"

#include <stdint.h>
#include <sys/socket.h>

struct loop;

/* Whatever epoll tells about. */
struct watched {
    void (*ready)(struct watched *watched, uint32_t events);
};

enum connection_state {
    CONNECTION_READING,
    CONNECTION_AWAY, /* the exchange is with the application */
    CONNECTION_SENDING,
    CONNECTION_LINGERING, /* the last answer is sent; the client gets time to read it */
    CONNECTION_CLOSED     /* its memory stays until its exchange has come home */
};

struct connection {
    struct watched watched; /* first: epoll points here */
    struct loop *loop;
    struct connection_list *list;
    struct connection *before, *after; /* in that list */
    struct connection *next_dead, *next_chosen;
    struct work *work; /* NULL while there is not a byte of a request */
    int64_t opened_ns, deadline_ns;
    int64_t since_ns; /* it keeps us waiting: for a request, for the rest of one, for its reader */
    int64_t requests;
    size_t lingered; /* bytes thrown away */
    unsigned listener;
    int fd;
    enum connection_state state;
    bool readable, writable, ended, hungry;
    unsigned char peer_len;
    char peer[46];
};

struct connection_list {
    struct connection *first, *last;
};

void connection_list_add(struct connection_list *list,
                         struct connection *c); /* at the end; leaves its old one */
void connection_list_remove(struct connection *c);

/* Takes over `fd`, which is closed when there is no memory. */
void connection_open(struct loop *loop, int fd, const struct sockaddr_storage *peer,
                     unsigned listener);

/* Closes the socket. The memory goes at the end of the loop's turn, or later if its exchange is
 * away. */
void connection_close(struct connection *c);

/* Closes one of them for another that comes: who has been at one request or answer for longer than
 * a second, else who has kept us waiting the longest. False when all are being worked for. */
bool connection_make_room(struct loop *loop);

void connection_proceed(struct connection *c);  /* as far as it goes without waiting */
void connection_finished(struct connection *c); /* its exchange was answered */
void connection_expired(struct connection *c);  /* its deadline is over */
bool connection_is_too_slow(
    const struct connection *c); /* its body comes in below the least rate */
