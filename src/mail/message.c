/* Headers and parts, in the order in which people read them. */
#include "mail/message.h"

#include "base/buf.h"
#include "mail/encode.h"

enum {
    MESSAGE_MOST = 1 << 20
};

/* Quoted-printable never has "=_", so that no part can contain it. */
#define BOUNDARY "=_part"

static void put_mailbox(struct buf *out, const struct mailbox *mailbox)
{
    if (mailbox->name.text.len > 0) {
        encode_header(out, mailbox->name);
        buf_put(out, STR("\r\n "));
    }
    buf_print(out, "<%.*s>\r\n", STR_ARG(mailbox->address));
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", with the zone as mail has it. */
static void put_date(struct buf *out, struct moment date)
{
    char memory[64];
    struct buf text = buf_over(memory, sizeof memory);

    moment_print_http(&text, date);
    struct str http = buf_str(&text);
    buf_put(out, STR("Date: "));
    buf_put(out, str_sub(http, 0, http.len - 3));
    buf_put(out, STR("+0000\r\n"));
}

static void put_part(struct buf *out, const char *type, struct str text)
{
    buf_print(out,
              "--" BOUNDARY
              "\r\nContent-Type: %s; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
              type);
    encode_body(out, text);
    buf_put(out, STR("\r\n"));
}

enum err message_write(struct arena *arena, const struct message *message, struct str *ret)
{
    struct buf out = buf_in_arena(arena, MESSAGE_MOST);

    put_date(&out, message->date);
    buf_put(&out, STR("From: "));
    put_mailbox(&out, &message->from);
    buf_put(&out, STR("To: "));
    put_mailbox(&out, &message->to);
    buf_put(&out, STR("Subject: "));
    encode_header(&out, message->subject);
    buf_print(&out, "\r\nMessage-ID: <%.*s>\r\n", STR_ARG(message->id.text));
    buf_put(&out, STR("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: multipart/alternative; boundary=\"" BOUNDARY "\"\r\n\r\n"));
    put_part(&out, "text/plain", message->text);
    put_part(&out, "text/html", message->html);
    buf_put(&out, STR("--" BOUNDARY "--\r\n"));
    return buf_end(&out, ret);
}
