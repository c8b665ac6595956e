/* From settings to faces and listeners. */
#include "app/plan.h"

#include "api/self/self.h"
#include "http/address.h"
#include "http/listener.h"
#include "pages/hosted.h"

#include <string.h>

/* Dev has a well-known password: nobody but this machine may reach it. */
static enum err only_loopback(const struct http_listener *listener, struct reason *reason)
{
    struct address address;

    if (address_parse(listener->address, &address) != ERR_OK || !address_is_loopback(&address)) {
        return fail(reason, ERR_CONFIG, STR(""),
                    "signet dev listens on loopback addresses alone, not on %.*s: its "
                    "administrator's password is known to everyone. Use signet serve.",
                    STR_ARG(listener->address));
    }
    return ERR_OK;
}

/* The first is whose shape an error takes that belongs to no face; the last serves the service
 * itself and cannot be switched off. */
static void plan_faces(const struct config *config, bool dev, struct plan *plan)
{
    struct config_face faces[CONFIG_FACES];

    config_faces(config, faces);
    for (size_t i = 0; i < CONFIG_FACES; i++) {
        if (faces[i].settings->enabled) {
            plan->faces[plan->face_count++] =
                (struct router_face){faces[i].face, faces[i].settings};
        }
    }
    if (dev) {
        plan->faces[plan->face_count++] = (struct router_face){&pages_face, &config->pages};
    }
    plan->faces[plan->face_count++] = (struct router_face){&hosted_face, &config->mail};
    plan->faces[plan->face_count++] = (struct router_face){&self_face, NULL};
}

/* "edge,self" as bits; a listener without names serves all faces, and every one serves `self`. */
static enum err faces_of(const struct plan *plan, struct str names, struct reason *reason,
                         unsigned *ret)
{
    unsigned bits = 1u << (plan->face_count - 1);
    struct str name;

    if (!str_is_set(names)) {
        *ret = ~0u;
        return ERR_OK;
    }
    while (str_next(&names, ',', &name)) {
        size_t i = 0;
        while (i < plan->face_count && !str_eq(plan->faces[i].face->name, name)) {
            i++;
        }
        if (i == plan->face_count) {
            return fail(reason, ERR_CONFIG, STR(""),
                        "http.listen: there is no face %.*s, or it is off", STR_ARG(name));
        }
        bits |= 1u << i;
    }
    *ret = bits;
    return ERR_OK;
}

/* Not the address that stands for all of them: who can come by it is not known. */
static bool is_closed(const struct http_listener *listener)
{
    const struct address everywhere = {0};
    struct address address, mapped;

    return address_parse(listener->address, &address) == ERR_OK &&
           address_parse(STR("0.0.0.0"), &mapped) == ERR_OK && address_is_private(&address) &&
           memcmp(&address, &everywhere, sizeof address) != 0 &&
           memcmp(&address, &mapped, sizeof address) != 0;
}

/* A face that asks for no token is for a network that is closed. */
static enum err only_closed(const struct plan *plan, size_t at, struct reason *reason)
{
    const struct http_listener *listener = &plan->listeners[at];

    for (size_t i = 0; i < plan->face_count; i++) {
        const struct face_settings *settings = plan->faces[i].settings;
        if (plan->faces[i].face->can_open && settings->open && plan->listener_faces[at] >> i & 1 &&
            !is_closed(listener)) {
            struct str name = plan->faces[i].face->name;
            return fail(reason, ERR_CONFIG, STR(""),
                        "face.%.*s.open is for a closed network: %.*s is neither a loopback nor a "
                        "private address. Name the faces that it serves, as in %.*s:%u=edge, or "
                        "switch face.%.*s.open off.",
                        STR_ARG(name), STR_ARG(listener->address), STR_ARG(listener->address),
                        listener->port, STR_ARG(name));
        }
    }
    return ERR_OK;
}

static enum err plan_listener(const struct config *config, struct str word, struct reason *reason,
                              struct plan *plan)
{
    size_t at = plan->listener_count;
    struct str names;

    if (at == PLAN_LISTENERS) {
        return fail(reason, ERR_CONFIG, STR(""), "http.listen: more than %d listeners",
                    PLAN_LISTENERS);
    }
    TRY(http_listener_parse(word, reason, &plan->listeners[at], &names));
    TRY(faces_of(plan, names, reason, &plan->listener_faces[at]));
    if (config->options.dev) {
        TRY(only_loopback(&plan->listeners[at], reason));
    }
    TRY(only_closed(plan, at, reason));
    plan->listener_count++;
    return ERR_OK;
}

void plan_every_face(const struct config *config, struct plan *ret)
{
    *ret = (struct plan){0};
    plan_faces(config, /* dev= */ true, ret);
}

enum err plan_make(const struct config *config, struct reason *reason, struct plan *ret)
{
    struct str words = config->http.listen, word;
    struct plan plan = {0};

    plan_faces(config, config->options.dev, &plan);
    while (str_next(&words, ' ', &word)) {
        TRY(plan_listener(config, word, reason, &plan));
    }
    if (plan.listener_count == 0) {
        return fail(reason, ERR_CONFIG, STR(""), "http.listen names no listener");
    }
    *ret = plan;
    return ERR_OK;
}
