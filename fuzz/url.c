/* Addresses that stand in pages: nothing in one ends an attribute, names a user or another scheme,
 * and its port is one. */
#include "text/url.h"

#include "base/number.h"
#include "fuzz/harness.h"

/* What stands between the scheme and the path. */
static struct str authority_of(struct str url)
{
    struct str rest = str_skip(url, 8);
    size_t end = 0;

    while (end < rest.len && !str_contains(STR("/?#"), rest.ptr[end])) {
        end++;
    }
    return str_sub(rest, 0, end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str url = {(const char *)data, size}, host, port;
    int64_t number;

    if (!url_is_https(url)) {
        return 0;
    }
    PROMISE(size <= URL_MOST && str_starts(url, STR("https://")));
    for (size_t i = 0; i < size; i++) {
        PROMISE(url.ptr[i] > ' ' && url.ptr[i] < 0x7f);
        PROMISE(!str_contains(STR("\"<>\\^`{|}"), url.ptr[i]));
    }
    struct str authority = authority_of(url);
    PROMISE(!str_contains(authority, '@') && !str_contains(authority, '%'));
    bool has_port = str_cut(authority, ':', &host, &port);
    PROMISE(host.len > 0 && host.len <= 253);
    PROMISE(!has_port || number_parse(port, 1, 65535, &number) == ERR_OK);
    return 0;
}
