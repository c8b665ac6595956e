/* The postman of an installation, as the settings have it. */
#pragma once

#include "app/config.h"

struct postman;

enum {
    MAILING_URL = 512
};

struct mailing {
    char own_url[MAILING_URL]; /* what links begin with where http.public_url is not set */
    struct postman *postman;
};

/* `own_url` in `mailing` may be empty. ERR_CONFIG with a reason. */
enum err mailing_open(const struct config *config, struct reason *reason, struct mailing *mailing);
void mailing_close(struct mailing *mailing); /* one that was never opened is fine */
