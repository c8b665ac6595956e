/* From settings to the postman. */
#include "app/mailing.h"

#include "jobs/postman.h"

enum err mailing_open(const struct config *config, struct reason *reason, struct mailing *mailing)
{
    struct postman_plan plan = {
        .settings = &config->mail,
        .public_url = config->http.public_url,
        .folder = config->pages.folder,
    };

    if (plan.public_url.len == 0) {
        plan.public_url = str_of(mailing->own_url);
    }
    return postman_create(&plan, reason, &mailing->postman);
}

void mailing_close(struct mailing *mailing)
{
    postman_destroy(mailing->postman);
    mailing->postman = NULL;
}
