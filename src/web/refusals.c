/* For tests: see refusals.h. */
#include "web/refusals.h"

#include "base/arena.h"
#include "web/refusal.h"

#include <stdlib.h>
#include <string.h>

const enum err every_error[ERRORS] = {
#define X(name, class, text) name,
    ERR_TABLE(X)
#undef X
};

struct mock *refusal_of(const struct face *face, enum err e, const char *field,
                        const struct shape *body)
{
    static struct mock mock;

    mock_destroy(&mock);
    mock_make(&mock);
    mock_ask(&mock, POST, "/where/it/was");
    mock.call.face = face;
    mock.call.body = body;
    mock.call.request_id = STR("request-7");
    mock.call.ctx.now = (struct moment){1};
    mock.call.ctx.reason =
        (struct reason){.err = e, .field = str_of(field), .detail = REFUSAL_DETAIL};
    face->write_error(&mock.call, e);
    return &mock;
}

static const struct face *face_of(void **state)
{
    const struct face *const *face = *state;

    return *face;
}

void an_error_has_the_status_of_its_class(void **state)
{
    for (size_t i = 0; i < ERRORS; i++) {
        struct mock *mock = refusal_of(face_of(state), every_error[i], NULL, NULL);
        assert_int_equal(mock->x.status, refusal_status(every_error[i]));
    }
}

void no_error_tells_what_is_for_the_log(void **state)
{
    for (size_t i = 0; i < ERRORS; i++) {
        struct mock *mock = refusal_of(face_of(state), every_error[i], "password", NULL);
        struct str body;
        assert_ok(arena_copy(mock->x.arena, mock->x.body, &body));
        assert_null(strstr(body.ptr, REFUSAL_DETAIL));
        assert_null(strstr(body.ptr, err_name(every_error[i])));
        if (err_class(every_error[i]) == CLASS_INTERNAL) {
            assert_non_null(strcasestr(body.ptr, "internal error"));
        }
    }
}

void whoever_is_not_known_is_told_how_to_say_who_they_are(void **state)
{
    for (size_t i = 0; i < ERRORS; i++) {
        struct mock *mock = refusal_of(face_of(state), every_error[i], NULL, NULL);
        const char *challenge = mock_header(mock, "WWW-Authenticate");
        assert_int_equal(challenge != NULL, mock->x.status == 401);
        assert_true(!challenge || strcmp(challenge, "Bearer") == 0);
    }
}

void without_memory_the_status_is_still_told(void **state)
{
    for (size_t i = 0; i < ERRORS; i++) {
        struct mock *mock = refusal_of(face_of(state), every_error[i], "password", NULL);
        int status = mock->x.status;
        mock->x.status = 0;
        mock->x.body = STR("");
        arena_destroy(mock->x.arena);
        mock->call.ctx.arena = mock->x.arena = arena_create(1, 1);
        mock->call.face->write_error(&mock->call, every_error[i]);
        assert_int_equal(mock->x.status, status);
        assert_int_equal(mock->x.body.len, 0);
    }
}
