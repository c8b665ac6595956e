/* The line of a finding, and what can be seen of the machine: files, sockets, clock, limits. */
#include "app/checkup.h"

#include "app/confinement.h"
#include "app/data_directory.h"
#include "app/plan.h"
#include "base/buf.h"
#include "base/moment.h"

#include <unistd.h>

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

enum {
    MIB = 1 << 20,
    LEAST_FREE_MIB = 64,   /* below, writing stops soon */
    ENOUGH_FREE_MIB = 512, /* below, somebody should know */
    OTHER_FILES = 64       /* beside connections: store, log, epoll, standard streams */
};
static const struct moment earliest = {1767225600000}; /* 2026: when this was written */

void checkup_note(struct checkup *checkup, enum finding finding, const char *format, ...)
{
    static const char *const marks[] = {"ok   ", "warn ", "FAIL "};
    char text[512];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    buf_put(checkup->out, str_of(marks[finding]));
    buf_put(checkup->out, str_of(text));
    buf_put_char(checkup->out, '\n');
    checkup->failures += finding == FINDING_FAIL;
}

static void note_mode(struct checkup *checkup, const struct data_directory_state *state)
{
    struct str data = checkup->config->options.data;

    if ((state->mode & 077) == 0) {
        checkup_note(checkup, FINDING_OK, "data directory %.*s, for its owner alone",
                     STR_ARG(data));
        return;
    }
    checkup_note(checkup, (state->mode & 022) != 0 ? FINDING_FAIL : FINDING_WARN,
                 "data directory %.*s has mode %04o: others may %s; chmod 700 it", STR_ARG(data),
                 state->mode, (state->mode & 022) != 0 ? "change it" : "look into it");
}

/* A command that root ran makes files that the service cannot read. */
static void note_owners(struct checkup *checkup, const struct data_directory_state *state)
{
    struct str data = checkup->config->options.data;

    if (state->stranger[0]) {
        checkup_note(
            checkup, FINDING_FAIL,
            "%.*s/%s belongs to another user than the directory, which is of user %u: chown it",
            STR_ARG(data), state->stranger, state->owner);
    }
    if (state->open[0]) {
        checkup_note(checkup, FINDING_FAIL, "%.*s/%s may be read by others: chmod 600 it",
                     STR_ARG(data), state->open);
    }
    if (state->owner != geteuid()) {
        checkup_note(checkup, geteuid() == 0 ? FINDING_WARN : FINDING_FAIL,
                     "%.*s is of user %u, and this runs as user %u: run signet as its owner",
                     STR_ARG(data), state->owner, geteuid());
    }
    if (!state->stranger[0] && !state->open[0]) {
        checkup_note(checkup, FINDING_OK, "files in it: of the same owner, for nobody else");
    }
}

static void note_space(struct checkup *checkup)
{
    struct str data = checkup->config->options.data;
    char path[PATH_MAX];
    struct statvfs disk;

    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(data));
    if (statvfs(path, &disk) != 0) {
        checkup_note(checkup, FINDING_FAIL, "free space of %.*s: %s", STR_ARG(data),
                     strerrordesc_np(errno));
        return;
    }
    uint64_t free_mib = (uint64_t)disk.f_bavail * disk.f_frsize / MIB;
    enum finding finding = free_mib < LEAST_FREE_MIB    ? FINDING_FAIL
                           : free_mib < ENOUGH_FREE_MIB ? FINDING_WARN
                                                        : FINDING_OK;
    checkup_note(checkup, finding, "%llu MiB free on its disk", (unsigned long long)free_mib);
}

void checkup_files(struct checkup *checkup)
{
    struct str data = checkup->config->options.data;
    struct data_directory_state state;
    struct reason reason = {0};

    enum err e = data_directory_look(data, &reason, &state);
    if (e != ERR_OK) {
        checkup_note(checkup, FINDING_FAIL, "data directory %.*s: %s", STR_ARG(data),
                     e == ERR_MISSING ? "does not exist; the first start makes it" : reason.detail);
        return;
    }
    note_mode(checkup, &state);
    note_owners(checkup, &state);
    note_space(checkup);
    checkup->server = data_directory_holder(data);
    if (checkup->server > 0) {
        checkup_note(checkup, FINDING_OK, "it is being served, by process %lld",
                     (long long)checkup->server);
    }
}

