/* Where finished messages go: to an SMTP server, or into a folder. */
#pragma once

#include "base/err.h"
#include "http/client.h"
#include "mail/settings.h"

struct arena;
struct post;

enum transport_kind {
    TRANSPORT_NONE,
    TRANSPORT_FILE,
    TRANSPORT_SMTP,
    TRANSPORT_SMTPS
};

struct transport {
    enum transport_kind kind;
    struct str url; /* without a slash at its end */
    bool loopback;  /* never leaves this machine, by its name */
};

/* "smtp://HOST[:PORT]", "smtps://HOST[:PORT]", "file" or nothing; no names and passwords in it.
 * ERR_FIELD_VALUE. */
enum err transport_parse(struct str text, struct transport *ret);

struct post_plan {
    const struct mail_settings *settings;
    struct str folder; /* for TRANSPORT_FILE; made when it is needed */
    struct str hello;  /* what we are called to SMTP servers */
};

/* For one thread at a time. libcurl is loaded when the first message is sent. The plan's texts
 * outlive it. */
enum err post_create(const struct post_plan *plan, struct reason *reason, struct post **ret);
void post_destroy(struct post *post); /* NULL is fine */
void post_rest(struct post *post);    /* nothing to send for a while: connections are let go */

struct parcel {
    struct str id;       /* names the file */
    struct str from, to; /* addresses; no `to`: only whether the server can be reached */
    struct str text;     /* a finished message */
    enum err (*before_end)(void *with); /* as in http/client.h */
    bool (*give_up)(void *with);
    void *with;
};

/* As http_client_send. */
enum client_delivery post_send(struct post *post, const struct parcel *parcel,
                               struct reason *reason);
