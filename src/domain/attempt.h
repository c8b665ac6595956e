/* Failed logins of one account, counted in one place whatever name, face or node they came by. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"

/* Whose failures: of an account, of a name that no account has, or of an account as one known
 * device sees it, so that strangers' failures do not keep its owner out. */
struct attempt {
    struct key32 subject;
    int64_t failures;
    struct moment last;         /* when the last one was */
    bool delayed;               /* too early for another look at a password */
    bool counted;               /* the failure that this may be has been counted already */
    struct moment password_set; /* when the account got the password that it has; none for a name */
};

/* `user` may be none: then the name itself is counted, so that nobody can tell the difference. A
 * new password begins a new count, and no device is known to it yet. */
enum err attempt_look(struct ctx *ctx, struct id user, struct str name, struct str device,
                      struct attempt *ret);

/* Before the password is looked at. Once there have been so many failures that it matters, the next
 * one is counted first, in a unit of its own, and forgiven if it was none: so of however many who
 * come at once, at whichever node, one is looked at, and the others are delayed. ERR_STORE_RETRY
 * when it still has to be counted: unit_run() does so, and starts again. */
enum err attempt_claim(struct ctx *ctx, struct attempt *attempt);

/* After a right password. */
enum err attempt_forgive(struct ctx *ctx, const struct attempt *attempt);
