/* Wiring a server together, and its life: start, signals, drain. */
#include "app/server.h"

#include "app/cli.h"
#include "app/confinement.h"
#include "app/gauges.h"
#include "app/greeting.h"
#include "app/instance.h"
#include "app/mailing.h"
#include "app/plan.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rcu.h"
#include "crypto/jose.h"
#include "domain/desk.h"
#include "domain/feed.h"
#include "domain/keyring.h"
#include "domain/standing.h"
#include "jobs/jobs.h"
#include "jobs/postman.h"
#include "jobs/runner.h"
#include "ops/metrics.h"
#include "ops/notify.h"
#include "web/web.h"

#include <unistd.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DRAIN_MS = 10000,
    WAITING = 1024,
    AWAY_WORKERS = 4 /* logins that wait for a provider at once */
};

struct server {
    struct config *config;   /* it was started with: faces, lanes and mail look at it to the end */
    struct config *reloaded; /* what was taken over since; NULL: nothing was */
    struct instance *instance;
    struct log *log;
    struct web *web;
    struct http_server *http;
    struct runner *runner;
    struct mailing mailing;
    struct plan plan;
    struct confinement confinement;
};

static enum err shared_secrets(struct server *server)
{
    struct config_face faces[CONFIG_FACES];

    config_faces(server->config, faces);
    for (size_t i = 0; i < CONFIG_FACES; i++) {
        if (str_eq(faces[i].settings->token_algorithm, STR("HS256"))) {
            TRY(keyring_add_secret(server->instance->service.keyring, faces[i].face->name,
                                   faces[i].settings->token_secret.hidden));
        }
    }
    return ERR_OK;
}

/* Standing and keys, before the first answer. */
static enum err load(struct server *server, struct reason *reason)
{
    struct instance *instance = server->instance;
    struct ctx ctx = service_ctx(&instance->service, instance->desk, instance->arena);

    TRY(standing_create(&instance->service.standing));
    rcu_enter(instance->desk->reader);
    enum err e = feed_start(&ctx);
    rcu_leave(instance->desk->reader);
    arena_reset(instance->arena);
    return e == ERR_OK ? e : fail(reason, e, STR(""), "%s", ctx.reason.detail);
}

static unsigned cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count > 0 ? (unsigned)count : 1;
}

static enum err open_web(struct server *server, struct reason *reason)
{
    const struct app_settings *app = &server->config->app;
    struct web_plan web = {
        .service = &server->instance->service,
        .log = server->log,
        .faces = server->plan.faces,
        .face_count = server->plan.face_count,
        .listener_faces = server->plan.listener_faces,
        .trusted_proxies = server->config->http.trusted_proxies,
        .metrics_from = app->metrics_from,
        .public_url = server->config->http.public_url,
        .store_workers = app->store_workers ? (unsigned)app->store_workers : 2 * cores(),
        .away_workers = federation_is_used(&server->config->federation) ? AWAY_WORKERS : 1,
        .hash_workers = app->hash_workers ? (unsigned)app->hash_workers : cores(),
    };

    TRY(web_open(&web, reason, &server->web));
    TRY(metrics_add(web_metrics(server->web), metrics_process, NULL));
    TRY(metrics_add(web_metrics(server->web), gauges_write, &server->instance->service));
    TRY(metrics_add(web_metrics(server->web), confinement_write_metrics, &server->confinement));
    return metrics_add(web_metrics(server->web), postman_write_metrics, server->mailing.postman);
}

/* In dev, letters lead back to the first listener; elsewhere only to what people are told. */
static enum err open_mail(struct server *server, struct reason *reason)
{
    struct mailing *mailing = &server->mailing;
    const struct http_listener *first = &server->plan.listeners[0];

    if (server->config->options.dev) {
        (void)snprintf(mailing->own_url, sizeof mailing->own_url, "http://%.*s:%u",
                       STR_ARG(first->address), http_server_port(server->http, 0));
    }
    return mailing_open(server->config, reason, mailing);
}

static enum err start_jobs(struct server *server)
{
    struct tools tools = {.postman = server->mailing.postman};

    return runner_start(&server->instance->service, &tools, server->log, &server->runner);
}

static enum err server_start(struct server *server, struct reason *reason)
{
    const struct config *config = server->config;

