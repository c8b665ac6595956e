/* IP addresses against inet_pton, networks and lists of them, the words of http.listen, and Host.
 */
#include "http/address.h"

#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"
#include "http/host.h"
#include "http/listener.h"

#include <arpa/inet.h>
#include <string.h>

static bool oracle_reads(struct str text, struct address *ret)
{
    char copy[64];

    if (text.len >= sizeof copy || str_contains(text, '\0')) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    memset(ret->bytes, 0, sizeof ret->bytes);
    memset(ret->bytes + 10, 0xff, 2);
    return inet_pton(AF_INET, copy, ret->bytes + 12) == 1 ||
           inet_pton(AF_INET6, copy, ret->bytes) == 1;
}

static bool same(const struct address *a, const struct address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static struct str printed(struct arena *arena, const struct address *address)
{
    struct buf out = buf_in_arena(arena, 64);
    struct str text;

    address_print(&out, address);
    PROMISE(buf_end(&out, &text) == ERR_OK);
    return text;
}

static void read_address(struct arena *arena, struct str text)
{
    struct address ours, again, theirs = {0};
    enum err e = address_parse(text, &ours);

    PROMISE((e == ERR_OK) == oracle_reads(text, &theirs));
    if (e != ERR_OK) {
        PROMISE(e == ERR_FIELD_VALUE);
        return;
    }
    PROMISE(same(&ours, &theirs));
    PROMISE(address_parse(printed(arena, &ours), &again) == ERR_OK && same(&ours, &again));
    PROMISE(!address_is_loopback(&ours) || address_is_private(&ours));
    struct address key = address_network_key(&ours), twice = address_network_key(&key);
    PROMISE(same(&key, &twice) && address_is_ipv4(&key) == address_is_ipv4(&ours));
}

static void read_network(struct arena *arena, struct str text)
{
    struct network network, again;
    struct str word;

    if (network_parse(text, &network) != ERR_OK) {
        return;
    }
    bool is_four = address_is_ipv4(&network.base);
    PROMISE(network.bits <= 128 && network_contains(&network, &network.base));
    PROMISE(!is_four || network.bits >= 96 || str_contains(text, ':'));
    unsigned bits = is_four && network.bits >= 96 ? network.bits - 96 : network.bits;
    struct str base = printed(arena, &network.base);
    bool fits = !is_four || network.bits >= 96;
    PROMISE(arena_print(arena, &word, "%.*s/%u", STR_ARG(base), bits) == ERR_OK);
    PROMISE(!fits || network_parse(word, &again) == ERR_OK);
    PROMISE(!fits || (same(&network.base, &again.base) && network.bits == again.bits));
}

/* A list is refused for a word that is no network, and for nothing else. */
static void read_list(struct arena *arena, struct str words)
{
    struct network_list list = {0};
    struct reason reason = {0};
    struct str rest = words, word;
    struct network network;
    size_t count = 0;
    bool right = true;

    enum err e = network_list_parse(arena, words, &reason, &list);
    while (str_next(&rest, ' ', &word)) {
        right = right && (word.len == 0 || network_parse(word, &network) == ERR_OK);
        count += word.len > 0;
    }
    PROMISE((e == ERR_OK) == right && (right || (e == ERR_CONFIG && reason.err == e)));
    PROMISE(e != ERR_OK || list.count == count);
    PROMISE(!network_list_contains(&list, STR("nobody")));
}

static void read_listener(struct str word)
{
    struct http_listener listener;
    struct reason reason = {0};
    struct str faces = {0};
    struct address address;

    if (http_listener_parse(word, &reason, &listener, &faces) != ERR_OK) {
        PROMISE(reason.err == ERR_CONFIG);
        return;
    }
    PROMISE(address_parse(listener.address, &address) == ERR_OK);
    PROMISE(listener.address.ptr >= word.ptr);
    PROMISE(!str_is_set(faces) || (faces.len > 0 && str_ends(word, faces)));
}

/* What was read is all of it but brackets and a port, and says again what it said. */
static void read_host(struct arena *arena, struct str text)
{
    struct host host, again;
    struct address address;
    struct str plain;

    if (host_parse(text, &host) != ERR_OK) {
        return;
    }
    bool bracketed = str_starts(text, STR("["));
    struct str end = str_skip(text, host.name.len + (bracketed ? 2 : 0));
    PROMISE(host.name.len > 0 && host.name.ptr == text.ptr + bracketed);
    PROMISE(host.is_address == (address_parse(host.name, &address) == ERR_OK));
    PROMISE(bracketed == str_contains(host.name, ':') && (!bracketed || host.is_address));
    PROMISE(end.len == 0 || (end.ptr[0] == ':' && end.len >= 2 && end.len <= 6));
    PROMISE(arena_print(arena, &plain, bracketed ? "[%.*s]:80" : "%.*s:80", STR_ARG(host.name)) ==
            ERR_OK);
    PROMISE(host.name.len > 255 || host_parse(plain, &again) == ERR_OK);
    PROMISE(host.name.len > 255 || str_eq(host.name, again.name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 24);
    struct str text = {(const char *)data, size};

    read_address(arena, text);
    read_network(arena, text);
    read_list(arena, text);
    read_listener(text);
    read_host(arena, text);
    return 0;
}
