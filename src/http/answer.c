/* Building the head of an answer, and keeping track of what of it was sent. */
#include "http/answer.h"

#include "http/chars.h"

#include <string.h>

#define TEXT(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* clang-format off */
static const struct {
    int status;
    struct str text;
} statuses[] = { /* the commonest first: it is searched from the front */
    {200, TEXT("OK")},
    {401, TEXT("Unauthorized")},
    {204, TEXT("No Content")},
    {201, TEXT("Created")},
    {403, TEXT("Forbidden")},
    {404, TEXT("Not Found")},
    {400, TEXT("Bad Request")},
    {302, TEXT("Found")},
    {303, TEXT("See Other")},
    {304, TEXT("Not Modified")},
    {429, TEXT("Too Many Requests")},
    {409, TEXT("Conflict")},
    {422, TEXT("Unprocessable Content")},
    {503, TEXT("Service Unavailable")},
    {500, TEXT("Internal Server Error")},
    {202, TEXT("Accepted")},
    {301, TEXT("Moved Permanently")},
    {307, TEXT("Temporary Redirect")},
    {308, TEXT("Permanent Redirect")},
    {405, TEXT("Method Not Allowed")},
    {406, TEXT("Not Acceptable")},
    {408, TEXT("Request Timeout")},
    {410, TEXT("Gone")},
    {411, TEXT("Length Required")},
    {412, TEXT("Precondition Failed")},
    {413, TEXT("Content Too Large")},
    {414, TEXT("URI Too Long")},
    {415, TEXT("Unsupported Media Type")},
    {417, TEXT("Expectation Failed")},
    {431, TEXT("Request Header Fields Too Large")},
    {501, TEXT("Not Implemented")},
    {502, TEXT("Bad Gateway")},
    {504, TEXT("Gateway Timeout")},
    {505, TEXT("HTTP Version Not Supported")},
    {507, TEXT("Insufficient Storage")},
};
/* clang-format on */

struct str answer_status_text(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        if (statuses[i].status == status) {
            return statuses[i].text;
        }
    }
    return STR(""); /* the text is optional (RFC 9112, 4) */
}

void exchange_header(struct exchange *x, struct str name, struct str value)
{
    if (name.len == 0 || !chars_are(name, CHARS_TOKEN) || !chars_are(value, CHARS_VALUE)) {
        x->headers.failed = true; /* answer_build makes the 500 of it */
        return;
    }
    buf_put(&x->headers, name);
    buf_put(&x->headers, STR(": "));
    buf_put(&x->headers, value);
    buf_put(&x->headers, STR("\r\n"));
}

static void become_internal_error(struct exchange *x)
{
    x->status = 500;
    x->body = (struct str){0};
    x->close = true;
    x->headers.len = 0;
    x->headers.failed = false;
    buf_put(&x->headers, STR("\r\n"));
}

static bool tells_length(const struct exchange *x)
{
    /* A 204 has none (RFC 9110, 8.6); a 304 tells that of the 200 it stands for, if it is known. */
    return x->status != 204 && (x->status != 304 || x->body.len > 0);
}

static bool sends_body(const struct exchange *x)
{
    return x->body.len > 0 && x->request.method != HEAD && x->status != 204 && x->status != 304;
}

static void put_head(struct buf *head, const struct exchange *x, struct str date)
{
    buf_put(head, STR("HTTP/1.1 "));
    buf_put_int(head, x->status);
    buf_put_char(head, ' ');
    buf_put(head, answer_status_text(x->status));
    buf_put(head, STR("\r\n"));
    buf_put(head, date);
    if (tells_length(x)) {
        buf_put(head, STR("Content-Length: "));
        buf_put_int(head, (int64_t)x->body.len);
        buf_put(head, STR("\r\n"));
    }
    if (x->close) {
        buf_put(head, STR("Connection: close\r\n"));
    } else if (x->request.minor == 0) {
        buf_put(head, STR("Connection: keep-alive\r\n"));
    }
}

/* Behind what was written last, if it fits and that was no part of its own. */
static void add_part(struct answer *answer, struct str text)
{
    if (answer->count == 1 && text.len <= sizeof answer->head - answer->head_len) {
        memcpy(answer->head + answer->head_len, text.ptr, text.len);
        answer->head_len += text.len;
        answer->parts[0].iov_len = answer->head_len;
        return;
    }
    struct iovec *part = &answer->parts[answer->count++];
    memcpy(&part->iov_base, &text.ptr, sizeof part->iov_base); /* it has no const, but only reads */
    part->iov_len = text.len;
}

void answer_build(struct answer *answer, struct exchange *x, struct str date)
{
    struct buf head = buf_over(answer->head, sizeof answer->head);

    buf_put(&x->headers, STR("\r\n"));
    if (x->headers.failed || x->status < 200 || x->status > 599) {
        become_internal_error(x);
    }
    put_head(&head, x, date);
    answer->head_len = head.len;
    answer->parts[0] = (struct iovec){.iov_base = answer->head, .iov_len = head.len};
    answer->next = 0;
    answer->count = 1;
    add_part(answer, buf_str(&x->headers));
    if (sends_body(x)) {
        add_part(answer, x->body);
    }
}

void answer_wipe(struct answer *answer)
{
    explicit_bzero(answer->head, answer->head_len);
    answer->head_len = 0;
}

bool answer_advance(struct answer *answer, size_t sent)
{
    while (answer->next < answer->count) {
        struct iovec *part = &answer->parts[answer->next];
        if (sent < part->iov_len) {
            part->iov_base = (char *)part->iov_base + sent;
            part->iov_len -= sent;
            return false;
        }
        sent -= part->iov_len;
        answer->next++;
    }
    return true;
}
