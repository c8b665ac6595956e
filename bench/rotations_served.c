/* Refresh tokens of as many callers as the file has lines, each used up as soon as it was given:
 *   rotations-served TOKENS SECONDS PORT
 * Asks POST /id/api/auth/refresh of 127.0.0.1 on a connection for each, checks every answer, and
 * prints one line of JSON. */
#include "base/buf.h"
#include "base/moment.h"
#include "base/number.h"
#include "bench/answer.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    CALLERS_MOST = 64,
    TOKEN_MOST = 256,
    ANSWER_MOST = 8192,
    REQUEST_MOST = 1024
};
#define SECOND INT64_C(1000000000)

struct caller {
    int socket;
    char token[TOKEN_MOST], answer[ANSWER_MOST];
    size_t received;
};

struct run {
    struct caller callers[CALLERS_MOST];
    int count, epoll, waiting;
    int64_t port, until, rotations;
};

static enum err caller_ask(struct caller *caller)
{
    char text[REQUEST_MOST], body[REQUEST_MOST];
    struct buf request = buf_over(text, sizeof text), json = buf_over(body, sizeof body);

    buf_print(&json, "{\"refreshToken\":\"%s\"}", caller->token);
    buf_print(&request,
              "POST /id/api/auth/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\n"
              "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
              json.len, body);
    caller->received = 0;
    return send(caller->socket, text, request.len, MSG_NOSIGNAL) == (ssize_t)request.len
               ? ERR_OK
               : ERR_SYSTEM;
}

static enum err caller_connect(struct run *run, struct caller *caller)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)run->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = caller};
    int on = 1;

    caller->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return caller->socket >= 0 &&
                   setsockopt(caller->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
                   connect(caller->socket, (struct sockaddr *)&to, sizeof to) == 0 &&
                   epoll_ctl(run->epoll, EPOLL_CTL_ADD, caller->socket, &event) == 0
               ? ERR_OK
               : ERR_SYSTEM;
}

/* The successor becomes the caller's token: without one that differs nothing was rotated. */
static enum err caller_take(struct caller *caller, struct str body)
{
    static const char member[] = "\"refreshToken\":\"";
    const char *found = memmem(body.ptr, body.len, member, sizeof member - 1);
    struct str token, rest;

    if (!found) {
        return ERR_TOKEN_INVALID;
    }
    str_cut(str_skip(body, (size_t)(found - body.ptr) + sizeof member - 1), '"', &token, &rest);
    if (token.len == 0 || token.len >= TOKEN_MOST || str_eq(token, str_of(caller->token))) {
        return ERR_TOKEN_INVALID;
    }
    memcpy(caller->token, token.ptr, token.len);
    caller->token[token.len] = '\0';
    return ERR_OK;
}

static enum err caller_read(struct run *run, struct caller *caller)
{
    struct answer answer;

    ssize_t got =
        recv(caller->socket, caller->answer + caller->received, ANSWER_MOST - caller->received, 0);
    if (got <= 0) {
        return ERR_SYSTEM;
    }
    caller->received += (size_t)got;
    struct str received = {caller->answer, caller->received};
    enum answer_state state = answer_read(received, /* to_head= */ false, &answer);
    if (state == ANSWER_PARTIAL ||
        (state == ANSWER_READ && received.len < answer.head + answer.body)) {
        return ERR_OK;
    }
    if (state != ANSWER_READ || answer.status != 200) {
        (void)fprintf(stderr, "rotations-served: %.*s\n", STR_ARG(received));
        return ERR_TOKEN_INVALID;
    }
    TRY(caller_take(caller, str_skip(received, answer.head)));
    run->rotations++;
    if (monotonic_ns() < run->until) {
        return caller_ask(caller);
    }
    run->waiting--;
    return ERR_OK;
}

static enum err read_tokens(struct run *run, const char *path)
{
    FILE *file = fopen(path, "re");

    if (!file) {
        return ERR_SYSTEM;
    }
    while (run->count < CALLERS_MOST && fgets(run->callers[run->count].token, TOKEN_MOST, file)) {
        char *token = run->callers[run->count++].token;
        token[strcspn(token, "\n")] = '\0';
    }
    (void)fclose(file);
    return run->count > 0 ? ERR_OK : ERR_MISSING;
}

static enum err run_all(struct run *run, int64_t seconds, int64_t *ret_elapsed)
{
    struct epoll_event events[CALLERS_MOST];

    for (int i = 0; i < run->count; i++) {
        TRY(caller_connect(run, &run->callers[i]));
    }
    int64_t begun = monotonic_ns();
    run->until = begun + seconds * SECOND;
    for (run->waiting = 0; run->waiting < run->count; run->waiting++) {
        TRY(caller_ask(&run->callers[run->waiting]));
    }
    while (run->waiting > 0) {
        int ready = epoll_wait(run->epoll, events, CALLERS_MOST, /* ms= */ 10000);
        if (ready <= 0) {
            return ERR_SYSTEM;
        }
        for (int i = 0; i < ready; i++) {
            TRY(caller_read(run, events[i].data.ptr));
        }
    }
    *ret_elapsed = monotonic_ns() - begun;
    return ERR_OK;
}

static enum err measure(struct run *run, const char *tokens, int64_t seconds)
{
    int64_t elapsed;

    TRY(read_tokens(run, tokens));
    run->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (run->epoll < 0) {
        return ERR_SYSTEM;
    }
    TRY(run_all(run, seconds, &elapsed));
    printf("{\"callers\": %d, \"rotations\": %lld, \"seconds\": %.6f, \"rate\": %.2f}\n",
           run->count, (long long)run->rotations, (double)elapsed / (double)SECOND,
           (double)run->rotations * (double)SECOND / (double)elapsed);
    return ERR_OK;
}

int main(int count, char **arguments)
{
    struct run *run = calloc(1, sizeof *run);
    int64_t seconds;

    if (!run || count != 4 || number_parse(str_of(arguments[2]), 1, 600, &seconds) != ERR_OK ||
        number_parse(str_of(arguments[3]), 1, UINT16_MAX, &run->port) != ERR_OK) {
        (void)fputs("usage: rotations-served TOKENS SECONDS PORT\n", stderr);
        free(run);
        return 2;
    }
    enum err err = measure(run, arguments[1], seconds);
    if (err != ERR_OK) {
        (void)fprintf(stderr, "rotations-served: %s\n", err_name(err));
    }
    free(run);
    return err == ERR_OK ? 0 : 1;
}
