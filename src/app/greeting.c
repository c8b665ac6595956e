/* The first screen. */
#include "app/greeting.h"

#include "app/dev_account.h"
#include "domain/admin.h"
#include "http/server.h"

#include <stdio.h>

static enum err count_admins(struct ctx *ctx, void *ret)
{
    struct admin *admins;

    return admin_list(ctx, &admins, ret);
}

static void show_dev(const struct config *config, const struct greeting *greeting)
{
    struct str data = config->options.data;
    char at[128] = "";

    (void)printf("\n  signet " SIGNET_VERSION
                 ", for development: on this machine alone, with a password that everyone "
                 "knows\n\n");
    for (size_t i = 0; i < greeting->listener_count; i++) {
        (void)snprintf(at, sizeof at, "http://%.*s:%u", STR_ARG(greeting->listeners[i].address),
                       http_server_port(greeting->http, i));
        (void)printf("  %s  %s\n", i == 0 ? "listening" : "         ", at);
    }
    (void)printf("  account    " DEV_NAME " / " DEV_PASSWORD
                 "\n"
                 "  data       %.*s\n"
                 "  mail       %s/dev/mail, kept in %.*s/mail\n\n  try\n\n",
                 STR_ARG(data), at, STR_ARG(data));
    (void)printf("    curl %s/health\n\n", at);
    (void)printf(
        "    TOKEN=$(curl -s %s/api/v1/login -H 'Content-Type: application/json' \\\n"
        "      -d '{\"username\":\"" DEV_NAME "\",\"password\":\"" DEV_PASSWORD
        "\"}' | sed 's/.*\"token\":\"\\([^\"]*\\)\".*/\\1/')\n\n",
        at);
    (void)printf("    curl -i %s/api/v1/auth -H \"Authorization: Bearer $TOKEN\"\n\n", at);
    (void)printf("  Ctrl-C stops it. `signet serve` is the real thing.\n\n");
    (void)fflush(stdout);
}

enum err greeting_show(struct instance *instance, const struct greeting *greeting,
                       struct reason *reason)
{
    const struct config *config = instance->config;
    size_t admins = 0;

    if (config->options.dev) {
        show_dev(config, greeting);
        return ERR_OK;
    }
    TRY(instance_run(instance, TX_READ, count_admins, &admins, reason));
    if (admins == 0) {
        (void)fprintf(stderr,
                      "signet: there is no administrator yet. Make one, while this runs or not:\n"
                      "    signet admin create NAME --email ADDRESS --data %.*s\n",
                      STR_ARG(config->options.data));
    }
    return ERR_OK;
}
