/* Document 001's users. */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "api/gateway/user_shapes.h"
#include "base/arena.h"
#include "domain/profile.h"

static void show(const struct person *person, struct user_shown *ret)
{
    *ret = (struct user_shown){
        .user = person->user,
        .role = person->role,
        .status = gateway_status(person->user.state),
    };
}

static enum err answer_person(struct call *c, const struct person *person)
{
    struct user_answer out = {.envelope = gateway_envelope(c, true)};

    show(person, &out.data);
    return answer(c, &out);
}

/* The words of the query, and those of a user: `inactive` is whoever waits or was stopped. */
static enum err read_states(struct call *c, struct str word, unsigned *ret)
{
    const unsigned pending = 1U << USER_PENDING_ACTIVATION | 1U << USER_PENDING_VERIFICATION;
    const struct {
        struct str word;
        unsigned states;
    } words[] = {
        {STR(""),          0                                         },
        {STR("active"),    1U << USER_ACTIVE                         },
        {STR("inactive"),  pending | 1U << USER_INACTIVE             },
        {STR("suspended"), 1U << USER_SUSPENDED                      },
        {STR("pending"),   pending                                   },
        {STR("disabled"),  1U << USER_INACTIVE | 1U << USER_SUSPENDED},
    };

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (str_eq(word, words[i].word)) {
            *ret = words[i].states;
            return ERR_OK;
        }
    }
    return ctx_fail(&c->ctx, ERR_FIELD_VALUE, STR("status"), "no status of a user");
}

static enum err read_list(struct call *c, struct person_query *ret)
{
    struct users_query in = {.limit = GATEWAY_USUAL_LIMIT};

    TRY(read_query(c, &in));
    TRY(gateway_check_page(c, in.limit, in.offset, &ret->page));
    TRY(read_states(c, in.status, &ret->states));
    ret->organization = in.organization;
    ret->email = in.email.key;
    return ERR_OK;
}

enum err gateway_get_users(struct call *c)
{
    struct list_answer out = {.envelope = gateway_envelope(c, true)};
    struct person_query query = {0};
    struct person_page found;

    TRY(read_list(c, &query));
    TRY(person_list(&c->ctx, &query, &found));
    struct user_shown *shown = arena_array(c->ctx.arena, found.count + 1, sizeof *shown);
    if (!shown) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < found.count; i++) {
        show(&found.people[i], &shown[i]);
    }
    out.data = (struct list_of){LIST(shown, found.count), found.total};
    return answer(c, &out);
}

static enum err answer_user(struct call *c, struct id id)
{
    struct person found;

    TRY(person_get(&c->ctx, id, &found));
    return answer_person(c, &found);
}

enum err gateway_get_me(struct call *c)
{
    return answer_user(c, c->ctx.actor.user);
}

enum err gateway_get_user(struct call *c)
{
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    return answer_user(c, id);
}

enum err gateway_post_user(struct call *c)
{
    struct new_person in = {0};
    struct person made;

    TRY(read_body(c, &in));
    TRY(person_create(&c->ctx, &in, &made));
    return answer_person(c, &made);
}

enum err gateway_put_user(struct call *c)
{
    struct user_update in = {0};
    struct person changed;
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(read_body(c, &in));
    /* Null clears what can be without, and leaves the rest as it is. */
    struct person_change change = {
        .password = in.password,
        .email = in.email_is == PRESENCE_VALUE ? &in.email : NULL,
        .first_name = in.first_name_is == PRESENCE_ABSENT ? NULL : &in.first_name,
        .last_name = in.last_name_is == PRESENCE_ABSENT ? NULL : &in.last_name,
        .role = in.role_is == PRESENCE_VALUE ? &in.role : NULL,
        .organization = in.organization_is == PRESENCE_ABSENT ? NULL : &in.organization,
    };
    TRY(person_change(&c->ctx, id, &change, &changed));
    return answer_person(c, &changed);
}

enum err gateway_delete_user(struct call *c)
{
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(profile_delete(&c->ctx, id));
    return gateway_answer_nothing(c);
}
