/* What mail can carry: encoded words in headers (RFC 2047) and quoted-printable bodies (RFC 2045),
 * and the way back for what we wrote ourselves. */
#pragma once

#include "mail/line.h"

struct arena;
struct buf;

/* The value of a header: as it is when it is short printable ASCII, else as encoded words, none
 * longer than 75 characters and none ending within a character. */
void encode_header(struct buf *out, struct line line);

/* Lines of at most 76 characters, ended by CRLF. In the text a line ends with LF. */
void encode_body(struct buf *out, struct str text);

/* Both backwards. What is malformed stays as it is. */
enum err decode_header(struct arena *arena, struct str value, struct str *ret);
enum err decode_body(struct arena *arena, struct str body, struct str *ret);
