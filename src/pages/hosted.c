/* The face `pages`: what people see who follow a link in a letter. */
#include "pages/hosted.h"

#include "pages/hosted_routes.h"
#include "web/refusal.h"

struct words {
    struct str title, text;
};

/* A link that has no token in it, or half of one, is told like one that no longer counts. */
static bool is_about_the_link(enum err e)
{
    return e == ERR_LINK || e == ERR_FIELD_MISSING || e == ERR_FIELD_VALUE;
}

static struct words words_of(enum err e)
{
    if (is_about_the_link(e)) {
        return (struct words){
            STR("This link does not work"),
            STR("It has been used, has expired, or was replaced by a newer one. Ask for a new one "
                "where you got it.")};
    }
    if (err_class(e) == CLASS_TOO_MANY) {
        return (struct words){STR("Too many attempts"),
                              STR("Wait a few minutes, and follow the link again.")};
    }
    if (err_class(e) == CLASS_UNAVAILABLE) {
        return (struct words){
            STR("Not now"), STR("The service is busy. Wait a moment, and follow the link again.")};
    }
    if (err_class(e) == CLASS_MISSING) {
        return (struct words){
            STR("There is no such page"),
            STR("Look whether the address is whole, as it stands in the letter.")};
    }
    if (err_class(e) == CLASS_INTERNAL) {
        return (struct words){STR("Something went wrong"),
                              STR("It was an internal error, and none of yours.")};
    }
    return (struct words){STR("That did not work"), STR("Follow the link in the letter again.")};
}

static void write_error(struct call *c, enum err e)
{
    const struct brand own = {0};
    struct words words = words_of(e);
    int status = refusal_status(e);

    if (notice_answer(c, status, &own, words.title, words.text) != ERR_OK) {
        c->x->status = status;
    }
}

static const struct str prefixes[] = {
    {"/activate",       9 },
    {"/reset-password", 15},
    {"/magic-link",     11}
};

const struct face hosted_face = {
    .name = {"pages", 5},
    .about = "The pages that links in letters lead to.",
    .routes = hosted_routes,
    .route_count = HOSTED_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .write_error = write_error,
    .error_type = "text/html",
};
