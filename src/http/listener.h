/* A word of the setting http.listen. */
#pragma once

#include "http/server.h"

/* ADDRESS:PORT or ADDRESS:PORT=FACE,FACE; IPv6 as [::1]:PORT. Faces are given back as text, without
 * any when the word names none. The slices point into the word. ERR_CONFIG with a reason. */
enum err http_listener_parse(struct str word, struct reason *reason, struct http_listener *ret,
                             struct str *ret_faces);
