/* For tests: a provider that answers what the test says, and counts how often it was asked. */
#pragma once

#include "domain/federation.h"
#include "domain/fixture.h"
#include "domain/outbound.h"
#include "domain/providers.h"

#define CLIENT  "our-client"
#define BACK    "https://app.example/back"
#define GOOGLE  "https://google.example"
#define COMMON  "https://microsoft.example/common/v2.0"
#define TENANT  "9188040d-6c67-4c5b-b112-36a304b66dad"
#define LINKED  "https://linkedin.example"
#define BROWSER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct world {
    struct fixture *f;
    struct federation_settings settings;
    struct outbound outbound;
    struct jose_key *key,
        *newer; /* it signs with the first; both are published once there are two */
    bool silent;
    int status;
    unsigned asked;
    struct str metadata_issuer; /* no text: that of the settings */
    struct str grant;           /* what its token endpoint answers */
    struct str form;            /* and what it was sent */
    /* of the newest answer */
    struct federation_way way;
    struct vouched vouched;
    struct logged_in in;
    struct identity linked;
};

/* What the token is to say; what is not set is as it should be. */
struct says {
    const char *issuer, *subject, *audience, *more; /* audience: JSON; more: further members */
    int64_t issued, life;
    const struct jose_key *by;
    const char *type;
};

/* In the place of the three providers of the fixture that *state is. */
struct world *pretend_begin(void **state);
void pretend_end_at(struct world **w);
/* Signed by it. */
struct secret pretend_token(struct world *w, struct says says);
/* Judges and enters, as the pipeline does. */
enum err pretend_show(struct world *w, const struct federation_answer *in);
enum err pretend_show_token(struct world *w, enum provider provider, struct says says);
enum err pretend_google(struct world *w, struct says says);
/* Of the newest way. */
struct str pretend_parameter(struct world *w, const char *name);
/* Sends a browser off, with this cookie (NULL: none). */
enum err pretend_send_off(struct world *w, enum provider provider, const char *browser);
/* An answer to what was begun, with its nonce in the token. */
struct federation_answer pretend_answer(struct world *w, enum provider provider);
