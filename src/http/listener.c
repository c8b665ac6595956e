/* Cutting a listen word into address, port and faces. */
#include "http/listener.h"

#include "base/number.h"
#include "http/address.h"

static bool split(struct str place, struct str *ret_address, struct str *ret_port)
{
    struct str inside, behind;

    if (!str_starts(place, STR("["))) {
        return str_cut(place, ':', ret_address, ret_port);
    }
    if (!str_cut(str_skip(place, 1), ']', &inside, &behind) || !str_starts(behind, STR(":"))) {
        return false;
    }
    *ret_address = inside;
    *ret_port = str_skip(behind, 1);
    return str_contains(inside, ':'); /* brackets are for IPv6 */
}

enum err http_listener_parse(struct str word, struct reason *reason, struct http_listener *ret,
                             struct str *ret_faces)
{
    struct str place, faces, address, port;
    struct address known;
    int64_t number;
    bool named = str_cut(word, '=', &place, &faces);

    if (!split(place, &address, &port) || address_parse(address, &known) != ERR_OK ||
        number_parse(port, 0, UINT16_MAX, &number) != ERR_OK || (named && faces.len == 0)) {
        return fail(reason, ERR_CONFIG, STR("http.listen"),
                    "\"%.*s\" is not ADDRESS:PORT or ADDRESS:PORT=FACE,FACE", STR_ARG(word));
    }
    *ret = (struct http_listener){.address = address, .port = (uint16_t)number};
    *ret_faces = named ? faces : (struct str){0};
    return ERR_OK;
}
