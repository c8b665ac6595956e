/* Slugs: what a name becomes is one, or nothing, or what looks like an identifier; and what is one
 * stays as it is. */
#include "text/slug.h"

#include "base/arena.h"
#include "base/id.h"
#include "fuzz/harness.h"
#include "text/normal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 26);
    struct str text = {(const char *)data, size}, slug, again;
    struct id id;

    enum err e = slug_of(arena, text, &slug);
    PROMISE(e == (text_well_formed(text) == size ? ERR_OK : ERR_FIELD_VALUE));
    if (e != ERR_OK) {
        PROMISE(!slug_is_fine(text));
        return 0;
    }
    PROMISE(slug.len <= SLUG_MOST);
    PROMISE(slug.len == 0 || slug_is_fine(slug) || id_parse(slug, &id) == ERR_OK);
    PROMISE(!slug_is_fine(text) || str_eq(slug, text));
    PROMISE(slug_of(arena, slug, &again) == ERR_OK && str_eq(again, slug));
    return 0;
}
