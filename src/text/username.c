/* Usernames: a small alphabet, so that they can stand in headers, paths and logs as they are. */
#include "text/username.h"

#include "base/arena.h"
#include "text/email.h"
#include "text/normal.h"

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_acceptable(struct str text)
{
    bool named = false;

    for (size_t i = 0; i < text.len; i++) {
        bool plain = is_letter_or_digit(text.ptr[i]);
        if (!plain && !str_contains(STR("._-+@"), text.ptr[i])) {
            return false;
        }
        named = named || plain;
    }
    return named && text.len <= USERNAME_MOST;
}

enum err username_parse(struct arena *arena, struct str text, struct username *ret)
{
    struct username name;
    struct email email;

    if (!is_acceptable(text)) {
        return ERR_FIELD_VALUE;
    }
    if (str_contains(text, '@')) {
        TRY(email_parse(arena, text, &email));
        *ret = (struct username){.shown = email.shown, .key = email.key};
        return ERR_OK;
    }
    TRY(arena_copy(arena, text, &name.shown));
    TRY(text_fold(arena, text, &name.key));
    *ret = name;
    return ERR_OK;
}

bool username_is_address(const struct username *name)
{
    return str_contains(name->key, '@');
}
