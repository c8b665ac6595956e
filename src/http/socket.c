/* From an address in the settings to a listening socket. */
#include "http/socket.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

struct place {
    struct sockaddr_storage address;
    socklen_t size;
};

static enum err find_place(const struct http_listener *listener, struct place *ret)
{
    struct str text = listener->address;
    char name[INET6_ADDRSTRLEN];
    struct sockaddr_in *v4 = (struct sockaddr_in *)&ret->address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&ret->address;

    if (str_starts(text, STR("[")) && str_ends(text, STR("]"))) {
        text = str_sub(text, 1, text.len - 2);
    }
    if (text.len >= sizeof name || str_contains(text, '\0')) {
        return ERR_CONFIG;
    }
    memcpy(name, text.len ? text.ptr : "", text.len);
    name[text.len] = '\0';
    memset(&ret->address, 0, sizeof ret->address);
    if (inet_pton(AF_INET, name, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(listener->port);
        ret->size = sizeof *v4;
        return ERR_OK;
    }
    if (inet_pton(AF_INET6, name, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(listener->port);
        ret->size = sizeof *v6;
        return ERR_OK;
    }
    return ERR_CONFIG;
}

static bool switch_on(int fd, int level, int option)
{
    int on = 1;

    return setsockopt(fd, level, option, &on, sizeof on) == 0;
}

/* What the kernel keeps of answers that a client does not read: by itself it takes megabytes for
 * each. */
static bool limit_unread(int fd)
{
    const int bytes = 64 * 1024;

    return setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) == 0;
}

/* SO_REUSEPORT lets the loops share a port, but would let a second server of the same user share it
 * too, silently. So the first socket binds and listens without it, which the kernel refuses if
 * anybody has the port, and only then admits the others. Between two servers that start at once one
 * still loses: listening is exclusive until that moment. */
static bool bind_and_listen(int fd, const struct place *place, bool exclusive)
{
    bool v6 = place->address.ss_family == AF_INET6;

    return switch_on(fd, SOL_SOCKET, SO_REUSEADDR) &&
           (!v6 || switch_on(fd, IPPROTO_IPV6, IPV6_V6ONLY)) &&
           (exclusive || switch_on(fd, SOL_SOCKET, SO_REUSEPORT)) &&
           switch_on(fd, IPPROTO_TCP, TCP_NODELAY) && /* accepted sockets inherit both */
           limit_unread(fd) &&
           bind(fd, (const struct sockaddr *)&place->address, place->size) == 0 &&
           listen(fd, SOMAXCONN) == 0 && (!exclusive || switch_on(fd, SOL_SOCKET, SO_REUSEPORT));
}

static enum err cannot_listen(const struct http_listener *listener, int number,
                              struct reason *reason)
{
    bool bare_v6 = str_contains(listener->address, ':') && !str_starts(listener->address, STR("["));
    const char *open = bare_v6 ? "[" : "", *shut = bare_v6 ? "]" : "";
    const char *why = number == EADDRINUSE      ? "is already in use"
                      : number == EADDRNOTAVAIL ? "is not an address of this machine"
                      : number == EACCES        ? "needs the right to take a port below 1024"
                      : number == EAFNOSUPPORT  ? "is of a kind this machine does not speak"
                                                : "cannot be listened on";

    return fail(reason, ERR_SYSTEM, STR("http.listen"), "%s%.*s%s:%u %s", open,
                STR_ARG(listener->address), shut, (unsigned)listener->port, why);
}

enum err socket_listen(const struct http_listener *listener, bool exclusive, struct reason *reason,
                       int *ret_fd)
{
    struct place place;

    if (find_place(listener, &place) != ERR_OK) {
        return fail(reason, ERR_CONFIG, STR("http.listen"), "\"%.*s\" is not an IP address",
                    STR_ARG(listener->address));
    }
    int fd = socket(place.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return cannot_listen(listener, errno, reason);
    }
    if (!bind_and_listen(fd, &place, exclusive)) {
        int number = errno;
        (void)close(fd);
        return cannot_listen(listener, number, reason);
    }
    *ret_fd = fd;
    return ERR_OK;
}

uint16_t socket_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {.v6 = {0}};
    socklen_t size = sizeof address;

    if (getsockname(fd, &address.any, &size) != 0) {
        return 0;
    }
    return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}
