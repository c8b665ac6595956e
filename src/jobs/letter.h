/* From a letter to the message that is sent: its template, filled in. */
#pragma once

#include "mail/message.h"
#include "mail/settings.h"
#include "model/letter.h"

struct letter_plan {
    const struct mail_settings *settings;
    struct mailbox from;
    struct str public_url, host; /* the base of links; the right side of Message-IDs */
};

/* Everything of it in the arena. ERR_CONFIG with a reason: it has a link, and there is no public
 * address to build it from. */
enum err letter_compose(struct arena *arena, const struct letter_plan *plan,
                        const struct letter *letter, struct reason *reason, struct message *ret);
