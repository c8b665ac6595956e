/* The one writing connection of an SQLite store, handed from thread to thread.
 *
 * Whoever wants to write takes its turn and runs its unit under a savepoint. If others wait when it
 * is done, it leaves the transaction open for them and waits for its outcome; the last one commits
 * for all, with one fsync, and only then is any of them told that it is kept. Nothing is open while
 * nobody writes, so that other processes get at the file. */
#pragma once

#include "base/err.h"
#include "store/sqlite.h"
#include "store/store.h"

struct errand;
struct place; /* where a thread stands in the queue: one for each seat */
struct writer;

/* Opens the connection. `file` has to outlive the writer. */
enum err writer_open(const struct sqlite_file *file, struct reason *reason, struct writer **ret);
void writer_close(struct writer *writer); /* NULL is fine; nobody holds or awaits a turn */

enum err place_create(struct writer *writer, struct reason *reason, struct place **ret);
void place_destroy(struct place *place); /* NULL is fine */

/* Takes the turn and begins a unit: *ret is the connection, until writer_keep or writer_undo.
 * ERR_BUSY when the turn, or the lock that another process holds, did not come within busy_ms;
 * ERR_STORE_FULL while the log is as long as it may be. */
enum err writer_take(struct place *place, struct sqlite **ret);

/* Ends the unit and waits until it is durable. With any other answer than ERR_OK nothing of it is
 * there. */
enum err writer_keep(struct place *place);

/* In place of both, for a unit that is but one statement: whoever has the turn runs it for those
 * who wait, so that the turn need not go through all their hands. ERR_STORE_RETRY when it changes
 * no row. */
enum err writer_keep_last(struct place *place, const struct errand *last);

/* Ends the unit and undoes it. `fault` is what went wrong in it; should SQLite have undone those
 * before it as well, they are told the same. Returns when what the unit has seen of others is
 * settled, so that nobody is told of a row that is not there in the end. */
void writer_undo(struct place *place, enum err fault);

/* Brings what is in the log into the file, where it has grown; `beside` is a connection for reading
 * that is not in a view. Called now and then by a thread that has no unit open, it spares the
 * writers doing so in the middle of a commit. */
void writer_tidy(struct place *place, struct sqlite *beside);

/* Rises whenever the connection had to be opened anew after a fault: then the readers follow. */
unsigned writer_generation(const struct writer *writer);

/* As store_counters has them; at any time, from any thread. */
void writer_counters(struct writer *writer, struct store_counters *ret);
