/* What each header that matters to the server must look like, as a table. */
#include "http/framing.h"

#include "base/number.h"
#include "http/chars.h"
#include "http/host.h"

typedef enum err header_reader(struct framing *framing, struct str value);

static enum err read_content_length(struct framing *framing, struct str value)
{
    /* "+5", "0x5", "5, 5" and "05" are all somebody's five; only "5" is everybody's. */
    if (value.len > 1 && value.ptr[0] == '0') {
        return ERR_REQUEST_MALFORMED;
    }
    return number_parse(value, 0, INT64_MAX, &framing->length) == ERR_OK ? ERR_OK
                                                                         : ERR_REQUEST_MALFORMED;
}

static enum err read_transfer_encoding(struct framing *framing, struct str value)
{
    framing->chunked = true;
    return str_eq_nocase(value, STR("chunked")) ? ERR_OK : ERR_REQUEST_MALFORMED;
}

/* "Connection: clo, close": after the beginning of an option that it knows http-parser misses the
 * next. */
static bool is_cut_short(struct str option)
{
    static const char *const known[] = {"close", "keep-alive", "upgrade"};

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        struct str name = str_of(known[i]);
        if (option.len < name.len && str_eq_nocase(option, str_sub(name, 0, option.len))) {
            return true;
        }
    }
    return false;
}

static enum err read_connection(struct framing *framing, struct str value)
{
    struct str option;
    bool more = true;

    while (more) {
        more = str_cut(value, ',', &option, &value);
        option = str_trim(option);
        if (!chars_are(option, CHARS_TOKEN) || is_cut_short(option)) {
            return ERR_REQUEST_MALFORMED;
        }
        framing->close = framing->close || str_eq_nocase(option, STR("close"));
        framing->keep_alive = framing->keep_alive || str_eq_nocase(option, STR("keep-alive"));
    }
    return ERR_OK;
}

static enum err read_expect(struct framing *framing, struct str value)
{
    framing->expects_continue = true;
    return str_eq_nocase(value, STR("100-continue")) ? ERR_OK : ERR_EXPECTATION;
}

static enum err read_host(struct framing *framing, struct str value)
{
    struct host host;

    (void)framing;
    return host_parse(value, &host);
}

enum { /* rows of the table that framing_settle asks for */
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING
};

#define NAME(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* clang-format off */
static const struct {
    struct str name;
    bool once;
    header_reader *read;
} table[] = {
    [HOST]              = {NAME("Host"),              true,  read_host},
    [CONTENT_LENGTH]    = {NAME("Content-Length"),    true,  read_content_length},
    [TRANSFER_ENCODING] = {NAME("Transfer-Encoding"), true,  read_transfer_encoding},
    {NAME("Connection"),    false, read_connection},
    {NAME("Expect"),        true,  read_expect},
    {NAME("Content-Type"),  true,  NULL},
    {NAME("Authorization"), true,  NULL},
    {NAME("Cookie"),        true,  NULL},
    {NAME("Origin"),        true,  NULL},
    {NAME("X-Request-Id"),  true,  NULL},
    {NAME("X-Service-Key"), true,  NULL},
    {NAME("X-Gym-Id"),      true,  NULL},
};
/* clang-format on */

/* "Transfer-Encoding2": no header of anybody's, but some readers, http-parser among them, take a
 * name for the one it begins with. */
static bool is_lookalike(struct str name)
{
    for (unsigned row = CONTENT_LENGTH; row <= TRANSFER_ENCODING; row++) {
        size_t len = table[row].name.len;
        if (name.len > len && str_eq_nocase(str_sub(name, 0, len), table[row].name)) {
            return true;
        }
    }
    return false;
}

enum err framing_note(struct framing *framing, const struct http_header *header)
{
    if (is_lookalike(header->name)) {
        return ERR_REQUEST_MALFORMED;
    }
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        if (!str_eq_nocase(table[i].name, header->name)) {
            continue;
        }
        if (table[i].once && (framing->seen & 1U << i)) {
            return ERR_REQUEST_MALFORMED;
        }
        framing->seen |= 1U << i;
        return table[i].read ? table[i].read(framing, header->value) : ERR_OK;
    }
    return ERR_OK;
}

static bool was_seen(const struct framing *framing, unsigned row)
{
    return framing->seen & 1U << row;
}

enum err framing_settle(const struct framing *framing, struct http_request *request)
{
    bool old = request->minor == 0;

    if (!old && !was_seen(framing, HOST)) {
        return ERR_REQUEST_MALFORMED; /* RFC 9112, 3.2 */
    }
    /* Two lengths, or a coding that HTTP/1.0 does not know: the next request would begin at one
     * place for us and at another for the proxy in front (RFC 9112, 6.1). */
    if (framing->chunked && (old || was_seen(framing, CONTENT_LENGTH))) {
        return ERR_REQUEST_MALFORMED;
    }
    if (framing->close && framing->keep_alive) {
        return ERR_REQUEST_MALFORMED;
    }
    request->host = http_header(request, table[HOST].name);
    request->keep_alive = old ? framing->keep_alive : !framing->close;
    return ERR_OK;
}
