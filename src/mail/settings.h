/* What an operator may choose about mail. */
#pragma once

#include "base/secret.h"
#include "base/setting.h"

#include <stdint.h>

struct mail_settings {
    struct str transport; /* smtp://HOST[:PORT], smtps://HOST[:PORT], file, or none */
    struct str from, name, colour;
    struct str username, password_file;
    struct secret password;
    struct str starttls, authorities;
    int64_t connect_seconds, total_seconds;
    int64_t queue; /* letters that may wait */
};
extern const struct setting_table mail_settings_table;

/* What no single row can know. ERR_CONFIG with a reason: a password would be sent in the clear, two
 * passwords, nobody to send from. */
enum err mail_settings_agree(const struct mail_settings *settings, struct reason *reason);
