/* What several handlers of this face do with a request and its answer. */
#pragma once

#include "api/gateway/shapes.h"
#include "domain/login.h"
#include "model/page.h"
#include "web/call.h"

/* What every answer begins with. */
struct envelope gateway_envelope(const struct call *c, bool success);

/* The id that stands in the path, or ERR_FIELD_VALUE naming it: document 001 says that it is a
 * UUID. */
enum err gateway_read_id(struct call *c, size_t parameter, struct str name, struct id *ret);

/* `limit` from 1 to 100, 20 if it is not there, and `offset`. */
enum err gateway_read_page(struct call *c, struct page *ret);

enum {
    GATEWAY_USUAL_LIMIT = 20 /* where a query names none */
};
/* The same of a query that asks for more than a page. */
enum err gateway_check_page(struct call *c, int64_t limit, int64_t offset, struct page *ret);

/* The piece of a whole list that a page shows. */
struct list_of gateway_slice(const struct list *all, struct page page);

/* An answer without `data`. */
enum err gateway_answer_nothing(struct call *c);

/* A role with the names of its permissions. */
enum err gateway_show_role(struct call *c, const struct role_entry *role, struct role_shown *ret);
enum err gateway_answer_role(struct call *c, const struct role_entry *role);

/* `pending`, `active` or `disabled`. */
struct str gateway_status(enum user_state state);

/* The end of every way in: the first refresh token of the session that was opened, and the data of
 * login. */
enum err gateway_answer_login(struct call *c, const struct logged_in *in);
