/* Looking at the way that letters take: the SMTP server is spoken to, and nothing is sent. */
#include "app/checkup.h"
#include "app/mailing.h"
#include "jobs/postman.h"

static void probe(struct checkup *checkup, struct mailing *mailing)
{
    const struct mail_settings *mail = &checkup->config->mail;
    struct reason reason = {0};

    if (mailing_open(checkup->config, &reason, mailing) != ERR_OK) {
        checkup_note(checkup, FINDING_FAIL, "mail: %s", reason.detail);
        return;
    }
    if (postman_probe(mailing->postman, &reason) != ERR_OK) {
        checkup_note(checkup, FINDING_FAIL, "mail: %.*s: %s", STR_ARG(mail->transport),
                     reason.detail);
        return;
    }
    checkup_note(checkup, FINDING_OK, "mail: %.*s takes letters%s", STR_ARG(mail->transport),
                 mail->username.len > 0 ? ", and lets us log in" : "");
}

void checkup_mail(struct checkup *checkup)
{
    const struct config *config = checkup->config;
    struct mailing mailing = {0};

    if (config->mail.transport.len == 0) {
        checkup_note(checkup, FINDING_WARN,
                     "mail: mail.transport is not set, so letters wait until they expire");
        return;
    }
    if (str_eq(config->mail.transport, STR("file"))) {
        checkup_note(checkup, FINDING_WARN, "mail: letters are kept in %.*s, and not sent",
                     STR_ARG(config->pages.folder));
    } else {
        probe(checkup, &mailing);
        mailing_close(&mailing);
    }
    if (config->http.public_url.len == 0) {
        checkup_note(checkup, FINDING_WARN,
                     "mail: http.public_url is not set, so letters with a link wait");
    }
}
