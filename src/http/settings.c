/* The settings of the server, one row each. */
#include "base/setting.h"
#include "http/server.h"

/* It goes in front of paths, into letters: nothing in it may end it, or lead elsewhere. */
static enum err check_public_url(struct str value)
{
    struct str rest = str_starts(value, STR("https://")) ? str_skip(value, 8) : str_skip(value, 7);
    bool right = str_starts(value, STR("https://")) || str_starts(value, STR("http://"));

    for (size_t i = 0; right && i < rest.len; i++) {
        char c = rest.ptr[i];
        right = c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '@' && c != '"' && c != '<' &&
                c != '>' && c != '\\' && c != '\'';
    }
    return right && rest.len > 0 && rest.ptr[0] != '/' ? ERR_OK : ERR_FIELD_VALUE;
}

/* clang-format off */
#define AT(member) offsetof(struct http_settings, member)

static const struct setting rows[] = {
    {"http", "listen", SETTING_WORDS, AT(listen), "127.0.0.1:3007 127.0.0.1:8085", 0, 0, NULL, false,
     "Where to listen: ADDRESS:PORT for all faces, ADDRESS:PORT=FACE,FACE for some, [::1]:PORT for IPv6"},
    {"http", "trusted_proxies", SETTING_WORDS, AT(trusted_proxies), "", 0, 0, NULL, true,
     "Addresses and networks whose X-Forwarded-* and identity headers are believed"},
    {"http", "public_url", SETTING_TEXT, AT(public_url), "", 0, 0, NULL, false,
     "The address that people see, as in https://id.example.com: the base of every link that is mailed, and the one name "
     "beside localhost and IP addresses under which what was opened is open",
     "https://HOST[:PORT][/PATH]", check_public_url},
    {"http", "loops", SETTING_NUMBER, AT(loops), "0", 0, 256, NULL, false,
     "How many threads read and write connections; 0 is one a core"},
    {"http", "max_connections", SETTING_NUMBER, AT(connections), "10000", 1, 1000000, NULL, false,
     "Most connections at once; beyond, who keeps the server waiting for the longest is closed"},
    {"http", "max_unfinished", SETTING_BYTES, AT(unfinished), "128m", 65536, INT64_C(1) << 34, NULL, false,
     "Most memory for requests that are not whole yet; beyond, the one that has kept the most for the longest is closed"},
    {"http", "max_line", SETTING_BYTES, AT(line_bytes), "8k", 1024, 65536, NULL, false,
     "Longest request line"},
    {"http", "max_headers", SETTING_BYTES, AT(header_bytes), "16k", 1024, 262144, NULL, false,
     "Most bytes of all headers of a request"},
    {"http", "max_body", SETTING_BYTES, AT(body_bytes), "64k", 1024, 67108864, NULL, false,
     "Largest request body"},
    {"http", "header_timeout", SETTING_SECONDS, AT(header_seconds), "10s", 1, 600, NULL, false,
     "From the first byte of a request until its headers are whole"},
    {"http", "request_timeout", SETTING_SECONDS, AT(total_seconds), "30s", 1, 3600, NULL, false,
     "From the first byte of a request until it is whole, and again for its answer to be taken"},
    {"http", "idle_timeout", SETTING_SECONDS, AT(idle_seconds), "60s", 1, 3600, NULL, false,
     "How long a connection stays open without a request"},
    {"http", "min_body_rate", SETTING_BYTES, AT(body_rate), "1024", 0, 1048576, NULL, false,
     "Least bytes a second of a request body, after its first five seconds"},
    {"http", "max_requests_per_connection", SETTING_NUMBER, AT(requests_per_connection), "1000", 1,
     1000000000, NULL, false, "Requests after which a connection is closed"},
};
/* clang-format on */

const struct setting_table http_settings_table = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct http_settings)};
