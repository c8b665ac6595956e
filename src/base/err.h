/* The one table of everything that can go wrong, and the way a reason travels.
 *
 * A new error is one row here; its class gives it a status and a place in every face. */
#pragma once

#include "base/str.h"

#include <stdint.h>

/* What kind of failure it is, before any face gives it a number. */
enum err_class {
    CLASS_NONE,
    CLASS_INPUT,           /* the caller sent something that cannot be right */
    CLASS_UNAUTHENTICATED, /* we do not know who this is */
    CLASS_FORBIDDEN,       /* we know, and it is not theirs to do */
    CLASS_MISSING,         /* there is no such thing, or none that they may see */
    CLASS_CONFLICT,        /* right in itself, but not as things stand */
    CLASS_TOO_MANY,        /* right, but too often */
    CLASS_UNAVAILABLE,     /* we could not do it now; it may be tried again */
    CLASS_INTERNAL         /* our fault */
};

/* clang-format off */
/*    name                     class                  what a client may be told */
#define ERR_TABLE(X)                                                                               \
    X(ERR_OK,                  CLASS_NONE,            "ok")                                        \
    /* framing and bodies */                                                                       \
    X(ERR_REQUEST_MALFORMED,   CLASS_INPUT,           "malformed request")                         \
    X(ERR_REQUEST_TIMEOUT,     CLASS_INPUT,           "the request took too long")                 \
    X(ERR_HEADERS_LARGE,       CLASS_INPUT,           "request header fields too large")           \
    X(ERR_TARGET_LONG,         CLASS_INPUT,           "request target too long")                   \
    X(ERR_METHOD_UNKNOWN,      CLASS_INPUT,           "method not implemented")                    \
    X(ERR_VERSION_UNKNOWN,     CLASS_INPUT,           "HTTP version not supported")                \
    X(ERR_LENGTH_REQUIRED,     CLASS_INPUT,           "length required")                           \
    X(ERR_EXPECTATION,         CLASS_INPUT,           "expectation failed")                        \
    X(ERR_BODY_LARGE,          CLASS_INPUT,           "request body too large")                    \
    X(ERR_BODY_TYPE,           CLASS_INPUT,           "request body must be application/json")     \
    X(ERR_BODY_MALFORMED,      CLASS_INPUT,           "request body is not valid JSON")            \
    X(ERR_FORM_TYPE,           CLASS_INPUT,           "request body must be multipart/form-data")  \
    X(ERR_FORM_MALFORMED,      CLASS_INPUT,           "request body is not valid form data")       \
    X(ERR_PICTURE_TYPE,        CLASS_INPUT,           "the picture is no PNG, JPEG, WebP or GIF")  \
    X(ERR_PICTURE_LARGE,       CLASS_INPUT,           "the picture is too large")                  \
    X(ERR_FIELD_MISSING,       CLASS_INPUT,           "a required member is missing")              \
    X(ERR_FIELD_TYPE,          CLASS_INPUT,           "a member has the wrong type")               \
    X(ERR_FIELD_VALUE,         CLASS_INPUT,           "a member has a value that is not allowed")  \
    X(ERR_PASSWORD_SHORT,      CLASS_INPUT,           "password must have at least 8 characters")  \
    X(ERR_PASSWORD_LONG,       CLASS_INPUT,           "password must have at most 256 characters") \
    X(ERR_PASSWORD_COMMON,     CLASS_INPUT,           "password is too easy to guess")             \
    X(ERR_ROLE_UNKNOWN,        CLASS_INPUT,           "no such role")                              \
    X(ERR_PERMISSION_UNKNOWN,  CLASS_INPUT,           "no such permission")                        \
    X(ERR_LINK,                CLASS_INPUT,           "the link is invalid or has expired")        \
    /* who is it */                                                                                \
    X(ERR_TOKEN_MISSING,       CLASS_UNAUTHENTICATED, "authentication required")                   \
    X(ERR_TOKEN_INVALID,       CLASS_UNAUTHENTICATED, "invalid or expired token")                  \
    X(ERR_CREDENTIALS,         CLASS_UNAUTHENTICATED, "invalid username or password")              \
    X(ERR_CURRENT_PASSWORD,    CLASS_UNAUTHENTICATED, "current password is incorrect")             \
    /* may they */                                                                                 \
    X(ERR_FORBIDDEN,           CLASS_FORBIDDEN,       "forbidden")                                 \
    X(ERR_ACCOUNT_STATE,       CLASS_FORBIDDEN,       "the account is not active")                 \
    X(ERR_ELSEWHERE,           CLASS_FORBIDDEN,       "the account belongs elsewhere")             \
    /* is it there */                                                                              \
    X(ERR_NO_ROUTE,            CLASS_MISSING,         "not found")                                 \
    X(ERR_METHOD,              CLASS_INPUT,           "method not allowed")                        \
    X(ERR_MISSING,             CLASS_MISSING,         "not found")                                 \
    /* as things stand */                                                                          \
    X(ERR_TAKEN,               CLASS_CONFLICT,        "already exists")                            \
    X(ERR_USERNAME_TAKEN,      CLASS_CONFLICT,        "username already exists")                   \
    X(ERR_EMAIL_TAKEN,         CLASS_CONFLICT,        "email already exists")                      \
    X(ERR_LAST_ADMIN,          CLASS_CONFLICT,        "the last active administrator must stay")   \
    X(ERR_IN_USE,              CLASS_CONFLICT,        "still in use")                              \
    X(ERR_BUILT_IN,            CLASS_CONFLICT,        "it comes with the service and stays")       \
    X(ERR_TOO_MANY,            CLASS_TOO_MANY,        "too many attempts")                         \
    /* not now */                                                                                  \
    X(ERR_BUSY,                CLASS_UNAVAILABLE,     "overloaded, try again")                     \
    X(ERR_STORE_DOWN,          CLASS_UNAVAILABLE,     "the store is unavailable")                  \
    X(ERR_PROVIDER,            CLASS_UNAVAILABLE,     "the provider does not answer, try again")   \
    X(ERR_STORE_FULL,          CLASS_UNAVAILABLE,     "storage_full")                              \
    X(ERR_STORE_RETRY,         CLASS_UNAVAILABLE,     "overloaded, try again")                     \
    /* never the caller's fault */                                                                 \
    X(ERR_MEMORY,              CLASS_UNAVAILABLE,     "overloaded, try again")                     \
    X(ERR_STORE,               CLASS_INTERNAL,        "internal error")                            \
    X(ERR_CRYPTO,              CLASS_INTERNAL,        "internal error")                            \
    X(ERR_SYSTEM,              CLASS_INTERNAL,        "internal error")                            \
    X(ERR_CONFIG,              CLASS_INTERNAL,        "internal error")

