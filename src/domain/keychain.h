/* The service keys as memory has them: whose a key is that is shown, and what it may. An immutable
 * chain of them, swapped when the store has others; read without a lock and without the store. */
#pragma once

#include "domain/ctx.h"

struct keychain;

enum err keychain_create(struct keychain **ret);
void keychain_destroy(struct keychain *keychain); /* NULL is fine */

/* Reads all keys from the store and swaps them in. Needs a unit that reads. */
enum err keychain_load(struct ctx *ctx);

/* Whose key this is: fills *ret, or ERR_TOKEN_INVALID; ERR_STORE_DOWN when this node has not heard
 * of the others' changes for too long to say yes. From memory alone, and a slip of the keyboard is
 * refused before that is looked at. That it was used is remembered. */
enum err keychain_accept(struct ctx *ctx, struct str text, struct actor *ret);

/* Does this key, if it still counts, hold this permission, the service's own or anybody's? */
bool keychain_holds(const struct ctx *ctx, struct id key, struct str permission);

/* When keys were used is written down by housekeeping, now and then: whether there is something to
 * write; writing it, in a unit that writes; and telling that this is durable. By one thread. */
bool keychain_was_used(const struct ctx *ctx);
enum err keychain_note_uses(struct ctx *ctx);
void keychain_uses_are_noted(struct ctx *ctx);
