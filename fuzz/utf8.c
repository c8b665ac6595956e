/* UTF-8, read by us and by libunistring: both stop at the same byte. And a log line of any bytes is
 * one line of text without control characters, however little room there is for it. */
#include "ops/utf8.h"

#include "fuzz/harness.h"
#include "ops/log_text.h"
#include "text/normal.h"

enum {
    ROOM = 4096
};

static size_t well_formed(struct str text)
{
    struct str rest = text;
    uint32_t code;

    for (size_t length = utf8_decode(rest, &code); length > 0; length = utf8_decode(rest, &code)) {
        PROMISE(length <= rest.len && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff));
        PROMISE((length == 1) == (code < 0x80));
        rest = str_skip(rest, length);
    }
    return text.len - rest.len;
}

static void assert_loggable(struct str text, size_t most, enum log_escape escape)
{
    char *line = malloc(ROOM);

    PROMISE(line);
    struct log_text out = {line, line + ROOM};
    log_text_escaped(&out, text, most, escape);
    PROMISE(out.at >= line && (size_t)(out.at - line) <= most);
    struct str said = {line, (size_t)(out.at - line)};
    PROMISE(text_well_formed(said) == said.len);
    for (size_t i = 0; i < said.len; i++) {
        PROMISE((unsigned char)said.ptr[i] >= 0x20 && said.ptr[i] != 0x7f);
    }
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};

    PROMISE(well_formed(text) == text_well_formed(text));
    for (size_t most = 0; most < ROOM; most = 2 * most + 1) {
        assert_loggable(text, most, ESCAPE_JSON);
        assert_loggable(text, most, ESCAPE_HUMAN);
    }
    return 0;
}
