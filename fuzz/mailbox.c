/* Mailboxes: nothing that comes out of one could end a line, or name a second address. */
#include "mail/mailbox.h"

#include "base/arena.h"
#include "fuzz/harness.h"

static bool ends_a_line(struct str text)
{
    return str_contains(text, '\r') || str_contains(text, '\n') || str_contains(text, '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    struct str text = {(const char *)data, size};
    struct mailbox mailbox;

    if (arena && mailbox_parse(arena, text, &mailbox) == ERR_OK) {
        PROMISE(!ends_a_line(mailbox.name.text) && !ends_a_line(mailbox.address));
        PROMISE(!str_contains(mailbox.address, ' ') && !str_contains(mailbox.address, ','));
        PROMISE(!str_contains(mailbox.address, '<') && !str_contains(mailbox.address, '>'));
    }
    return 0;
}
