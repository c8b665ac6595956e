/* What document 001 reads and writes of OAuth, and what it does not have: what one is linked with.
 */
#pragma once

#include "api/gateway/shapes.h"
#include "domain/federation.h"

struct authorize_query {
    struct str redirect_uri;
};
struct authorize_url {
    struct str url;
};
struct authorize_answer {
    struct envelope envelope;
    struct authorize_url data;
};

struct link_body {
    struct str provider;
    struct federation_answer answer;
};

struct identity_shown {
    struct identity identity;
    struct str provider;
};
struct identity_answer {
    struct envelope envelope;
    struct identity_shown data;
};

extern const struct shape gateway_authorize_query_shape, gateway_id_token_shape, gateway_code_shape,
    gateway_link_shape;
extern const struct shape gateway_authorize_answer_shape, gateway_identity_answer_shape,
    gateway_identities_answer_shape;