    TRY(log_open(&config->log, STDERR_FILENO, &server->log));
    TRY(plan_make(config, reason, &server->plan));
    TRY(http_server_open(&config->http, server->plan.listeners, server->plan.listener_count, reason,
                         &server->http));
    TRY(confinement_privileges(config, server->log, reason));
    TRY(instance_open(config, INSTANCE_SERVE, reason, &server->instance));
    TRY(shared_secrets(server));
    TRY(load(server, reason));
    TRY(open_mail(server, reason));
    TRY(confinement_open(config, server->log, reason, &server->confinement));
    TRY(open_web(server, reason));
    TRY(start_jobs(server));
    struct http_app app = web_app(server->web);
    return http_server_start(server->http, &app);
}

static void server_end(struct server *server)
{
    runner_stop(server->runner);
    web_close(server->web); /* whose lanes may still answer what the server then lets go of */
    http_server_close(server->http);
    mailing_close(&server->mailing);
    if (server->instance) {
        standing_destroy(server->instance->service.standing);
    }
    instance_close(server->instance);
    confinement_close(&server->confinement);
    log_close(server->log);
}

static void free_config(void *config)
{
    config_free(config);
}

/* The domain and the log are what can be changed while running. Whoever reads the settings that
 * `fresh` replaces may finish. */
static void take_over(struct server *server, struct config *fresh)
{
    struct service *service = &server->instance->service;

    service->settings = &fresh->domain;
    log_configure(server->log, &fresh->log);
    if (server->reloaded) {
        rcu_defer(service->rcu, free_config, server->reloaded);
    }
    server->reloaded = fresh;
}

static void reload(struct server *server)
{
    char text[WAITING];
    struct buf waiting = buf_over(text, sizeof text);
    struct reason reason = {0};
    struct config *fresh;

    (void)!notify_send(getenv("NOTIFY_SOCKET"), NOTIFY_RELOADING);
    if (config_reload(server->config, &waiting, &reason, &fresh) != ERR_OK) {
        log_event(server->log, LOG_ERROR, "not reloaded, nothing is changed: %s", reason.detail);
    } else {
        take_over(server, fresh);
        log_event(server->log, LOG_INFO,
                  waiting.len ? "reloaded; after a restart: %.*s" : "reloaded%.*s",
                  STR_ARG(buf_str(&waiting)));
    }
    (void)!notify_send(getenv("NOTIFY_SOCKET"), NOTIFY_READY);
}

/* Until a signal says to stop. A second one while draining ends the process at once. */
static void wait_for_the_end(struct server *server, const sigset_t *signals)
{
    int number = SIGHUP;

    while (number == SIGHUP) {
        if (sigwait(signals, &number) == 0 && number == SIGHUP) {
            reload(server);
        }
    }
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGINT, SIG_DFL);
    (void)pthread_sigmask(SIG_UNBLOCK, signals, NULL);
    (void)!notify_send(getenv("NOTIFY_SOCKET"), NOTIFY_STOPPING);
    log_event(server->log, LOG_INFO, "stopping: finishing what is under way");
    http_server_stop(server->http, DRAIN_MS);
}

static int serve(struct server *server, const sigset_t *signals)
{
    struct reason reason = {0};

    enum err e = server_start(server, &reason);
    if (e == ERR_SYSTEM && !reason.detail[0]) { /* what starting asks for besides files */
        e = fail(
            &reason, e, STR(""),
            "the system gives no more threads or descriptors (ulimit -u, ulimit -n, TasksMax)");
    }
    if (e != ERR_OK) {
        return cli_failed(e, &reason);
    }
    struct greeting greeting = {server->http, server->plan.listeners, server->plan.listener_count};
    (void)!greeting_show(server->instance, &greeting, &reason);
    log_event(server->log, LOG_INFO, "signet " SIGNET_VERSION " serves %.*s",
              STR_ARG(server->config->options.data));
    (void)!notify_send(getenv("NOTIFY_SOCKET"), NOTIFY_READY);
    wait_for_the_end(server, signals);
    log_event(server->log, LOG_INFO, "stopped");
    return 0;
}

int server_run(struct config *config)
{
    struct server server = {.config = config};
    sigset_t signals;

    jose_start();
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGHUP);
    /* Blocked before any thread starts, so that none but sigwait gets them. */
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    int status = serve(&server, &signals);
    server_end(&server);
    config_free(server.reloaded);
    config_free(server.config);
    return status;
}
