/* OAuth's objects, member by member. */
#include "api/gateway/federation_shapes.h"

enum {
    URL_MOST = 2048,
    TOKEN_MOST = 16384,
    STATE_MOST = 1024
};

/* clang-format off */
static const struct field authorize_query_fields[] = {
    FIELD(struct authorize_query, redirect_uri, "redirect_uri", REQUIRED, .most = URL_MOST),
};

static const struct field id_token_fields[] = {
    FIELD(struct federation_answer, id_token, "id_token", REQUIRED, .most = TOKEN_MOST),
    FIELD(struct federation_answer, state,    "state",    OPTIONAL, .most = STATE_MOST),
};

static const struct field code_fields[] = {
    FIELD(struct federation_answer, code,         "code",         REQUIRED, .most = URL_MOST),
    FIELD(struct federation_answer, redirect_uri, "redirect_uri", REQUIRED, .most = URL_MOST),
    FIELD(struct federation_answer, state,        "state",        OPTIONAL, .most = STATE_MOST),
};

static const struct field link_fields[] = {
    FIELD(struct link_body, provider,            "provider",     REQUIRED),
    FIELD(struct link_body, answer.id_token,     "id_token",     OPTIONAL, .most = TOKEN_MOST),
    FIELD(struct link_body, answer.code,         "code",         OPTIONAL, .most = URL_MOST),
    FIELD(struct link_body, answer.redirect_uri, "redirect_uri", OPTIONAL, .most = URL_MOST),
    FIELD(struct link_body, answer.state,        "state",        OPTIONAL, .most = STATE_MOST),
};

static const struct field authorize_fields[] = {
    FIELD(struct authorize_url, url, "authorizeUrl", REQUIRED),
};
static const struct shape authorize_shape = SHAPE(authorize_fields, MOMENT_MILLIS);

static const struct field authorize_answer_fields[] = {
    ENVELOPE(struct authorize_answer),
    OBJECT_FIELD(struct authorize_answer, data, "data", authorize_shape, REQUIRED),
};

static const struct field identity_fields[] = {
    FIELD(struct identity_shown, identity.id,     "id",       REQUIRED),
    FIELD(struct identity_shown, provider,        "provider", REQUIRED),
    FIELD(struct identity_shown, identity.issuer, "issuer",   REQUIRED),
    FIELD(struct identity_shown, identity.email,  "email",    OPTIONAL),
    FIELD(struct identity_shown, identity.linked, "linkedAt", REQUIRED),
    FIELD(struct identity_shown, identity.used,   "usedAt",   REQUIRED),
};
static const struct shape identity_shape = SHAPE(identity_fields, MOMENT_MILLIS);

static const struct field identity_answer_fields[] = {
    ENVELOPE(struct identity_answer),
    OBJECT_FIELD(struct identity_answer, data, "data", identity_shape, REQUIRED),
};

static const struct field identities_fields[] = {
    LIST_FIELD(struct list_of, items, "items", identity_shape),
    FIELD(struct list_of, total,      "total", REQUIRED),
};
static const struct shape identities_shape = SHAPE(identities_fields, MOMENT_MILLIS);

static const struct field identities_answer_fields[] = {
    ENVELOPE(struct list_answer),
    OBJECT_FIELD(struct list_answer, data, "data", identities_shape, REQUIRED),
};
/* clang-format on */

const struct shape gateway_authorize_query_shape = SHAPE(authorize_query_fields, MOMENT_MILLIS);
const struct shape gateway_id_token_shape = SHAPE(id_token_fields, MOMENT_MILLIS);
const struct shape gateway_code_shape = SHAPE(code_fields, MOMENT_MILLIS);
const struct shape gateway_link_shape = SHAPE(link_fields, MOMENT_MILLIS);
const struct shape gateway_authorize_answer_shape = SHAPE(authorize_answer_fields, MOMENT_MILLIS);
const struct shape gateway_identity_answer_shape = SHAPE(identity_answer_fields, MOMENT_MILLIS);
const struct shape gateway_identities_answer_shape = SHAPE(identities_answer_fields, MOMENT_MILLIS);
