/* For tests: a service over a real store in a folder of its own, wired as the program wires it,
 * with a clock that the test sets. Everything here fails the test when it fails. */
#pragma once

#include "domain/login.h"
#include "domain/service.h"
#include "domain/user.h"
#include "model/organization.h"
#include "store/store.h"

#define PASSWORD  "a long enough password"
#define EDGE      "edge"
#define CORPORATE "corporate"

enum {
    EDGE_LIFE = 86400, /* of its tokens, the longest of all */
    CORPORATE_LIFE = 900,
    LETTERS_MOST = 20 /* that may wait */
};

struct CMUnitTest;

struct fixture {
    char folder[64], url[128]; /* of the store */
    struct domain_settings settings;
    struct face_settings edge, corporate;
    struct service service;
    struct desk *desk;   /* works with the store and hashes, for the test's own thread */
    struct desk *memory; /* as an I/O thread has it */
    struct arena *arena; /* of everything that the test asks for */
    struct moment now;   /* of every ctx from here on */
    struct ctx ctx;      /* of the newest call */
    bool joined;         /* to the store of another, whose folder it is */
};

/* A new store with its first key, and standing loaded. For cmocka's setup and teardown. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* What another process on the same store and master key has: to be closed by fixture_leave. */
struct fixture *fixture_join(const struct fixture *first);
void fixture_leave(struct fixture *f);

/* The same service ended and begun again, with the settings as they are now. */
void fixture_restart(struct fixture *f);

/* What a request of the edge face has: nobody asks, it is f->now, and there is no unit yet. */
struct ctx *fixture_ctx(struct fixture *f);

/* A unit in which the operator acts, kept or dropped; nothing but the unit: no notes, no standing.
 */
struct ctx *fixture_begin(struct fixture *f, enum unit_kind kind);
void fixture_keep(struct fixture *f);
void fixture_drop(struct fixture *f);

/* Runs one unit as the pipeline does, for `actor`. f->ctx is left as the unit left it. */
enum err fixture_run(struct fixture *f, const struct actor *actor, enum unit_kind kind,
                     enum err (*work)(struct ctx *ctx, void *with), void *with);

/* One of many who do the same at the same moment. */
struct fixture_one {
    void *with;
    enum err answer;
};

/* Each of them in a thread, with a connection and a unit of its own (TX_WRITE), in which the
 * operator acts. Begun again where the store is too busy. */
void fixture_crowd(struct fixture *f, enum err (*work)(struct ctx *ctx, void *with),
                   struct fixture_one *ones, size_t count);

/* `name` and `name`@example.com with the password PASSWORD. */
struct new_user fixture_new_user(struct fixture *f, const char *name);
struct user fixture_user(struct fixture *f, const char *name);
struct user fixture_admin(struct fixture *f, const char *name, enum role role);

/* An active one, with its slug for a name. */
struct id fixture_organization(struct fixture *f, const char *slug);
/* As fixture_user, of an organization. */
struct user fixture_member(struct fixture *f, const char *name, struct id organization);

/* `actor` grants a role: everywhere (no organization), or there. */
struct grant {
    struct id user;
    enum role role;
    struct id organization;
};
enum err fixture_grant(struct fixture *f, const struct actor *actor, struct grant grant);
/* Made the administrator of an organization: what their token makes of ctx->actor. */
struct actor fixture_gym_admin(struct fixture *f, struct id user, struct id organization);

/* `actor` suspends or resumes an organization, or deletes it. */
enum err fixture_set_organization(struct fixture *f, const struct actor *actor, struct id id,
                                  enum organization_state state);
enum err fixture_delete_organization(struct fixture *f, const struct actor *actor, struct id id,
                                     bool force);

/* Sets their state, whatever it is, past all that is asked of one who does so. */
enum err fixture_set_state(struct ctx *ctx, struct id id, enum user_state to);

/* What the token of this user would make of ctx->actor; its session is none. */
struct actor fixture_actor(struct fixture *f, struct id user);

/* Logs in through the edge face, from the source "192.0.2.1"; `device` may be NULL. */
enum err fixture_try_login(struct fixture *f, const char *name, const char *password,
                           const char *device, struct logged_in *ret);
struct logged_in fixture_login(struct fixture *f, const char *name); /* with PASSWORD */

/* Shows a token at the memory desk; ctx->actor is *ret_actor, which may be NULL. */
enum err fixture_accept(struct fixture *f, struct str token, struct actor *ret_actor);

void fixture_pass(struct fixture *f, int64_t seconds); /* lets the time pass */

/* All events of the store, oldest first, and how many of one verb there are. */
const struct event *fixture_events(struct fixture *f, size_t *ret_count);
size_t fixture_count(struct fixture *f, enum event_verb verb);

/* From here on nothing more can be written to any file by this process; and again. */
void fixture_fill_disk(void);
void fixture_free_disk(void);

/* A test with a fixture of its own as *state. */
#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

/* Runs such tests: on SQLite, or with an argument given on PostgreSQL, each in a database of its
 * own. 77, which is "skipped", when that is not installed. For main. */
int fixture_main(int count, struct CMUnitTest *tests, size_t test_count);
