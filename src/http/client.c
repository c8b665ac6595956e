/* The rules in libcurl's words, and fetching over HTTP. */
#include "http/client.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/address.h"
#include "http/client_private.h"

#include <unistd.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    MILLI = 1000
};

static bool address_of(const struct curl_sockaddr *peer, struct address *ret)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (peer->family == AF_INET6) {
        const struct sockaddr_in6 *six = (const void *)&peer->addr;
        memcpy(ret->bytes, &six->sin6_addr, sizeof ret->bytes);
        return true;
    }
    if (peer->family == AF_INET) {
        const struct sockaddr_in *four = (const void *)&peer->addr;
        memcpy(ret->bytes, mapped, sizeof mapped);
        memcpy(ret->bytes + sizeof mapped, &four->sin_addr, 4);
        return true;
    }
    return false;
}

static void replace_socket(struct http_client *client, int old, int fresh)
{
    for (size_t i = 0; i < CLIENT_SOCKETS; i++) {
        if (client->sockets[i] == old) {
            client->sockets[i] = fresh;
            return;
        }
    }
}

/* Called with the very address that is connected to next, so that no second answer of the resolver
 * can put another in its place. */
static curl_socket_t open_socket(void *with, curlsocktype purpose, struct curl_sockaddr *peer)
{
    struct http_client *client = with;
    struct address address;

    (void)purpose;
    if (!address_of(peer, &address) ||
        (!client->rules.private_too && address_is_private(&address))) {
        client->private_refused = true;
        return CURL_SOCKET_BAD;
    }
    int made = socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
    replace_socket(client, -1, made);
    return made;
}

static int close_socket(void *with, curl_socket_t socket)
{
    replace_socket(with, socket, -1);
    return close(socket);
}

/* libcurl says QUIT as it closes a connection, and would wait two minutes for an answer. It finds
 * the end of the connection instead. */
static void stop_listening(struct http_client *client)
{
    for (size_t i = 0; i < CLIENT_SOCKETS; i++) {
        if (client->sockets[i] >= 0) {
            (void)shutdown(client->sockets[i], SHUT_RD);
        }
    }
}

enum err http_client_create(const struct client_rules *rules, struct reason *reason,
                            struct http_client **ret)
{
    struct http_client *client = calloc(1, sizeof *client);

    if (!client) {
        return ERR_MEMORY;
    }
    client->rules = *rules;
    memset(client->sockets, -1, sizeof client->sockets);
    enum err e = client_library_load(reason, &client->curl);
    if (e != ERR_OK) {
        free(client);
        return e;
    }
    bool ready = client->curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    client->handle = ready ? client->curl.init() : NULL;
    if (str_is_set(rules->authorities) && rules->authorities.len > 0) {
        client->authorities = strndup(rules->authorities.ptr, rules->authorities.len);
    }
    if (!client->handle) {
        http_client_destroy(client);
        return ERR_MEMORY;
    }
    *ret = client;
    return ERR_OK;
}

void http_client_destroy(struct http_client *client)
{
    if (client) {
        stop_listening(client);
        client->curl.cleanup(client->handle);
        client->curl.global_cleanup();
        free(client->authorities);
        free(client);
    }
}

void http_client_prepare(struct http_client *client, const char *protocols)
{
    const struct client_library *curl = &client->curl;
    CURL *handle = client->handle;

    client->private_refused = false;
    client->error[0] = '\0';
    curl->reset(handle); /* connections stay */
    (void)curl->setopt(handle, CURLOPT_PROTOCOLS_STR, protocols);
    (void)curl->setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl->setopt(handle, CURLOPT_PROXY, "");
    (void)curl->setopt(handle, CURLOPT_NOSIGNAL, 1L);
    (void)curl->setopt(handle, CURLOPT_ERRORBUFFER, client->error);
    (void)curl->setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)client->rules.connect_ms);
    (void)curl->setopt(handle, CURLOPT_TIMEOUT_MS, (long)client->rules.total_ms);
    (void)curl->setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl->setopt(handle, CURLOPT_OPENSOCKETDATA, client);
    (void)curl->setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    (void)curl->setopt(handle, CURLOPT_CLOSESOCKETDATA, client);
    (void)curl->setopt(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                       (long)(client->rules.total_ms / MILLI + 1));
    (void)curl->setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl->setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl->setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (client->authorities) {
        (void)curl->setopt(handle, CURLOPT_CAINFO, client->authorities);
        (void)curl->setopt(handle, CURLOPT_CAPATH, NULL);
    }
}

void http_client_show(char *out, size_t size, struct str text)
{
    size_t used = 0;

    text = str_trim(text);
    for (size_t i = 0; i < text.len && used + 1 < size; i++) {
        if (text.ptr[i] >= ' ' && text.ptr[i] < 0x7f) {
            out[used++] = text.ptr[i];
        }
    }
    out[used] = '\0';
}

