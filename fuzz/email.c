/* Addresses: both ways to the key agree, and the key is an address of the same key. */
#include "text/email.h"

#include "base/arena.h"
#include "fuzz/harness.h"
#include "text/normal.h"
#include "text/username.h"

/* What an address is trusted with: lines of mail headers, SMTP commands, logs. */
static void assert_harmless(struct str text)
{
    PROMISE(text.len > 0 && text.len <= EMAIL_MOST);
    PROMISE(text_is_visible(text));
    PROMISE(text.ptr[text.len] == '\0');
    for (size_t i = 0; i < text.len; i++) {
        PROMISE(!str_contains(STR("\r\n\0 \t\"()<>[]\\,;:"), text.ptr[i]));
    }
}

/* A domain is one exactly where it can stand behind an @, and is then what the key says. */
static void domain_agrees(struct arena *arena, struct str text)
{
    struct str domain = {0}, address, head, tail;
    struct email email;

    enum err e = email_parse_domain(arena, text, &domain);
    PROMISE(arena_print(arena, &address, "a@%.*s", STR_ARG(text)) == ERR_OK);
    bool fits = text.len + 2 <= EMAIL_MOST && domain.len + 2 <= EMAIL_MOST;
    PROMISE(!fits || email_parse(arena, address, &email) == e);
    if (fits && e == ERR_OK) {
        PROMISE(str_cut(email.key, '@', &head, &tail) && str_eq(tail, domain));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 26);
    struct str text = {(const char *)data, size}, head, tail;
    struct email email, again;
    struct username name;

    if (!str_contains(text, '\0')) {
        domain_agrees(arena, text);
    }
    enum err e = email_parse(arena, text, &email);
    PROMISE(email_parse_unicode(arena, text, &again) == e);
    if (username_parse(arena, text, &name) == ERR_OK) {
        PROMISE(!username_is_address(&name) || e == ERR_OK);
    }
    if (e != ERR_OK) {
        PROMISE(e == ERR_FIELD_VALUE);
        return 0;
    }
    PROMISE(str_eq(email.shown, text) && str_eq(again.shown, text) && str_eq(email.key, again.key));
    assert_harmless(email.shown);
    assert_harmless(email.key);
    PROMISE(str_cut(email.key, '@', &head, &tail) && !str_contains(tail, '@'));
    PROMISE(text_is_ascii(tail));
    PROMISE(email_parse(arena, email.key, &again) == ERR_OK && str_eq(again.key, email.key));
    return 0;
}
