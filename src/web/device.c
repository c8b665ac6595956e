/* For browsers alone, and only over TLS or on localhost: that is what __Host- and Secure ask. */
#include "web/device.h"

#include "base/buf.h"

#define NAME "__Host-device"

struct str device_shown(const struct call *c)
{
    return call_cookie(c, STR(NAME));
}

void device_remember(struct call *c, struct str device)
{
    char text[256];
    struct buf cookie = buf_over(text, sizeof text);

    buf_put(&cookie, STR(NAME "="));
    buf_put(&cookie, device);
    buf_put(&cookie, STR("; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000"));
    answer_header(c, STR("Set-Cookie"), buf_str(&cookie));
}
