/* Whom a letter is from, and whom it goes to. */
#pragma once

#include "mail/line.h"
#include "text/email.h"

struct arena;

struct mailbox {
    struct line name;   /* may be empty */
    struct str address; /* as SMTP takes it: the domain in ASCII (IDNA), nothing but one address */
};

/* "ADDRESS" or "NAME <ADDRESS>". ERR_FIELD_VALUE. Lives in the arena. */
enum err mailbox_parse(struct arena *arena, struct str text, struct mailbox *ret);

/* That of an account. The local part stays as its owner wrote it. */
enum err mailbox_of(struct arena *arena, const struct email *email, struct mailbox *ret);

/* For a setting. */
enum err mailbox_check(struct str value);
