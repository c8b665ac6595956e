/* mail.transport: what is accepted is a scheme, a host and a port. */
#include "mail/transport.h"

#include "fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct transport transport;

    if (transport_parse(text, &transport) == ERR_OK) {
        PROMISE(!str_contains(transport.url, '@') && !str_contains(transport.url, '\r'));
        PROMISE(!str_contains(transport.url, '\n') && !str_contains(transport.url, ' '));
        PROMISE(!str_contains(transport.url, '?') && !str_contains(transport.url, '#'));
        PROMISE(transport.kind != TRANSPORT_SMTP || str_starts(transport.url, STR("smtp://")));
    }
    return 0;
}
