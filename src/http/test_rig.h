/* For the tests of the server: one that answers in a few ways, and a client that speaks bytes.
 *
 * GET /now?X answers X at once; /later?X from another thread, once rig_release has let it; /size?N
 * with N bytes; /echo with the body; /bad with a header that cannot be; /empty?S with status S and
 * a body that must not be sent. What was refused is answered 400 with the name of the error. */
#pragma once

#include "http/server.h"

struct rig;

enum {
    RIG_LARGE = 1 << 20 /* bytes of body that /large may have: its answer is how many there were */
};

struct http_settings rig_settings(void); /* one loop, deadlines far away */
struct rig *rig_create(const struct http_settings *settings);
void rig_destroy(struct rig *rig);
struct http_server *rig_server(struct rig *rig);
struct http_counters rig_counters(struct rig *rig);
void rig_release(struct rig *rig, unsigned count);    /* that many of /later may be answered */
void rig_await_held(struct rig *rig, unsigned count); /* until so many of /later have come in */
void rig_await_connections(struct rig *rig, uint64_t count);
unsigned rig_loops_ended(struct rig *rig);

/* The client. Everything is asserted. */
struct client {
    int fd;
    size_t len; /* received and not yet read */
    char data[128 * 1024];
};

struct reply {
    int status;
    char head[4096];
    char *body; /* the caller frees it */
    size_t body_len;
};

struct client *client_create(void); /* a socket that is not connected */
struct client *client_connect(struct rig *rig);
void client_join(struct client *client, struct rig *rig); /* connects it */
void client_destroy(struct client *client);
void client_reset(struct client *client); /* vanishes without a word */
void client_send(struct client *client, const char *text);
void client_send_bytes(struct client *client, struct str bytes);
void client_read(struct client *client, bool is_head, struct reply *ret);
bool client_is_closed(struct client *client); /* waits for bytes or the end */
void client_expect(struct client *client, const char *request, int status, const char *body);
