/* Failed logins of one account, counted in one place whatever name, face or node they came by. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"

/* Whose failures: of an account, of a name that no account has, or of an account as one known
 * device sees it, so that strangers' failures do not keep its owner out. */
struct attempt {
    struct key32 subject;
    int64_t failures;
    bool delayed;               /* too early for another look at a password */
    struct moment password_set; /* when the account got the password that it has; none for a name */
};

/* `user` may be none: then the name itself is counted, so that nobody can tell the difference. A
 * new password begins a new count, on every device. */
enum err attempt_look(struct ctx *ctx, struct id user, struct str name, struct str device,
                      struct attempt *ret);

/* After a right password. */
enum err attempt_forgive(struct ctx *ctx, const struct attempt *attempt);
