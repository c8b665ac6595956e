/* What may stand in a page as the address of a picture. */
#include "text/url.h"

#include "base/number.h"

enum {
    HOST_MOST = 253,
    PORT_MOST = 5
};

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* RFC 3986: what needs no escape, and the escapes. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_letter_or_digit(text.ptr[i]) &&
            !str_contains(STR("-._~:/?#[]@!$&'()*+,;=%"), text.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool is_label(struct str label)
{
    bool right = label.len > 0 && label.ptr[0] != '-' && label.ptr[label.len - 1] != '-';

    for (size_t i = 0; right && i < label.len; i++) {
        right = is_letter_or_digit(label.ptr[i]) || label.ptr[i] == '-';
    }
    return right;
}

static bool is_host(struct str host)
{
    struct str label, rest = host;
    bool more;

    if (host.len > HOST_MOST) {
        return false;
    }
    do {
        more = str_cut(rest, '.', &label, &rest);
        if (!is_label(label)) {
            return false;
        }
    } while (more);
    return true;
}

static bool is_port(struct str port)
{
    int64_t number;

    return port.len <= PORT_MOST && number_parse(port, 1, UINT16_MAX, &number) == ERR_OK;
}

bool url_is_https(struct str url)
{
    const struct str scheme = STR("https://");
    struct str host, port, rest = str_skip(url, scheme.len);
    size_t end = 0;

    if (url.len > URL_MOST || !str_starts(url, scheme) || !is_plain(url)) {
        return false;
    }
    while (end < rest.len && !str_contains(STR("/?#"), rest.ptr[end])) {
        end++;
    }
    bool has_port = str_cut(str_sub(rest, 0, end), ':', &host, &port);
    return is_host(host) && (!has_port || is_port(port));
}
