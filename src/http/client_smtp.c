/* One message over SMTP, and what became of it. */
#include "base/arena.h"
#include "http/client_private.h"

#include <stdio.h>
#include <string.h>

enum {
    LIMIT = 64 << 10,
    MAIL_FAILS = 500
};

/* A message on its way. */
struct sending {
    const struct client_mail *mail;
    size_t sent;     /* bytes of the text */
    bool handed;     /* before_end has been called */
    bool withdrawn;  /* and said no */
    char reply[120]; /* the newest line by which the server refused something */
};

static size_t give_text(char *out, size_t size, size_t count, void *with)
{
    struct sending *sending = with;
    struct str rest = str_skip(sending->mail->text, sending->sent);
    size_t take = size * count < rest.len ? size * count : rest.len;

    if (take == rest.len && !sending->handed) {
        sending->handed = true;
        sending->withdrawn = sending->mail->before_end(sending->mail->with) != ERR_OK;
        if (sending->withdrawn) {
            return CURL_READFUNC_ABORT;
        }
    }
    memcpy(out, rest.ptr, take);
    sending->sent += take;
    return take;
}

static size_t take_reply(char *data, size_t size, size_t count, void *with)
{
    struct sending *sending = with;

    if (size * count > 0 && (data[0] == '4' || data[0] == '5')) {
        http_client_show(sending->reply, sizeof sending->reply, (struct str){data, size * count});
    }
    return size * count;
}

/* What a server says beside its replies is of no interest, and none of it goes to standard output.
 */
static size_t take_nothing(char *data, size_t size, size_t count, void *with)
{
    (void)data;
    (void)with;
    return size * count;
}

/* Once the end is on its way, only the answer or the time ends it: a broken off one would be
 * uncertain. */
static int look_up(void *with, curl_off_t down, curl_off_t down_now, curl_off_t up,
                   curl_off_t up_now)
{
    const struct sending *sending = with;

    (void)down;
    (void)down_now;
    (void)up;
    (void)up_now;
    return !sending->handed && sending->mail->give_up &&
           sending->mail->give_up(sending->mail->with);
}

static long security(enum client_tls tls)
{
    switch (tls) {
    case CLIENT_TLS_REQUIRED:
        return CURLUSESSL_ALL;
    case CLIENT_TLS_OPTIONAL:
        return CURLUSESSL_TRY;
    case CLIENT_TLS_NONE:
        return CURLUSESSL_NONE;
    }
    return CURLUSESSL_ALL;
}

static enum client_delivery judge(const struct http_client *client, const struct sending *sending,
                                  CURLcode result)
{
    long code = 0;

    (void)client->curl.getinfo(client->handle, CURLINFO_RESPONSE_CODE, &code);
    bool answered = code >= 400 && code < 600 && code != 421;
    if (result == CURLE_OK) {
        return CLIENT_DELIVERED;
    }
    if (sending->withdrawn) {
        return CLIENT_WITHDRAWN;
    }
    if (sending->handed && (code < 400 || code >= 600)) {
        return CLIENT_UNCERTAIN;
    }
    /* libcurl's word for a refusal of MAIL, RCPT or DATA. */
    if (answered && (sending->handed || result == CURLE_SEND_ERROR)) {
        return code >= MAIL_FAILS ? CLIENT_REFUSED : CLIENT_DELAYED;
    }
    return CLIENT_UNREACHABLE;
}

static void explain(const struct http_client *client, const struct sending *sending,
                    CURLcode result, struct reason *reason)
{
    char words[120];

    if (client->private_refused) {
        (void)!fail(reason, ERR_STORE_DOWN, STR(""), "the address leads into a private network");
        return;
    }
    http_client_show(words, sizeof words,
                     str_of(client->error[0] ? client->error : client->curl.strerror(result)));
    long code = 0;
    (void)client->curl.getinfo(client->handle, CURLINFO_RESPONSE_CODE, &code);
    /* The server's own words, where it had any against us; libcurl's otherwise. */
    (void)!fail(reason, ERR_STORE_DOWN, STR(""), "%s",
                code >= 400 && sending->reply[0] ? sending->reply : words);
}

/* libcurl wants texts with a NUL behind them. */
struct texts {
    struct str url, from, to, username, password;
};

