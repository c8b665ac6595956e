/* Reading mailboxes. */
#include "mail/mailbox.h"

#include "base/arena.h"

enum {
    KEEP = 1024,
    LIMIT = 64 << 10
};

enum err mailbox_of(struct arena *arena, const struct email *email, struct mailbox *ret)
{
    struct str local, domain, rest;
    struct str address;

    if (!str_cut(email->shown, '@', &local, &rest) || !str_cut(email->key, '@', &rest, &domain)) {
        return ERR_FIELD_VALUE;
    }
    TRY(arena_print(arena, &address, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain)));
    *ret = (struct mailbox){.address = address};
    return ERR_OK;
}

enum err mailbox_parse(struct arena *arena, struct str text, struct mailbox *ret)
{
    struct str before, address;
    struct line name = {0};
    struct mailbox mailbox;
    struct email email;

    if (str_cut(text, '<', &before, &address)) {
        address = str_trim(address);
        if (!str_ends(address, STR(">"))) {
            return ERR_FIELD_VALUE;
        }
        address.len--;
        TRY(arena_copy(arena, str_trim(before), &before));
        TRY(line_parse(before, &name));
    } else {
        address = str_trim(text);
    }
    TRY(email_parse(arena, address, &email));
    TRY(mailbox_of(arena, &email, &mailbox));
    mailbox.name = name;
    *ret = mailbox;
    return ERR_OK;
}

enum err mailbox_check(struct str value)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct mailbox mailbox;

    return arena ? mailbox_parse(arena, value, &mailbox) : ERR_MEMORY;
}