enum [[nodiscard]] err {
#define X(name, class, text) name,
    ERR_TABLE(X)
#undef X
};

/* clang-format on */
enum {
    ERRORS = ERR_CONFIG + 1 /* err.c sees to it that no row stands behind that */
};

enum err_class err_class(enum err e);
const char *err_name(enum err e); /* "ERR_OK": for logs and metrics, never for clients */
const char *err_text(enum err e); /* what a client may be told */

/* Why something failed, noted where it was found. `field` names the member of the request that is
 * at fault; `detail` is for the log alone. */
struct reason {
    enum err err;
    struct str field;    /* points to static text or into the request's arena */
    int64_t retry_after; /* seconds, with CLASS_TOO_MANY and CLASS_UNAVAILABLE; 0 is unknown */
    char detail[160];
};

/* Notes the reason and returns `e`, so that a function can end with it. The first reason wins:
 * cleaning up after a failure never covers it. `reason` may be NULL; `field` may have no text. */
enum err fail(struct reason *reason, enum err e, struct str field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Returns from the calling function with the error, if there is one. The only macro that does. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum err try_err_ = (call);                                                                \
        if (try_err_ != ERR_OK) {                                                                  \
            return try_err_;                                                                       \
        }                                                                                          \
    } while (0)

/* A local that owns something names here the function that lets go of it; it gets a pointer to
 * the local, as the attribute has it. */
#define CLEANUP(function) __attribute__((cleanup(function)))