static enum err copy_texts(struct arena *arena, const struct client_mail *mail, struct texts *ret)
{
    TRY(arena_print(arena, &ret->url, "%.*s/%.*s", STR_ARG(mail->url), STR_ARG(mail->hello)));
    TRY(arena_print(arena, &ret->from, "<%.*s>", STR_ARG(mail->from)));
    TRY(arena_print(arena, &ret->to, "<%.*s>", STR_ARG(mail->to)));
    TRY(arena_copy(arena, mail->username, &ret->username));
    return arena_copy(arena, mail->password.hidden, &ret->password);
}

static bool is_one_line(struct str text)
{
    return !str_contains(text, '\r') && !str_contains(text, '\n') && !str_contains(text, '\0');
}

static void log_in(struct http_client *client, const struct client_mail *mail,
                   const struct texts *texts)
{
    if (mail->username.len > 0) {
        (void)client->curl.setopt(client->handle, CURLOPT_USERNAME, texts->username.ptr);
        (void)client->curl.setopt(client->handle, CURLOPT_PASSWORD, texts->password.ptr);
    }
}

static enum client_delivery send_over(struct http_client *client, struct arena *arena,
                                      const struct client_mail *mail, struct reason *reason)
{
    const struct client_library *curl = &client->curl;
    struct sending sending = {.mail = mail};
    struct curl_slist *to = NULL;
    struct texts texts;

    if (copy_texts(arena, mail, &texts) != ERR_OK) {
        (void)!fail(reason, ERR_MEMORY, STR(""), "no memory");
        return CLIENT_UNREACHABLE;
    }
    http_client_prepare(client, "smtp,smtps");
    (void)curl->setopt(client->handle, CURLOPT_URL, texts.url.ptr);
    (void)curl->setopt(client->handle, CURLOPT_USE_SSL, security(client->rules.tls));
    (void)curl->setopt(client->handle, CURLOPT_HEADERFUNCTION, take_reply);
    (void)curl->setopt(client->handle, CURLOPT_HEADERDATA, &sending);
    (void)curl->setopt(client->handle, CURLOPT_WRITEFUNCTION, take_nothing);
    (void)curl->setopt(client->handle, CURLOPT_XFERINFOFUNCTION, look_up);
    (void)curl->setopt(client->handle, CURLOPT_XFERINFODATA, &sending);
    (void)curl->setopt(client->handle, CURLOPT_NOPROGRESS, 0L);
    log_in(client, mail, &texts);
    if (mail->to.len > 0) {
        to = curl->slist_append(NULL, texts.to.ptr);
        (void)curl->setopt(client->handle, CURLOPT_MAIL_FROM, texts.from.ptr);
        (void)curl->setopt(client->handle, CURLOPT_MAIL_RCPT, to);
        (void)curl->setopt(client->handle, CURLOPT_UPLOAD, 1L);
        (void)curl->setopt(client->handle, CURLOPT_READFUNCTION, give_text);
        (void)curl->setopt(client->handle, CURLOPT_READDATA, &sending);
    } else {
        (void)curl->setopt(client->handle, CURLOPT_CUSTOMREQUEST, "NOOP");
    }
    CURLcode result = to || mail->to.len == 0 ? curl->perform(client->handle) : CURLE_OUT_OF_MEMORY;
    curl->slist_free(to);
    if (result != CURLE_OK) {
        explain(client, &sending, result, reason);
    }
    return judge(client, &sending, result);
}

enum client_delivery http_client_send(struct http_client *client, const struct client_mail *mail,
                                      struct reason *reason)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, LIMIT);

    /* Types of the floors above see to that; nothing is sent for which they did not. */
    if (!is_one_line(mail->url) || !is_one_line(mail->hello) || !is_one_line(mail->from) ||
        !is_one_line(mail->to)) {
        (void)!fail(reason, ERR_FIELD_VALUE, STR(""), "an address with a line end in it");
        return CLIENT_REFUSED;
    }
    if (!arena) {
        (void)!fail(reason, ERR_MEMORY, STR(""), "no memory");
        return CLIENT_UNREACHABLE;
    }
    return send_over(client, arena, mail, reason);
}
