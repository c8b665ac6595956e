/* Where a link that logs in leads. Programs that look ahead at links press nothing; and whoever has
 * a letter that somebody else asked for has not got the browser that asked. */
#include "base/arena.h"
#include "domain/link.h"
#include "domain/magic.h"
#include "domain/organization.h"
#include "domain/service.h"
#include "pages/hosted_routes.h"
#include "web/cookie.h"

static const char content[] =
    "<h1>{{title}}</h1>\n"
    "<p>{{intro}}</p>\n"
    "<form method=\"post\" action=\"{{action}}\">\n"
    "<input type=\"hidden\" name=\"token\" value=\"{{token}}\">\n"
    "<label for=\"email\">Your address</label>\n"
    "<input id=\"email\" type=\"email\" value=\"{{email}}\" autocomplete=\"username\" readonly>\n"
    "{{#code}}<label for=\"code\">Code of the letter</label>\n"
    "<input id=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\"\n"
    "  required maxlength=\"8\"{{#error}} aria-describedby=\"error\" aria-invalid=\"true\" "
    "autofocus{{/error}}>\n"
    "{{#error}}<p class=\"error\" id=\"error\" role=\"alert\">{{error}}</p>\n{{/error}}{{/code}}"
    "<button type=\"submit\">Log in</button>\n"
    "</form>\n";

static struct str return_url(const struct call *c)
{
    return c->ctx.service->settings->magic_return;
}

/* "https://app.example", of "https://app.example/back?x". */
static struct str origin_of(struct str url)
{
    struct str scheme, rest, authority, path;

    (void)str_cut(url, ':', &scheme, &rest);
    (void)str_cut(str_skip(rest, 2), '/', &authority, &path);
    (void)str_cut(authority, '?', &authority, &path);
    return str_sub(url, 0, scheme.len + 3 + authority.len);
}

static enum err show(struct call *c, struct str token, const struct magic_seen *seen, bool wrong)
{
    struct str title = STR("Log in"), error = wrong ? STR("This is not the code.") : STR("");
    const struct markup_value values[] = {
        {"title",  title                                                                           },
        {"intro",  seen->same_browser ? STR("You asked for this link here.")
                                     : STR("You asked for this link in another browser. Type the "
                                           "eight digits that are in the letter.")},
        {"action", STR(MAGIC_PATH)                                                                 },
        {"token",  token                                                                           },
        {"email",  seen->user.email.shown                                                          },
        {"code",   seen->same_browser ? STR("") : STR("1")                                         },
        {"error",  error                                                                           },
    };
    struct html_page page = {
        .status = wrong ? 400 : 200,
        .title = wrong ? STR("Error: Log in") : title,
        .leads_on = origin_of(return_url(c)),
        .content = content,
        .values = {values, ARRAY_LEN(values)},
    };

    TRY(organization_brand(&c->ctx, seen->user.organization, &page.brand));
    return page_answer(c, &page);
}

/* Without an application to lead on to, the code is the way. */
static enum err show_none(struct call *c, const struct magic_seen *seen)
{
    struct brand brand;

    TRY(organization_brand(&c->ctx, seen->user.organization, &brand));
    return notice_answer(c, 200, &brand, STR("Log in"),
                         STR("Go back to where you asked for this, and type the eight digits that "
                             "are in the letter."));
}

static enum err look(struct call *c, struct str token, struct magic_seen *ret)
{
    return magic_look(&c->ctx, token, call_cookie(c, STR(MAGIC_COOKIE)), ret);
}

enum err get_magic(struct call *c)
{
    struct link_asked in = {0};
    struct magic_seen seen;

    TRY(read_query(c, &in));
    TRY(look(c, in.token, &seen));
    return return_url(c).len > 0 ? show(c, in.token, &seen, /* wrong= */ false)
                                 : show_none(c, &seen);
}

static enum err lead_on(struct call *c, const struct link *link)
{
    struct str url = return_url(c), location;

    TRY(arena_print(c->ctx.arena, &location, "%.*s%ctoken=%.*s", STR_ARG(url),
                    str_contains(url, '?') ? '&' : '?', STR_ARG(link->token.hidden)));
    answer_header(c, STR("Location"), location);
    return answer(c, NULL);
}

enum err post_magic(struct call *c)
{
    struct magic_form in = {0};
    struct magic_seen seen;
    struct link link;

    TRY(read_body(c, &in));
    TRY(page_sent_it(c));
    TRY(look(c, in.token, &seen));
    if (return_url(c).len == 0) {
        return ctx_fail(&c->ctx, ERR_LINK, STR("token"), "links.magic_return is not set");
    }
    struct magic shown = {.email = seen.user.email, .code = in.code};
    if (seen.same_browser) {
        shown = (struct magic){.token = {in.token}};
    }
    enum err e = magic_pass_on(&c->ctx, &shown, &link);
    if (e == ERR_LINK && !seen.same_browser) {
        c->ctx.reason = (struct reason){0}; /* the page itself says so */
        return show(c, in.token, &seen, /* wrong= */ true);
    }
    TRY(e);
    return lead_on(c, &link);
}
