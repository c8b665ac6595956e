/* One form for every page on which a password is chosen. */
#include "base/arena.h"
#include "pages/hosted_routes.h"

/* The title says first that something is wrong: it is what is read out first. */
static const char content[] =
    "<h1>{{title}}</h1>\n"
    "<p>{{intro}}</p>\n"
    "<form method=\"post\" action=\"{{action}}\">\n"
    "<input type=\"hidden\" name=\"token\" value=\"{{token}}\">\n"
    "<label for=\"email\">Your address</label>\n"
    "<input id=\"email\" type=\"email\" value=\"{{email}}\" autocomplete=\"username\" readonly>\n"
    "{{#password}}<label for=\"password\">New password</label>\n"
    "<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\"\n"
    "  required minlength=\"8\" aria-describedby=\"{{#error}}error {{/error}}hint\""
    "{{#error}} aria-invalid=\"true\" autofocus{{/error}}>\n"
    "{{#error}}<p class=\"error\" id=\"error\" role=\"alert\">{{error}}</p>\n{{/error}}"
    "<p class=\"hint\" id=\"hint\">At least 8 characters. A few words in a row are better than a "
    "word with odd letters in it.</p>\n{{/password}}"
    "<button type=\"submit\">{{button}}</button>\n"
    "</form>\n";

static struct str words_of(enum err e)
{
    if (e == ERR_PASSWORD_SHORT) {
        return STR("This password is too short: it needs at least 8 characters.");
    }
    if (e == ERR_PASSWORD_LONG) {
        return STR("This password is too long: it can have at most 256 characters.");
    }
    if (e == ERR_PASSWORD_COMMON) {
        return STR("This password is too easy to guess. Choose one that nobody else would.");
    }
    return e == ERR_FIELD_MISSING ? STR("Enter a password.") : STR("");
}

bool password_form_again(struct call *c, enum err e)
{
    if (words_of(e).len == 0) {
        return false;
    }
    c->ctx.reason = (struct reason){0}; /* the page itself says so */
    return true;
}

enum err password_form_answer(struct call *c, const struct password_form *form)
{
    struct str error = words_of(form->refused), title = form->title;

    if (error.len > 0) {
        TRY(arena_print(c->ctx.arena, &title, "Error: %.*s", STR_ARG(form->title)));
    }
    const struct markup_value values[] = {
        {"title",    form->title                              },
        {"intro",    form->intro                              },
        {"action",   form->action                             },
        {"token",    form->token                              },
        {"email",    form->email                              },
        {"password", form->needs_password ? STR("1") : STR("")},
        {"error",    error                                    },
        {"button",   form->button                             },
    };
    return page_answer(c, &(struct html_page){
                              .status = error.len > 0 ? 400 : 200,
                              .title = title,
                              .brand = form->brand,
                              .content = content,
                              .values = {values, ARRAY_LEN(values)}
    });
}

static const char notice[] = "<h1>{{title}}</h1>\n<p>{{text}}</p>\n";

enum err notice_answer(struct call *c, int status, const struct brand *brand, struct str title,
                       struct str text)
{
    const struct markup_value values[] = {
        {"title", title},
        {"text",  text },
    };

    return page_answer(c, &(struct html_page){
                              .status = status,
                              .title = title,
                              .brand = *brand,
                              .content = notice,
                              .values = {values, ARRAY_LEN(values)}
    });
}
