/* Listening to other nodes, and telling them. */
#include "store/postgres_herald.h"

#include "base/moment.h"
#include "store/postgres_address.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>

enum {
    APART_MS = 10,  /* between two that we send: each wakes every other node */
    AGAIN_MS = 1000 /* after a connection that could not be made */
};

struct herald {
    const struct postgres_address *address;
    int bell;
    _Atomic bool written; /* and nobody has been told yet */
    struct postgres *connection;
    int64_t sent, again; /* monotonic ms: the newest NOTIFY; when to connect anew */
};

enum err herald_create(const struct postgres_address *address, int bell, struct herald **ret)
{
    struct herald *herald = calloc(1, sizeof *herald);

    if (!herald) {
        return ERR_MEMORY;
    }
    herald->address = address;
    herald->bell = bell;
    *ret = herald;
    return ERR_OK;
}

void herald_destroy(struct herald *herald)
{
    if (herald) {
        postgres_close(herald->connection);
        free(herald);
    }
}

void herald_tell(struct herald *herald)
{
    if (!atomic_exchange(&herald->written, true)) {
        (void)eventfd_write(herald->bell, 1);
    }
}

static void drop(struct herald *herald)
{
    postgres_close(herald->connection);
    herald->connection = NULL;
    herald->again = monotonic_ms() + AGAIN_MS;
}

/* A word that is lost is no harm, so nobody waits for the disk. A pooler would pass the connection
 * on to others, who would hear what we asked for. True when it had not been listening: something
 * may have been missed. */
static bool listen_again(struct herald *herald)
{
    if (herald->connection || herald->address->pooler || monotonic_ms() < herald->again) {
        return false;
    }
    if (postgres_open(herald->address, POSTGRES_LISTENING, NULL, &herald->connection) != ERR_OK ||
        postgres_script(herald->connection, "LISTEN", "SET synchronous_commit = off; LISTEN signet",
                        NULL) != ERR_OK) {
        drop(herald);
        return false;
    }
    return true;
}

static bool hear(struct herald *herald)
{
    bool heard = postgres_heard(herald->connection);

    if (!postgres_is_well(herald->connection)) {
        drop(herald);
    }
    return heard;
}

/* True when another process has written meanwhile. */
static bool send_word(struct herald *herald)
{
    atomic_store(&herald->written, false);
    herald->sent = monotonic_ms();
    if (!herald->connection) {
        return false;
    }
    if (postgres_script(herald->connection, "NOTIFY", "NOTIFY signet", NULL) != ERR_OK) {
        drop(herald);
        return false;
    }
    /* What came in with the answer, our own word and that of others, is on the socket no more:
     * libpq keeps it until it is asked. */
    return hear(herald);
}

/* How long to wait for something to come in: until the end, or until word may be sent again. */
static int64_t patience(struct herald *herald, int64_t until)
{
    int64_t now = monotonic_ms();
    int64_t end = until;

    if (atomic_load(&herald->written) && herald->connection) {
        int64_t next = herald->sent + APART_MS;
        end = next < end ? next : end;
    }
    return end > now ? end - now : 0;
}

/* One wait for the bell and for the others. */
static bool wait_once(struct herald *herald, int64_t ms)
{
    struct pollfd waits[] = {
        {.fd = herald->bell,                                                  .events = POLLIN},
        {.fd = herald->connection ? postgres_socket(herald->connection) : -1, .events = POLLIN},
    };
    eventfd_t rung;

    if (poll(waits, 2, (int)ms) <= 0) {
        return false;
    }
    if (waits[0].revents != 0) {
        (void)eventfd_read(herald->bell, &rung);
    }
    return waits[1].revents != 0 && hear(herald);
}

bool herald_wait(struct herald *herald, int64_t ms, const _Atomic bool *stop)
{
    int64_t until = monotonic_ms() + ms;
    bool heard = listen_again(herald);

    while (!heard && !atomic_load(stop) && monotonic_ms() < until) {
        if (atomic_load(&herald->written) && monotonic_ms() >= herald->sent + APART_MS) {
            heard = send_word(herald);
        }
        heard = heard || wait_once(herald, patience(herald, until));
    }
    return heard;
}
