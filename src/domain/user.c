/* Accounts: made, found, changed, stopped, deleted. */
#include "domain/user.h"

#include "base/buf.h"
#include "crypto/hasher.h"
#include "domain/attempt.h"
#include "domain/event.h"
#include "domain/link.h"
#include "domain/note.h"
#include "domain/password.h"
#include "domain/policy.h"
#include "domain/roster.h"
#include "domain/session.h"
#include "model/organization.h"
#include "store/queries.h"
#include "store/store.h"
#include "text/date.h"

/* The two kinds of name share one space when people log in, so that a username that looks like an
 * address must not be somebody else's. */
static enum err names_agree(struct ctx *ctx, const struct new_user *in)
{
    if (username_is_address(&in->username) && !str_eq(in->username.key, in->email.key)) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("username"),
                        "an address as username has to be the account's own");
    }
    if (!str_is_set(in->username.key) && !str_is_set(in->email.key)) {
        return ctx_fail(ctx, ERR_FIELD_MISSING, STR("username"), "neither a name nor an address");
    }
    return ERR_OK;
}

static enum err birth_date_is_right(struct ctx *ctx, struct str date)
{
    if (str_is_set(date) && !date_is_real(date)) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("dob"), "no date of the form 1990-01-31");
    }
    return ERR_OK;
}

/* The store decides, and this may come too early to see it. It is asked only so that of two taken
 * names the same one is told whatever the engine. */
static enum err username_is_free(struct ctx *ctx, const struct username *username)
{
    struct user other;

    enum err e = q_user_by_login(ctx->tx, username->key, (struct str){0}, &other);
    if (e == ERR_OK) {
        return ctx_fail(ctx, ERR_USERNAME_TAKEN, STR("username"), "username in use");
    }
    return e == ERR_MISSING ? ERR_OK : e;
}

static enum err which_is_taken(struct ctx *ctx)
{
    if (str_eq(tx_conflict(ctx->tx), STR("users_email_key"))) {
        return ctx_fail(ctx, ERR_EMAIL_TAKEN, STR("email"), "address in use");
    }
    return ctx_fail(ctx, ERR_USERNAME_TAKEN, STR("username"), "username in use");
}

static enum err user_insert(struct ctx *ctx, const struct user *user)
{
    if (str_is_set(user->username.key)) {
        TRY(username_is_free(ctx, &user->username));
    }
    enum err e = q_user_insert(ctx->tx, user);
    return e == ERR_TAKEN ? which_is_taken(ctx) : e;
}

enum err user_create(struct ctx *ctx, const struct new_user *in, struct user *ret)
{
    bool has_password = in->password.hidden.ptr != NULL;
    struct password_hash hash;
    struct user user = {
        .username = in->username,
        .email = in->email,
        .claimed = in->claimed,
        .state = in->state ? in->state : USER_ACTIVE,
        .first_name = in->first_name,
        .last_name = in->last_name,
        .phone = in->phone,
        .birth_date = in->birth_date,
        .bio = in->bio,
        .avatar = in->avatar,
        .organization = in->organization,
        .created = ctx->now,
        .updated = ctx->now,
    };

    TRY(names_agree(ctx, in));
    TRY(birth_date_is_right(ctx, in->birth_date));
    if (has_password) { /* slow: no lock is held yet */
        TRY(password_prepare(ctx, &user, in->password, &hash));
    }
    TRY(id_make(ctx->now, &user.id));
    TRY(user_insert(ctx, &user));
    if (has_password) {
        TRY(password_store(ctx, user.id, &hash));
    }
    TRY(event(ctx, EVENT_USER_CREATED, user.id));
    TRY(id_is_set(in->organization) ? event(ctx, EVENT_USER_MOVED, user.id) : ERR_OK);
    *ret = user;
    return ERR_OK;
}

enum err user_find(struct ctx *ctx, struct str name, struct user *ret)
{
    struct username username = {0};
    struct email email = {0};
    enum err as_name = username_parse(ctx->arena, name, &username);
    enum err as_address = email_parse(ctx->arena, name, &email);

    if (as_name != ERR_OK && as_address != ERR_OK) {
        return as_name == ERR_MEMORY || as_address == ERR_MEMORY ? ERR_MEMORY : ERR_MISSING;
    }
    return q_user_by_login(ctx->tx, username.key, email.key, ret);
}

