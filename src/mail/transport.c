/* Sending over SMTP, or writing a file. */
#include "mail/transport.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/number.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
    HOST_MOST = 253,
    SECRET_MOST = 1024,
    MILLI = 1000
};

struct post {
    struct post_plan plan;
    struct transport transport;
    char secret[SECRET_MOST];
    struct http_client *client; /* while there is something to send */
};

static bool is_host(struct str host)
{
    bool right = host.len > 0 && host.len <= HOST_MOST;

    for (size_t i = 0; right && i < host.len; i++) {
        char c = host.ptr[i];
        right = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                c == '-' || c == '.';
    }
    return right && host.ptr[0] != '-' && host.ptr[0] != '.';
}

static bool is_bracketed(struct str host)
{
    bool right = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';

    for (size_t i = 1; right && i + 1 < host.len; i++) {
        char c = host.ptr[i];
        right = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
                c == ':' || c == '.';
    }
    return right;
}

static enum err parse_place(struct str place, struct transport *transport)
{
    struct str host = place, port;
    int64_t number;

    if (place.len > 0 && place.ptr[0] == '[') {
        struct str behind;
        if (!str_cut(place, ']', &host, &behind)) {
            return ERR_FIELD_VALUE;
        }
        host.len++;
        if (behind.len > 0 && behind.ptr[0] != ':') {
            return ERR_FIELD_VALUE;
        }
        port = behind.len > 0 ? str_skip(behind, 1) : (struct str){0};
    } else if (!str_cut(place, ':', &host, &port)) {
        port = (struct str){0};
    }
    if (!is_host(host) && !is_bracketed(host)) {
        return ERR_FIELD_VALUE;
    }
    if (str_is_set(port)) {
        TRY(number_parse(port, 1, 65535, &number));
    }
    transport->loopback = str_eq_nocase(host, STR("localhost")) || str_eq(host, STR("127.0.0.1")) ||
                          str_eq(host, STR("[::1]"));
    return ERR_OK;
}

enum err transport_parse(struct str text, struct transport *ret)
{
    struct transport transport = {.url = text};
    struct str place;

    if (str_ends(text, STR("/"))) {
        transport.url.len--;
    }
    if (text.len == 0 || str_eq(text, STR("file"))) {
        *ret = (struct transport){.kind = text.len ? TRANSPORT_FILE : TRANSPORT_NONE};
        return ERR_OK;
    }
    if (str_starts(text, STR("smtp://"))) {
        transport.kind = TRANSPORT_SMTP;
        place = str_skip(transport.url, sizeof "smtp://" - 1);
    } else if (str_starts(text, STR("smtps://"))) {
        transport.kind = TRANSPORT_SMTPS;
        place = str_skip(transport.url, sizeof "smtps://" - 1);
    } else {
        return ERR_FIELD_VALUE;
    }
    TRY(parse_place(place, &transport));
    *ret = transport;
    return ERR_OK;
}

static enum err read_secret(struct post *post, struct reason *reason)
{
    struct str name = post->plan.settings->password_file;
    char path[PATH_MAX];
    size_t length = 0;

    if (name.len == 0) {
        return ERR_OK;
    }
    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(name));
    FILE *file = fopen(path, "re");
    if (!file || !fgets(post->secret, sizeof post->secret, file)) {
        if (file) {
            (void)fclose(file);
        }
        return fail(reason, ERR_CONFIG, STR("mail.password_file"), "%s cannot be read", path);
    }
    (void)fclose(file);
    while (post->secret[length] && post->secret[length] != '\n' && post->secret[length] != '\r') {
        length++;
    }
    post->secret[length] = '\0';
    return ERR_OK;
}

enum err post_create(const struct post_plan *plan, struct reason *reason, struct post **ret)
{
    struct post *post = calloc(1, sizeof *post);

    if (!post) {
        return ERR_MEMORY;
    }
    post->plan = *plan;
    enum err e = transport_parse(plan->settings->transport, &post->transport);
    if (e == ERR_OK) {
        e = read_secret(post, reason);
    }
    if (e != ERR_OK) {
        post_destroy(post);
        return e;
    }
    *ret = post;
    return ERR_OK;
}

void post_rest(struct post *post)
{
    http_client_destroy(post->client);
    post->client = NULL;
}

void post_destroy(struct post *post)
{
    if (post) {
        post_rest(post);
        explicit_bzero(post->secret, sizeof post->secret);
        free(post);
    }
}

