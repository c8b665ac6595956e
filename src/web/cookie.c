/* SameSite=Lax: a page that sends the browser back to us is another site's. */
#include "web/cookie.h"

#include "base/buf.h"

void cookie_give(struct call *c, struct str name, struct str value, int64_t seconds)
{
    char text[512];
    struct buf cookie = buf_over(text, sizeof text);

    buf_put(&cookie, name);
    buf_put_char(&cookie, '=');
    buf_put(&cookie, value);
    buf_print(&cookie, "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%lld",
              (long long)seconds);
    if (!cookie.failed) {
        answer_header(c, STR("Set-Cookie"), buf_str(&cookie));
    }
}