enum err user_get(struct ctx *ctx, struct id id, struct user *ret)
{
    return q_user_by_id(ctx->tx, id, ret);
}

enum err user_may_enter(struct ctx *ctx, const struct user *user)
{
    struct organization_is_suspended_row row;

    if (!user_state_may_enter(user->state)) {
        return ctx_fail(ctx, ERR_ACCOUNT_STATE, STR(""), "%.*s",
                        STR_ARG(user_state_name(user->state)));
    }
    enum err e = id_is_set(user->organization)
                     ? q_organization_is_suspended(ctx->tx, user->organization, &row)
                     : ERR_MISSING;
    if (e == ERR_OK) {
        return ctx_fail(ctx, ERR_ACCOUNT_STATE, STR(""), "their organization is suspended");
    }
    return e == ERR_MISSING ? ERR_OK : e;
}

/* Between the look and the write there was time for others, such as a password takes to be hashed:
 * nothing of theirs is written over, and the unit is begun again. */
static enum err as_it_was_read(struct ctx *ctx, enum err e)
{
    return e == ERR_MISSING ? ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "changed meanwhile") : e;
}

enum err user_change(struct ctx *ctx, const struct user *old, struct user *user)
{
    TRY(birth_date_is_right(ctx, user->birth_date));
    user->updated = ctx->now;
    const struct user_edit edit = {.from = *old, .to = *user};
    TRY(as_it_was_read(ctx, q_user_update(ctx->tx, &edit)));
    return event(ctx, EVENT_USER_UPDATED, user->id);
}

static enum err address_as_username(struct ctx *ctx, const struct email *email,
                                    struct username *ret)
{
    enum err e = username_parse(ctx->arena, email->shown, ret);

    if (e == ERR_FIELD_VALUE) {
        *ret = (struct username){0}; /* known by the address alone */
        return ERR_OK;
    }
    return e;
}

enum err user_change_email(struct ctx *ctx, struct user *user, const struct email *email)
{
    struct user_edit edit = {.from = *user, .to = *user};
    struct user *changed = &edit.to;

    if (str_eq(email->shown, user->email.shown)) {
        return ERR_OK;
    }
    changed->email = *email;
    changed->updated = ctx->now;
    if (!str_eq(email->key, user->email.key)) {
        changed->verified = (struct moment){0};
        changed->corporate = false;
        changed->claimed = false; /* whoever may write it says that it is theirs */
    }
    if (username_is_address(&user->username)) {
        TRY(address_as_username(ctx, email, &changed->username));
    }
    enum err e = q_user_set_email(ctx->tx, &edit);
    if (e == ERR_TAKEN) { /* as either name, for the username that goes along is the address */
        return ctx_fail(ctx, ERR_EMAIL_TAKEN, STR("email"), "address in use");
    }
    TRY(as_it_was_read(ctx, e));
    *user = *changed;
    return event(ctx, EVENT_USER_UPDATED, user->id);
}

enum err user_move(struct ctx *ctx, struct user *user, struct id organization)
{
    struct organization_is_suspended_row row;

    enum err e = q_user_move(ctx->tx, organization, ctx->now, user->id, user->organization);
    if (e != ERR_OK) {
        return e == ERR_MISSING ? ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "moved meanwhile") : e;
    }
    user->organization = organization;
    user->updated = ctx->now;
    e = id_is_set(organization) ? q_organization_is_suspended(ctx->tx, organization, &row)
                                : ERR_MISSING;
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    TRY(e == ERR_OK ? policy_keeps_an_admin(ctx, user->id) : ERR_OK);
    return event(ctx, EVENT_USER_MOVED, user->id);
}

/* Wrong current passwords are counted like wrong logins, in the same place. */
static enum err current_is_right(struct ctx *ctx, const struct user *user,
                                 const struct password_change *in, struct attempt *ret)
{
    bool right;

    TRY(attempt_look(ctx, user->id, STR(""), in->device, ret));
    TRY(attempt_claim(ctx, ret));
    TRY(password_check(ctx, ret->delayed ? (struct id){0} : user->id, in->current, &right));
    if (right) {
        return ERR_OK;
    }
    if (!ret->delayed && !ret->counted) {
        TRY(note_failure(ctx, &ret->subject));
    }
    TRY(note_event(ctx, EVENT_PASSWORD_REFUSED, user->id));
    return ctx_fail(ctx, ERR_CURRENT_PASSWORD, STR("current_password"),
                    ret->delayed ? "delayed" : "wrong");
}