static enum client_tls tls_of(const struct post *post)
{
    struct str starttls = post->plan.settings->starttls;

    if (post->transport.kind == TRANSPORT_SMTPS || str_eq(starttls, STR("required"))) {
        return CLIENT_TLS_REQUIRED;
    }
    return str_eq(starttls, STR("optional")) ? CLIENT_TLS_OPTIONAL : CLIENT_TLS_NONE;
}

/* The operator's own server, which may well be in the operator's own network. */
static enum err open_client(struct post *post, struct reason *reason)
{
    const struct mail_settings *settings = post->plan.settings;
    struct client_rules rules = {
        .tls = tls_of(post),
        .private_too = true,
        .connect_ms = settings->connect_seconds * MILLI,
        .total_ms = settings->total_seconds * MILLI,
        .authorities = settings->authorities,
    };

    return post->client ? ERR_OK : http_client_create(&rules, reason, &post->client);
}

static enum client_delivery send_smtp(struct post *post, const struct parcel *parcel,
                                      struct reason *reason)
{
    const struct mail_settings *settings = post->plan.settings;
    struct client_mail mail = {
        .url = post->transport.url,
        .hello = post->plan.hello,
        .username = settings->username,
        .password = post->secret[0] ? (struct secret){str_of(post->secret)} : settings->password,
        .from = parcel->from,
        .to = parcel->to,
        .text = parcel->text,
        .before_end = parcel->before_end,
        .give_up = parcel->give_up,
        .with = parcel->with,
    };

    if (open_client(post, reason) != ERR_OK) {
        return CLIENT_UNREACHABLE;
    }
    return http_client_send(post->client, &mail, reason);
}

static bool write_all(int file, struct str text)
{
    while (text.len > 0) {
        ssize_t written = write(file, text.ptr, text.len);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text = str_skip(text, written > 0 ? (size_t)written : 0);
    }
    return true;
}

/* Under another name until it is whole; a second time it only takes its own place. */
static bool write_file(int folder, const char *name, struct str text)
{
    char part[NAME_MAX + 1];

    (void)snprintf(part, sizeof part, "%s.part", name);
    int file = openat(folder, part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        return false;
    }
    bool whole = write_all(file, text);
    whole = close(file) == 0 && whole;
    if (!whole || renameat(folder, part, folder, name) != 0) {
        (void)unlinkat(folder, part, 0);
        return false;
    }
    return true;
}

static int open_folder(struct str folder)
{
    char path[PATH_MAX];

    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(folder));
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return -1;
    }
    return open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
}

static enum client_delivery write_letter(int folder, const struct parcel *parcel,
                                         struct reason *reason)
{
    char name[NAME_MAX - 8];

    if (parcel->to.len == 0) {
        return CLIENT_DELIVERED;
    }
    if (parcel->before_end(parcel->with) != ERR_OK) {
        return CLIENT_WITHDRAWN;
    }
    (void)snprintf(name, sizeof name, "%.*s.eml", STR_ARG(parcel->id));
    if (!write_file(folder, name, parcel->text)) {
        (void)!fail(reason, ERR_SYSTEM, STR(""), "%s: %s", name, strerrordesc_np(errno));
        return CLIENT_DELAYED;
    }
    return CLIENT_DELIVERED;
}

static enum client_delivery send_file(struct post *post, const struct parcel *parcel,
                                      struct reason *reason)
{
    struct str path = post->plan.folder;
    int folder = open_folder(path);

    if (folder < 0) {
        (void)!fail(reason, ERR_SYSTEM, STR(""), "%.*s: %s", STR_ARG(path), strerrordesc_np(errno));
        return CLIENT_UNREACHABLE;
    }
    enum client_delivery result = write_letter(folder, parcel, reason);
    (void)close(folder);
    return result;
}

enum client_delivery post_send(struct post *post, const struct parcel *parcel,
                               struct reason *reason)
{
    switch (post->transport.kind) {
    case TRANSPORT_NONE:
        (void)!fail(reason, ERR_CONFIG, STR("mail.transport"), "mail.transport is not set");
        return CLIENT_UNREACHABLE;
    case TRANSPORT_FILE:
        return send_file(post, parcel, reason);
    case TRANSPORT_SMTP:
    case TRANSPORT_SMTPS:
        return send_smtp(post, parcel, reason);
    }
    return CLIENT_UNREACHABLE;
}
