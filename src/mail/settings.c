/* The rows of [mail]. */
#include "mail/settings.h"

#include "base/hex.h"
#include "mail/line.h"
#include "mail/mailbox.h"
#include "mail/transport.h"

#define AT(member) offsetof(struct mail_settings, member)

static enum err check_transport(struct str value)
{
    struct transport transport;

    return transport_parse(value, &transport);
}

static enum err check_line(struct str value)
{
    struct line line;

    return line_parse(value, &line);
}

static enum err check_colour(struct str value)
{
    if (value.len != 7 || value.ptr[0] != '#') {
        return ERR_FIELD_VALUE;
    }
    for (size_t i = 1; i < value.len; i++) {
        if (hex_digit(value.ptr[i]) < 0) {
            return ERR_FIELD_VALUE;
        }
    }
    return ERR_OK;
}

/* clang-format off */
static const struct setting rows[] = {
    {"mail", "transport", SETTING_TEXT, AT(transport), "", .expects = "smtp://HOST[:PORT], smtps://HOST[:PORT] or file", .check = check_transport, .help =
     "How letters are sent: smtp://HOST[:PORT], smtps://HOST[:PORT] (TLS from the start), or file, which keeps them in DIR/mail; without it they wait until they expire"},
    {"mail", "from", SETTING_TEXT, AT(from), "", .expects = "ADDRESS or NAME <ADDRESS>", .check = mailbox_check, .help =
     "Whom letters are from: ADDRESS or NAME <ADDRESS>"},
    {"mail", "name", SETTING_TEXT, AT(name), "Signet", .expects = "one line of text", .check = check_line, .help =
     "What letters call this service"},
    {"mail", "colour", SETTING_TEXT, AT(colour), "#2457c5", .expects = "a colour as in #2457c5", .check = check_colour, .help =
     "The colour of their buttons, dark enough for white letters on it"},
    {"mail", "username", SETTING_TEXT, AT(username), "", .expects = "one line of text", .check = check_line, .help =
     "Who logs in at the SMTP server; nobody without it"},
    {"mail", "password", SETTING_SECRET, AT(password), "", .help =
     "The password for that"},
    {"mail", "password_file", SETTING_TEXT, AT(password_file), "", .help =
     "A file whose first line is that password, in place of mail.password"},
    {"mail", "starttls", SETTING_CHOICE, AT(starttls), "required", .choices = "required optional never", .help =
     "Whether smtp:// turns to TLS before anything else; optional is no protection from whoever sits between"},
    {"mail", "authorities", SETTING_TEXT, AT(authorities), "", .help =
     "A file of certificates (PEM) that the server's is checked against, in place of those of the system"},
    {"mail", "connect_timeout", SETTING_SECONDS, AT(connect_seconds), "10s", 1, 120, .help =
     "How long a connection to the SMTP server may take to be made"},
    {"mail", "timeout", SETTING_SECONDS, AT(total_seconds), "60s", 2, 600, .help =
     "How long one letter may take to be sent, the connection included"},
    {"mail", "queue", SETTING_NUMBER, AT(queue), "10000", 1, 10000000, .help =
     "How many letters may wait; beyond, what would send one more answers 503"},
};
/* clang-format on */

const struct setting_table mail_settings_table = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct mail_settings)};

enum err mail_settings_agree(const struct mail_settings *settings, struct reason *reason)
{
    struct transport transport;
    bool secret = settings->password.hidden.len > 0 || settings->password_file.len > 0;

    if (settings->transport.len == 0) {
        return ERR_OK;
    }
    TRY(transport_parse(settings->transport, &transport));
    if (settings->from.len == 0) {
        return fail(reason, ERR_CONFIG, STR("mail.from"),
                    "mail.transport is set, and mail.from is not");
    }
    if (settings->password.hidden.len > 0 && settings->password_file.len > 0) {
        return fail(reason, ERR_CONFIG, STR("mail.password_file"),
                    "mail.password and mail.password_file are both set");
    }
    if (secret && transport.kind == TRANSPORT_SMTP && !transport.loopback &&
        !str_eq(settings->starttls, STR("required"))) {
        return fail(reason, ERR_CONFIG, STR("mail.starttls"),
                    "mail.password could be sent in the clear: set mail.starttls = required");
    }
    return ERR_OK;
}