/* What led in by the old password, or past it, ends; but not the session in which they change it,
 * if it is their own. */
static enum err end_what_led_in(struct ctx *ctx, struct id user)
{
    bool own = ctx->actor.kind == ACTOR_USER && id_eq(ctx->actor.user, user);

    TRY(link_void(ctx, user));
    return session_end_others(ctx, user, own ? ctx->actor.session : (struct id){0});
}

enum err user_change_password(struct ctx *ctx, const struct user *user,
                              const struct password_change *in)
{
    struct attempt attempt;

    TRY(current_is_right(ctx, user, in, &attempt));
    TRY(password_replace(ctx, user, in->chosen, attempt.password_set));
    TRY(attempt_forgive(ctx, &attempt));
    return end_what_led_in(ctx, user->id);
}

/* The link that they waited for counts no more: without this they could never come in. Asked after
 * the write, so that who was stopped meanwhile stays so. */
static enum err let_in_who_waited(struct ctx *ctx, struct user *user)
{
    struct user now;

    TRY(user_get(ctx, user->id, &now));
    if (now.state == USER_PENDING_ACTIVATION) {
        TRY(user_resume(ctx, &now));
        now.state = USER_ACTIVE;
    }
    user->state = now.state;
    return ERR_OK;
}

enum err user_set_password(struct ctx *ctx, struct user *user, struct secret chosen)
{
    TRY(policy_over(ctx, user->id));
    TRY(password_set(ctx, user, chosen)); /* with it begins a new count of failures */
    TRY(end_what_led_in(ctx, user->id));
    return let_in_who_waited(ctx, user);
}

enum err user_delete(struct ctx *ctx, const struct user *user)
{
    TRY(policy_over(ctx, user->id));
    TRY(session_end_others(ctx, user->id, (struct id){0}));
    TRY(event(ctx, EVENT_USER_DELETED, user->id));
    TRY(policy_keeps_an_admin(ctx, user->id)); /* after a write, while they hold their roles */
    TRY(link_void(ctx, user->id));             /* takes back letters that wait, too */
    TRY(roster_leave(ctx, user->id));
    return q_user_delete(ctx->tx, user->id);
}

static enum err set_state(struct ctx *ctx, const struct user *user, enum user_state to)
{
    return as_it_was_read(ctx, q_user_set_state(ctx->tx, to, ctx->now, user->id, user->state));
}

enum err user_stop(struct ctx *ctx, const struct user *user)
{
    TRY(policy_over(ctx, user->id));
    if (user->state == USER_INACTIVE) {
        return ERR_OK;
    }
    TRY(set_state(ctx, user, USER_INACTIVE));
    /* After the write: from here on nobody else stops another. */
    TRY(policy_keeps_an_admin(ctx, user->id));
    TRY(session_end_others(ctx, user->id, (struct id){0}));
    return event(ctx, EVENT_USER_STOPPED, user->id);
}

enum err user_resume(struct ctx *ctx, const struct user *user)
{
    TRY(policy_over(ctx, user->id));
    if (user_state_may_enter(user->state)) {
        return ERR_OK;
    }
    TRY(set_state(ctx, user, USER_ACTIVE));
    return event(ctx, EVENT_USER_RESUMED, user->id);
}

static enum err put_place(struct ctx *ctx, struct buf *out, struct id place)
{
    struct organization organization;

    if (!id_is_set(place)) {
        return ERR_OK;
    }
    TRY(q_organization_by_id(ctx->tx, place, &organization));
    buf_put(out, STR(" (in "));
    buf_put(out, organization.slug);
    buf_put_char(out, ')');
    return ERR_OK;
}

enum err user_roles(struct ctx *ctx, struct id user, struct str *ret)
{
    struct buf names = buf_in_arena(ctx->arena, 65536);
    struct roles_of_row *rows;
    size_t count;

    TRY(q_roles_of(ctx->tx, user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        buf_put(&names, i ? STR(", ") : STR(""));
        buf_put(&names, rows[i].name);
        TRY(put_place(ctx, &names, rows[i].organization));
    }
    return buf_end(&names, ret);
}
