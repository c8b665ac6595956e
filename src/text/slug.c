/* Slugs: what is left of a name when marks, case and everything but letters and digits go. */
#include "text/slug.h"

#include "base/buf.h"
#include "base/id.h"
#include "text/normal.h"

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool slug_is_fine(struct str slug)
{
    bool open = false; /* behind a letter or digit */
    struct id id;

    if (slug.len > SLUG_MOST || id_parse(slug, &id) == ERR_OK) {
        return false;
    }
    for (size_t i = 0; i < slug.len; i++) {
        bool hyphen = slug.ptr[i] == '-';
        if (hyphen ? !open : !is_letter_or_digit(slug.ptr[i])) {
            return false;
        }
        open = !hyphen;
    }
    return open;
}

enum err slug_of(struct arena *arena, struct str name, struct str *ret)
{
    struct buf slug = buf_in_arena(arena, SLUG_MOST);
    bool gap = false;
    struct str plain;

    TRY(text_fold(arena, name, &plain));
    TRY(text_nfkd(arena, plain, &plain));
    for (size_t i = 0; i < plain.len && slug.len + gap < SLUG_MOST; i++) {
        char c = plain.ptr[i];
        if ((unsigned char)c >= 0x80) {
            continue; /* a mark, or a letter of another script */
        }
        if (!is_letter_or_digit(c)) {
            gap = slug.len > 0;
            continue;
        }
        buf_put(&slug, gap ? STR("-") : STR(""));
        buf_put_char(&slug, c);
        gap = false;
    }
    return buf_end(&slug, ret);
}