static size_t take_body(char *data, size_t size, size_t count, void *with)
{
    struct buf *body = with;

    buf_put(body, (struct str){data, size * count});
    return body->failed ? 0 : size * count;
}

static void slist_free_at(struct curl_slist **list)
{
    struct client_library curl;

    if (*list && client_library_load(NULL, &curl) == ERR_OK) {
        curl.slist_free(*list);
    }
}

static enum err add_header(const struct client_library *curl, const char *line,
                           struct curl_slist **list)
{
    struct curl_slist *longer = curl->slist_append(*list, line);

    if (!longer) {
        return ERR_MEMORY;
    }
    *list = longer;
    return ERR_OK;
}

static enum err put_headers(const struct client_library *curl, struct arena *arena,
                            const struct client_request *request, struct curl_slist **list)
{
    struct str line;

    for (size_t i = 0; i < ARRAY_LEN(request->headers) && request->headers[i].len > 0; i++) {
        struct str header = request->headers[i];
        if (str_contains(header, '\r') || str_contains(header, '\n') ||
            str_contains(header, '\0')) {
            return ERR_CONFIG;
        }
        TRY(arena_copy(arena, header, &line));
        TRY(add_header(curl, line.ptr, list));
    }
    if (str_is_set(request->body)) {
        TRY(arena_print(arena, &line, "Content-Type: %.*s", STR_ARG(request->type)));
        TRY(add_header(curl, line.ptr, list));
        TRY(add_header(curl, "Expect:", list)); /* nobody waits for a 100 */
    }
    return ERR_OK;
}

static enum err perform(struct http_client *client, struct buf *body, struct reason *reason)
{
    CURLcode code = client->curl.perform(client->handle);
    char words[120];

    if (client->private_refused) {
        return fail(reason, ERR_CONFIG, STR(""), "the address leads into a private network");
    }
    if (body->failed) {
        return fail(reason, ERR_STORE_DOWN, STR(""), "the answer is larger than %zu bytes",
                    client->rules.most);
    }
    http_client_show(words, sizeof words,
                     str_of(client->error[0] ? client->error : client->curl.strerror(code)));
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
        return fail(reason, ERR_CONFIG, STR(""), "%s", words);
    }
    return code == CURLE_OK ? ERR_OK : fail(reason, ERR_STORE_DOWN, STR(""), "%s", words);
}

static enum err take_answer(struct http_client *client, struct arena *arena, const struct buf *body,
                            struct client_answer *ret)
{
    struct client_answer answer;
    const char *type = NULL;
    long status = 0;

    (void)client->curl.getinfo(client->handle, CURLINFO_RESPONSE_CODE, &status);
    (void)client->curl.getinfo(client->handle, CURLINFO_CONTENT_TYPE, &type);
    answer.status = (int)status;
    TRY(arena_copy(arena, str_of(type ? type : ""), &answer.type));
    TRY(buf_end(body, &answer.body));
    *ret = answer;
    return ERR_OK;
}

enum err http_client_fetch(struct http_client *client, struct arena *arena,
                           const struct client_request *request, struct reason *reason,
                           struct client_answer *ret)
{
    CLEANUP(slist_free_at) struct curl_slist *headers = NULL;
    struct buf body = buf_in_arena(arena, client->rules.most);
    const struct client_library *curl = &client->curl;
    struct str url;

    if (str_contains(request->url, '\0')) {
        return fail(reason, ERR_CONFIG, STR(""), "the address has a NUL in it");
    }
    TRY(arena_copy(arena, request->url, &url));
    TRY(put_headers(curl, arena, request, &headers));
    http_client_prepare(client, client->rules.tls == CLIENT_TLS_REQUIRED ? "https" : "http,https");
    (void)curl->setopt(client->handle, CURLOPT_URL, url.ptr);
    (void)curl->setopt(client->handle, CURLOPT_HTTPHEADER, headers);
    (void)curl->setopt(client->handle, CURLOPT_USERAGENT, "signet/" SIGNET_VERSION);
    (void)curl->setopt(client->handle, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl->setopt(client->handle, CURLOPT_WRITEDATA, &body);
    if (str_is_set(request->body)) { /* on an old connection libcurl might send it twice */
        (void)curl->setopt(client->handle, CURLOPT_FRESH_CONNECT, 1L);
        (void)curl->setopt(client->handle, CURLOPT_POSTFIELDSIZE, (long)request->body.len);
        (void)curl->setopt(client->handle, CURLOPT_POSTFIELDS, request->body.ptr);
    }
    TRY(perform(client, &body, reason));
    return take_answer(client, arena, &body, ret);
}

void http_client_library(struct buf *out)
{
    struct client_library library = {0};

    if (client_library_load(NULL, &library) == ERR_OK) {
        buf_put(out, str_of(library.version_info(CURLVERSION_NOW)->version));
    }
}
