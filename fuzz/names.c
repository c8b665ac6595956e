/* Words for roles, events, letters and states, as they come out of stores and requests: a word that
 * is known is the one that is written; and the names of roles. */
#include "fuzz/harness.h"
#include "model/event.h"
#include "model/letter.h"
#include "model/name.h"
#include "model/organization.h"
#include "model/role.h"

static void read_words(struct str text)
{
    enum role role = role_of(text);
    enum event_verb verb = event_verb_of(text);
    enum letter_kind letter = letter_kind_of(text);
    enum organization_state state;

    PROMISE(role == ROLES || str_eq(role_name(role), text));
    PROMISE(verb == EVENT_VERBS || str_eq(event_verb_name(verb), text));
    PROMISE(letter == LETTER_KINDS || str_eq(letter_kind_name(letter), text));
    if (organization_state_of(text, &state) == ERR_OK) {
        PROMISE(str_eq(organization_state_name(state), text));
    }
    PROMISE(role == ROLES || role_name_is_fine(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};

    read_words(text);
    PROMISE(!name_is_fine(text, "") || role_name_is_fine(text));
    if (role_name_is_fine(text)) {
        PROMISE(size > 0 && size <= NAME_MOST && str_trim(text).len == size);
        for (size_t i = 0; i < size; i++) {
            PROMISE(data[i] >= ' ' && data[i] < 0x7f &&
                    !str_contains(STR("\"'<>&/\\:"), text.ptr[i]));
        }
    }
    return 0;
}
