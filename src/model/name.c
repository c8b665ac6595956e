/* What a name may be made of. */
#include "model/name.h"

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool name_is_fine(struct str name, const char *others)
{
    if (name.len == 0 || name.len > NAME_MOST || str_trim(name).len != name.len) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        if (!is_letter_or_digit(name.ptr[i]) && !str_contains(str_of(others), name.ptr[i])) {
            return false;
        }
    }
    return true;
}
