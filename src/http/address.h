/* IP addresses and networks. IPv4 is kept as IPv6 (::ffff:a.b.c.d), so that an address has one form
 * however it was written. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct arena;
struct buf;

struct address {
    uint8_t bytes[16];
};

/* "192.0.2.1" or "2001:db8::1", without brackets, port or zone. ERR_FIELD_VALUE for all else. */
enum err address_parse(struct str text, struct address *ret);
void address_print(struct buf *out, const struct address *address);
bool address_is_ipv4(const struct address *address);

bool address_is_loopback(const struct address *address);

/* Not to be reached from the internet at large: private, link-local, shared, reserved, multicast,
 * unspecified and loopback ones, also inside the IPv6 forms that carry an IPv4 address. An outbound
 * request must not be led there by a name. */
bool address_is_private(const struct address *address);

/* What throttling counts as one: an IPv4 address, the /64 of an IPv6 address. */
struct address address_network_key(const struct address *address);

struct network {
    struct address base;
    unsigned bits; /* of 128, also for IPv4 */
};

/* An address, or ADDRESS/BITS with no bit set behind: "10.0.0.1/8" is a slip of somebody's who
 * should be told. ERR_FIELD_VALUE. */
enum err network_parse(struct str text, struct network *ret);
bool network_contains(const struct network *network, const struct address *address);

struct network_list {
    const struct network *networks;
    size_t count;
};

/* Words with spaces between, into the arena. ERR_CONFIG names the word, ERR_MEMORY. */
enum err network_list_parse(struct arena *arena, struct str words, struct reason *reason,
                            struct network_list *ret);

/* False for text that is no address. */
bool network_list_contains(const struct network_list *list, struct str address);
