/* Reading Host. */
#include "http/host.h"

#include "base/number.h"
#include "http/address.h"
#include "http/chars.h"

enum {
    NAME_MOST = 255
};

static bool is_port(struct str text)
{
    int64_t port;

    return text.len <= 5 && number_parse(text, 1, UINT16_MAX, &port) == ERR_OK;
}

/* No text, or a colon and a port. */
static bool is_end(struct str text)
{
    return text.len == 0 || (text.ptr[0] == ':' && is_port(str_skip(text, 1)));
}

static bool is_address(struct str text)
{
    struct address address;

    return address_parse(text, &address) == ERR_OK;
}

static bool read_bracketed(struct str text, struct host *host)
{
    struct str end;

    host->is_address = true;
    return str_cut(str_skip(text, 1), ']', &host->name, &end) && str_contains(host->name, ':') &&
           is_address(host->name) && is_end(end);
}

static bool read_plain(struct str text, struct host *host)
{
    struct str port;
    bool has_port = str_cut(text, ':', &host->name, &port);

    host->is_address = is_address(host->name);
    return host->name.len > 0 && chars_are(host->name, CHARS_HOST) && (!has_port || is_port(port));
}

enum err host_parse(struct str text, struct host *ret)
{
    struct host host;
    bool bracketed = str_starts(text, STR("["));

    if (text.len > NAME_MOST + sizeof ":65535" - 1 ||
        !(bracketed ? read_bracketed(text, &host) : read_plain(text, &host))) {
        return ERR_REQUEST_MALFORMED;
    }
    *ret = host;
    return ERR_OK;
}
