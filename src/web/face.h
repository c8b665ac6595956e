/* A face: one API, as data. Its routes, the paths it answers for, and how it tells of an error. */
#pragma once

#include "base/err.h"
#include "base/setting.h"
#include "base/str.h"
#include "domain/policy.h"
#include "http/request.h"
#include "model/unit.h"

struct call;
struct shape;

/* Where a request is worked on. */
enum lane {
    NOW,   /* on the I/O thread: memory only */
    STORE, /* on a thread with a connection to the store */
    HASH,  /* likewise, with a hasher: few, and their queue is short */
    AWAY,  /* likewise, with a way out: few, who may wait for other services, and hold nobody up */
    DRAW   /* likewise, for pictures: as few as may be drawn at once, each by a child that has
            * seconds */
};
enum {
    LANES = DRAW + 1
};

/* How often one caller may. */
enum rate_class {
    RATE_ANY,
    RATE_LOGIN,    /* looks at a password: failures of one network are counted */
    RATE_REGISTER, /* makes an account for whoever asks */
    RATE_LETTER,   /* has a letter sent to whom the caller says */
    RATE_LINK      /* looks at a link: those that are none are counted */
};

enum {
    ROUTE_PARAMETERS = 2
};
#define ANY METHOD_NONE /* a row for whatever method comes */

struct route {
    enum http_method method;
    const char *path; /* "/api/v1/admin/:username" */
    enum requirement may;
    enum unit_kind unit;
    enum lane lane;
    enum rate_class rate;
    enum err (*handler)(struct call *c);
    /* Where two faces have the same path: a member that has to be in the JSON body, for the request
     * to be this row's and not that of the other face, which takes all the rest. */
    const char *only_with;
    const char *operation; /* the handler's name, by which contracts know it */
    /* What goes before the unit of work, runs once however often that is run again, and may take
     * long: it asks other services. What it finds out it leaves in `found`. NULL: nothing. */
    enum err (*first)(struct call *c);
    /* What comes in and goes out, named behind the rest: ASKS(page_shape), TAKES(user_shape),
     * GIVES(201, user_shape). read_query, read_body and answer go by it, and so does the contract
     * (web/openapi.h): what is not here can neither be read nor answered. */
    const struct shape *asks;  /* the query */
    const struct shape *takes; /* a JSON body */
    bool takes_nothing_too;    /* or none at all */
    bool takes_form;           /* or, in its place, what a form on a page sends */
    const char *file;          /* a part of multipart/form-data, of at most `file_most` bytes */
    size_t file_most;
    const struct shape *gives;    /* the body of a success, none where it is empty */
    const char *type;             /* of a body that no shape tells */
    int status;                   /* of a success */
    const struct shape *or_gives; /* the body under another status, for an answer of two kinds */
    int or_status;                /* without a body where or_gives is NULL; 0: none */
    /* For the contract alone. The tests hold every answer of a server against it, so that what a
     * row leaves out here fails there. */
    const char *const *sets; /* headers of a success, up to NULL */
    const enum err *fails;   /* what the domain may say; what the pipeline may say, it knows */
    const char *summary, *description;
};
/* NOLINTBEGIN(bugprone-macro-parentheses): they are members of an initialiser. */
#define CALLS(function)        .handler = (function), .operation = #function
#define ONLY_WITH(member)      .only_with = (member)
#define FIRST(function)        .first = (function)
#define ASKS(shape)            .asks = &(shape)
#define TAKES(shape)           .takes = &(shape)
#define TAKES_FORM(shape)      .takes = &(shape), .takes_form = true
#define TAKES_IF_ANY(shape)    .takes = &(shape), .takes_nothing_too = true
#define TAKES_FILE(part, most) .file = (part), .file_most = (most)
#define GIVES(code, shape)     .status = (code), .gives = &(shape)
#define GIVES_NOTHING(code)    .status = (code)
#define GIVES_TEXT(code, mime) .status = (code), .type = (mime)
#define OR_GIVES(code, shape)  .or_status = (code), .or_gives = &(shape)
#define OR_NOTHING(code)       .or_status = (code)
#define SETS(...)                                                                                  \
    .sets = (const char *const[])                                                                  \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define FAILS(...)                                                                                 \
    .fails = (const enum err[])                                                                    \
    {                                                                                              \
        __VA_ARGS__, ERR_OK                                                                        \
    }
#define TELLS(short, long) .summary = (short), .description = (long)
/* NOLINTEND(bugprone-macro-parentheses) */

struct face {
    struct str name;
    const char *about; /* for its contract: what it is, and which document describes it */
    const struct route *routes;
    size_t route_count;
    const struct str *prefixes; /* whose paths it answers for when no route has them */
    size_t prefix_count;
    struct str
        strippable; /* "/id": its paths may come without it, from a gateway that takes it off */
    const struct setting_table *settings; /* begins with a struct face_settings */
    bool can_open;                        /* the settings may open it to those who show no token */
    bool refreshes;                       /* its logins have a refresh token (logged_in.refresh) */
    /* Answers an error in this face's own shape: status, body, and headers that go with it. */
    void (*write_error)(struct call *c, enum err e);
    const struct shape *error_shape; /* that shape; NULL: a line of text/plain */
    const char *error_type;          /* or of this type, where there is no shape */
};