/* By the same function as the server, so that it is refused for the same reasons. */
static void note_listener(struct checkup *checkup, const struct http_listener *listener)
{
    struct http_server *http;
    struct reason reason = {0};

    if (http_server_open(&checkup->config->http, listener, 1, &reason, &http) != ERR_OK) {
        checkup_note(checkup, FINDING_FAIL, "listener %s", reason.detail);
        return;
    }
    http_server_close(http);
    checkup_note(checkup, FINDING_OK, "listener %.*s, port %u: free", STR_ARG(listener->address),
                 listener->port);
}

/* So that nobody has to wonder why such a face asks some for a token. */
static void note_open_faces(struct checkup *checkup)
{
    struct config_face faces[CONFIG_FACES];

    config_faces(checkup->config, faces);
    for (size_t i = 0; i < CONFIG_FACES; i++) {
        const struct face_settings *settings = faces[i].settings;
        if (faces[i].face->can_open && settings->enabled && settings->open &&
            checkup->config->http.public_url.len == 0) {
            checkup_note(checkup, FINDING_WARN,
                         "face.%.*s.open: http.public_url is not set, so it is open to those who "
                         "name it by address or as localhost alone",
                         STR_ARG(faces[i].face->name));
        }
    }
}

void checkup_listeners(struct checkup *checkup)
{
    struct reason reason = {0};
    struct plan plan;

    if (plan_make(checkup->config, &reason, &plan) != ERR_OK) {
        checkup_note(checkup, FINDING_FAIL, "%s", reason.detail);
        return;
    }
    for (size_t i = 0; checkup->server == 0 && i < plan.listener_count; i++) {
        note_listener(checkup, &plan.listeners[i]);
    }
    if (checkup->server > 0) {
        checkup_note(checkup, FINDING_OK,
                     "listeners make sense; not tried, as they are being served");
    }
    note_open_faces(checkup);
}

int64_t checkup_clock_behind(struct moment now, struct moment known)
{
    return moment_before(now, known) ? (known.ms - now.ms + 999) / 1000 : 0;
}

static void note_clock(struct checkup *checkup)
{
    char memory[32];
    struct buf text = buf_over(memory, sizeof memory);
    struct moment now = moment_now();
    bool sane = checkup_clock_behind(now, earliest) == 0;

    moment_print(&text, now, MOMENT_SECONDS);
    checkup_note(checkup, sane ? FINDING_OK : FINDING_FAIL, "the clock says %.*s%s",
                 STR_ARG(buf_str(&text)), sane ? "" : ", which is long ago: set it");
}

static void note_limit(struct checkup *checkup)
{
    const struct config *config = checkup->config;
    rlim_t wanted = (rlim_t)config->http.connections + OTHER_FILES;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        checkup_note(checkup, FINDING_FAIL, "the limit of open files: %s", strerrordesc_np(errno));
        return;
    }
    bool enough = limit.rlim_cur >= wanted;
    checkup_note(checkup, enough ? FINDING_OK : FINDING_WARN,
                 "the process may open %llu files%s%llu connections (http.max_connections)",
                 (unsigned long long)limit.rlim_cur, enough ? ", enough for " : ", too few for ",
                 (unsigned long long)config->http.connections);
}

static void note_confinement(struct checkup *checkup)
{
    struct str wanted = checkup->config->app.confine;
    const char *obstacle = confinement_obstacle();

    if (str_eq(wanted, STR("no"))) {
        checkup_note(checkup, FINDING_WARN,
                     "process.confine is no: a server keeps system calls that it does not need");
    } else if (obstacle) {
        checkup_note(checkup, str_eq(wanted, STR("required")) ? FINDING_FAIL : FINDING_WARN,
                     "a server cannot be confined: %s", obstacle);
    } else {
        checkup_note(checkup, FINDING_OK, "a server gives up system calls that it does not need");
    }
}

static void note_user(struct checkup *checkup)
{
    if (geteuid() == 0 && checkup->config->app.user.len == 0) {
        checkup_note(checkup, FINDING_WARN,
                     "a server that root starts stays root, without its privileges: name another "
                     "user in process.user");
    }
}

void checkup_machine(struct checkup *checkup)
{
    note_clock(checkup);
    note_limit(checkup);
    note_confinement(checkup);
    note_user(checkup);
}
