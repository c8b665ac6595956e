/* A user, by whatever an operator has at hand. */
#include "app/account.h"

#include "app/prompt.h"

enum err account_find(struct ctx *ctx, struct str name, struct user *ret)
{
    enum err e = ERR_MISSING;
    struct id id;

    if (id_parse(name, &id) == ERR_OK) {
        e = user_get(ctx, id, ret);
    }
    return e == ERR_MISSING ? user_find(ctx, name, ret) : e; /* a username may look like an id */
}

/* The names first: nobody types a password for an account that cannot be. */
enum err account_read(const struct command_line *line, struct arena *arena, struct reason *reason,
                      struct new_user *ret)
{
    if (username_parse(arena, line->words[0], &ret->username) != ERR_OK) {
        return fail(reason, ERR_FIELD_VALUE, STR("username"),
                    "1 to 254 ASCII letters, digits and . _ - +, or the account's own address");
    }
    if (str_is_set(line->email) && email_parse(arena, line->email, &ret->email) != ERR_OK) {
        return fail(reason, ERR_FIELD_VALUE, STR("email"), "%.*s is not an address",
                    STR_ARG(str_sub(line->email, 0, 80)));
    }
    return prompt_password(arena, reason, &ret->password);
}
