/* One datagram to a socket of the manager's; libsystemd is not needed for that. */
#include "ops/notify.h"

#include "base/buf.h"
#include "base/moment.h"

#include <unistd.h>

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static void close_at(int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
}

/* A path, or behind an @ a name in the abstract namespace. */
static enum err parse_address(const char *socket_text, struct sockaddr_un *ret, socklen_t *ret_size)
{
    size_t len = strlen(socket_text);
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if ((socket_text[0] != '/' && socket_text[0] != '@') || len < 2 ||
        len >= sizeof address.sun_path) {
        return ERR_SYSTEM;
    }
    memcpy(address.sun_path, socket_text, len);
    if (address.sun_path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    *ret = address;
    *ret_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    return ERR_OK;
}

static void put_state(struct buf *out, enum notify_state state)
{
    switch (state) {
    case NOTIFY_READY:
        buf_put(out, STR("READY=1"));
        return;
    case NOTIFY_RELOADING: /* the time tells the manager which reload of several this is */
        buf_put(out, STR("RELOADING=1\nMONOTONIC_USEC="));
        buf_put_int(out, monotonic_ns() / 1000);
        return;
    case NOTIFY_STOPPING:
        break;
    }
    buf_put(out, STR("STOPPING=1"));
}

enum err notify_send(const char *socket_text, enum notify_state state)
{
    struct sockaddr_un address;
    socklen_t size;
    char memory[64];
    struct buf message = buf_over(memory, sizeof memory);

    if (!socket_text) {
        return ERR_OK;
    }
    TRY(parse_address(socket_text, &address, &size));
    put_state(&message, state);
    CLEANUP(close_at) int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return ERR_SYSTEM;
    }
    ssize_t sent = sendto(descriptor, message.data, message.len, MSG_DONTWAIT | MSG_NOSIGNAL,
                          (struct sockaddr *)&address, size);
    return sent == (ssize_t)message.len ? ERR_OK : ERR_SYSTEM;
}
