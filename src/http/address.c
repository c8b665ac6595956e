/* Reading addresses, and the tables of those that mean something special. */
#include "http/address.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/number.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

enum err address_parse(struct str text, struct address *ret)
{
    char name[INET6_ADDRSTRLEN];
    struct address address;

    if (text.len == 0 || text.len >= sizeof name || str_contains(text, '\0')) {
        return ERR_FIELD_VALUE;
    }
    memcpy(name, text.ptr, text.len);
    name[text.len] = '\0';
    memcpy(address.bytes, mapped, sizeof mapped);
    if (inet_pton(AF_INET, name, address.bytes + sizeof mapped) != 1 &&
        inet_pton(AF_INET6, name, address.bytes) != 1) {
        return ERR_FIELD_VALUE;
    }
    *ret = address;
    return ERR_OK;
}

bool address_is_ipv4(const struct address *address)
{
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

void address_print(struct buf *out, const struct address *address)
{
    char text[INET6_ADDRSTRLEN];
    bool v4 = address_is_ipv4(address);
    const uint8_t *bytes = address->bytes + (v4 ? sizeof mapped : 0);

    buf_put(out, str_of(inet_ntop(v4 ? AF_INET : AF_INET6, bytes, text, sizeof text)));
}

static bool is_in_table(const struct address *address, const char *const table[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct network network;
        if (network_parse(str_of(table[i]), &network) == ERR_OK &&
            network_contains(&network, address)) {
            return true;
        }
    }
    return false;
}

static const char *const loopback[] = {"127.0.0.0/8", "::1"};

/* The special-purpose registries of IANA (RFC 6890), as far as they are not globally reachable, and
 * multicast. */
static const char *const special[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
    "::/128",        "::1/128",         "64:ff9b:1::/48", "100::/64",       "2001::/23",
    "2001:db8::/32", "3fff::/20",       "fc00::/7",       "fe80::/10",      "fec0::/10",
    "ff00::/8",
};

bool address_is_loopback(const struct address *address)
{
    return is_in_table(address, loopback, ARRAY_LEN(loopback));
}

/* The IPv4 address inside an IPv6 one, where a translator or tunnel would send it on; as far as it
 * has one. */
static struct address carried(const struct address *address)
{
    static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b}; /* 64:ff9b::/96 (RFC 6052) */
    static const uint8_t compatible[12] = {0};              /* ::/96 (RFC 4291, 2.5.5.1) */
    struct address inside = *address;
    const uint8_t *v4 = NULL;

    if (memcmp(address->bytes, nat64, sizeof nat64) == 0 ||
        memcmp(address->bytes, compatible, sizeof compatible) == 0) {
        v4 = address->bytes + 12;
    } else if (address->bytes[0] == 0x20 && address->bytes[1] == 0x02) {
        v4 = address->bytes + 2; /* 2002::/16, 6to4 (RFC 3056) */
    }
    if (v4) {
        memcpy(inside.bytes, mapped, sizeof mapped);
        memcpy(inside.bytes + sizeof mapped, v4, 4);
    }
    return inside;
}

bool address_is_private(const struct address *address)
{
    struct address inside = carried(address);

    return is_in_table(address, special, ARRAY_LEN(special)) ||
           is_in_table(&inside, special, ARRAY_LEN(special));
}

/* With every bit behind the first `bits` cleared. */
static struct address first_bits(const struct address *address, unsigned bits)
{
    struct address kept = *address;

    for (unsigned i = 0; i < sizeof kept.bytes; i++) {
        unsigned here = bits > 8 * i ? bits - 8 * i : 0;
        if (here < 8) {
            kept.bytes[i] &= (uint8_t)(0xff00U >> here);
        }
    }
    return kept;
}

struct address address_network_key(const struct address *address)
{
    return address_is_ipv4(address) ? *address : first_bits(address, 64);
}

enum err network_parse(struct str text, struct network *ret)
{
    struct str head, tail;
    struct address base;
    bool ranged = str_cut(text, '/', &head, &tail);

    TRY(address_parse(head, &base));
    int64_t own = str_contains(head, ':') ? 128 : 32, bits = own;
    if (ranged) {
        TRY(number_parse(tail, 0, own, &bits));
    }
    unsigned all = (unsigned)(bits + 128 - own);
    struct address kept = first_bits(&base, all);
    if (memcmp(kept.bytes, base.bytes, sizeof base.bytes) != 0) {
        return ERR_FIELD_VALUE;
    }
    *ret = (struct network){.base = base, .bits = all};
    return ERR_OK;
}

bool network_contains(const struct network *network, const struct address *address)
{
    struct address kept = first_bits(address, network->bits);

    return memcmp(kept.bytes, network->base.bytes, sizeof kept.bytes) == 0;
}

enum err network_list_parse(struct arena *arena, struct str words, struct reason *reason,
                            struct network_list *ret)
{
    struct str rest = words, word;
    size_t count = 0;

    while (str_next(&rest, ' ', &word)) {
        count++;
    }
    struct network *networks = arena_array(arena, count + 1, sizeof *networks);
    if (!networks) {
        return ERR_MEMORY;
    }
    rest = words;
    for (size_t i = 0; str_next(&rest, ' ', &word); i++) {
        if (network_parse(word, &networks[i]) != ERR_OK) {
            return fail(reason, ERR_CONFIG, (struct str){0},
                        "\"%.*s\" is neither an address nor a network such as 10.0.0.0/8",
                        STR_ARG(word));
        }
    }
    *ret = (struct network_list){networks, count};
    return ERR_OK;
}

bool network_list_contains(const struct network_list *list, struct str address)
{
    struct address known;

    if (address_parse(address, &known) != ERR_OK) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (network_contains(&list->networks[i], &known)) {
            return true;
        }
    }
    return false;
}
