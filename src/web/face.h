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
    HASH   /* likewise, with a hasher: few, and their queue is short */
};
enum {
    LANES = HASH + 1
};

/* How often one caller may. */
enum rate_class {
    RATE_ANY,
    RATE_LOGIN /* looks at a password: failures of one network are counted */
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
    /* What comes in and goes out, named behind the rest: ASKS(page_shape), TAKES(user_shape),
     * GIVES(201, user_shape). read_query, read_body and answer go by it, and so does the contract
     * that /openapi prints: what is not here can neither be read nor answered. */
    const struct shape *asks;  /* the query */
    const struct shape *takes; /* a JSON body */
    const struct shape *gives; /* the body of a success, none where it is empty */
    int status;                /* of a success */
};
/* NOLINTBEGIN(bugprone-macro-parentheses): they are members of an initialiser. */
#define ASKS(shape)         .asks = &(shape)
#define TAKES(shape)        .takes = &(shape)
#define GIVES(code, shape)  .status = (code), .gives = &(shape)
#define GIVES_NOTHING(code) .status = (code)
/* NOLINTEND(bugprone-macro-parentheses) */

struct face {
    struct str name;
    const struct route *routes;
    size_t route_count;
    const struct str *prefixes; /* whose paths it answers for when no route has them */
    size_t prefix_count;
    const struct setting_table *settings; /* begins with a struct face_settings */
    /* Answers an error in this face's own shape: status, body, and headers that go with it. */
    void (*write_error)(struct call *c, enum err e);
};
