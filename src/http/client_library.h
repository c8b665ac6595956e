/* libcurl, loaded only when something is sent: it brings two dozen libraries along, for protocols
 * that are of no use here, which a process that sends nothing need not carry. The one file that
 * includes curl/curl.h; nothing is linked with it. */
#pragma once

#include "base/err.h"

#include <curl/curl.h>

/* Our name of each function that is used, and libcurl's. Its macros that check the types of options
 * are not for calls through a pointer. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#define CLIENT_FUNCTIONS(X)                                                                        \
    X(global_init, curl_global_init)                                                               \
    X(global_cleanup, curl_global_cleanup)                                                         \
    X(version_info, curl_version_info)                                                             \
    X(init, curl_easy_init)                                                                        \
    X(cleanup, curl_easy_cleanup)                                                                  \
    X(reset, curl_easy_reset)                                                                      \
    X(setopt, curl_easy_setopt)                                                                    \
    X(getinfo, curl_easy_getinfo)                                                                  \
    X(perform, curl_easy_perform)                                                                  \
    X(strerror, curl_easy_strerror)                                                                \
    X(slist_append, curl_slist_append)                                                             \
    X(slist_free, curl_slist_free_all)

/* Each has the type that libcurl's own header gives it. */
struct client_library {
#define FUNCTION(name, function) __typeof__(function) *(name);
    CLIENT_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* From any thread, as often as one likes: from the second time on it only looks the names up. The
 * library stays loaded to the end. ERR_CONFIG: it is not installed, or too old. */
enum err client_library_load(struct reason *reason, struct client_library *ret);
