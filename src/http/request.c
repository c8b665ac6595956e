/* Methods by name, headers by name. */
#include "http/request.h"

static const struct str names[] = {
    [METHOD_NONE] = {"",        0},
      [GET] = {"GET",     3},
      [HEAD] = {"HEAD",    4},
    [POST] = {"POST",    4},
      [PUT] = {"PUT",     3},
      [PATCH] = {"PATCH",   5},
    [DELETE] = {"DELETE",  6},
      [OPTIONS] = {"OPTIONS", 7},
      [METHOD_OTHER] = {"OTHER",   5},
};

struct str http_method_name(enum http_method method)
{
    return names[method];
}

struct str http_header(const struct http_request *request, struct str name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (str_eq_nocase(request->headers[i].name, name)) {
            return request->headers[i].value;
        }
    }
    return (struct str){0};
}
