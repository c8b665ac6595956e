/* The frame of every page, and what goes with it. */
#include "pages/page.h"

#include "base/arena.h"
#include "base/random.h"
#include "mail/settings.h"
#include "model/colour.h"

enum {
    PAGE_MOST = 256 << 10,
    NONCE = 16
};

static const char head[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>{{title}} &ndash; {{brand}}</title>\n"
    "<style nonce=\"{{nonce}}\">\n"
    ":root { --accent: {{accent}}; --band: {{band}}; }\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0; background: #f3f4f6; color: #1d2025;\n"
    "  font: 100%/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; "
    "}\n"
    ".card { max-width: 30rem; margin: 0 auto; min-height: 100vh; padding: 1.5rem;\n"
    "  background: #fff; overflow-wrap: anywhere; }\n"
    "header { border-bottom: 4px solid var(--band); margin-bottom: 1.5rem; }\n"
    ".brand { margin: 0 0 .75rem; font-size: 1.125rem; font-weight: 600; }\n"
    "h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }\n"
    "label { display: block; margin: 1.25rem 0 .25rem; font-weight: 600; }\n"
    "input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: "
    "inherit;\n"
    "  background: #fff; border: 1px solid #6b7078; border-radius: .375rem; }\n"
    "input[readonly] { background: #f3f4f6; }\n"
    "input[aria-invalid] { border: 2px solid #b3261e; }\n"
    "button { width: 100%; min-height: 2.75rem; margin-top: 1.5rem; padding: .5rem 1rem; border: "
    "0;\n"
    "  border-radius: .375rem; background: var(--accent); color: #fff; font: inherit;\n"
    "  font-weight: 600; cursor: pointer; }\n"
    ":focus-visible { outline: 3px solid #1d2025; outline-offset: 2px; }\n"
    ".hint { margin: .375rem 0 0; color: #565b63; font-size: .875rem; }\n"
    ".error { margin: .375rem 0 0; color: #b3261e; font-weight: 600; }\n"
    "@media (min-width: 36rem) { .card { min-height: 0; margin: 3rem auto; padding: 2rem;\n"
    "  border-radius: .5rem; border: 1px solid #d5d8dd; } }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<div class=\"card\">\n"
    "<header>\n<p class=\"brand\">{{brand}}</p>\n</header>\n"
    "<main>\n";
static const char foot[] = "</main>\n</div>\n</body>\n</html>\n";

static const struct {
    struct str name, value;
} headers[] = {
    {{"X-Frame-Options", 15},              {"DENY", 4}                                     },
    {{"Referrer-Policy", 15},              {"no-referrer", 11}                             },
    {{"Cross-Origin-Opener-Policy", 26},   {"same-origin", 11}                             },
    {{"Cross-Origin-Resource-Policy", 28}, {"same-origin", 11}                             },
    {{"Permissions-Policy", 18},           {"camera=(), microphone=(), geolocation=()", 40}},
};

void page_headers(struct call *c, struct str policy)
{
    c->policy = policy;
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        answer_header(c, headers[i].name, headers[i].value);
    }
}

static enum err make_nonce(struct arena *arena, struct str *ret)
{
    struct buf digits = buf_in_arena(arena, 2 * NONCE);
    unsigned char random[NONCE];

    TRY(random_fill(random, sizeof random));
    buf_put_hex(&digits, random, sizeof random);
    return buf_end(&digits, ret);
}

static enum err readable(struct arena *arena, struct str colour, struct str *ret)
{
    struct buf out = buf_in_arena(arena, 16);

    colour_print_readable(&out, colour);
    return buf_end(&out, ret);
}

static struct str first_of(struct str one, struct str other)
{
    return one.len > 0 ? one : other;
}

/* The band has the colour itself; what has to be read has one that can be. */
static enum err write_frame(struct call *c, const struct html_page *page, struct str nonce,
                            struct buf *out)
{
    const struct mail_settings *own = c->settings;
    struct str colour = first_of(page->brand.colour, own->colour), accent;

    TRY(readable(c->ctx.arena, colour, &accent));
    const struct markup_value values[] = {
        {"title", page->title              },
        {"brand", first_of(page->brand.name, own->name)},
        {"nonce",       nonce                         },
        {"accent",       accent},
        {"band",       colour_is_fine(colour) ? colour : accent                           },
    };
    TRY(markup_write(out, head, &(struct markup_values){values, ARRAY_LEN(values)}));
    TRY(markup_write(out, page->content, &page->values));
    return markup_write(out, foot, &(struct markup_values){0});
}

enum err page_answer(struct call *c, const struct html_page *page)
{
    struct buf out = buf_in_arena(c->ctx.arena, PAGE_MOST);
    struct str nonce, policy, body;

    TRY(make_nonce(c->ctx.arena, &nonce));
    TRY(write_frame(c, page, nonce, &out));
    TRY(buf_end(&out, &body));
    TRY(arena_print(c->ctx.arena, &policy,
                    "default-src 'none'; style-src 'nonce-%.*s'; form-action 'self'%s%.*s; "
                    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'",
                    STR_ARG(nonce), page->leads_on.len > 0 ? " " : "", STR_ARG(page->leads_on)));
    page_headers(c, policy);
    return answer_text(c, page->status, STR("text/html; charset=utf-8"), body);
}

/* Our pages send no referrer, so that older browsers call their origin "null". */
static bool is_our_origin(struct str origin, struct str host)
{
    size_t scheme = str_starts(origin, STR("https://")) ? 8 : 7;

    if (str_eq(origin, STR("null"))) {
        return true;
    }
    return (scheme == 8 || str_starts(origin, STR("http://"))) &&
           str_eq_nocase(str_skip(origin, scheme), host);
}

enum err page_sent_it(struct call *c)
{
    const struct http_request *request = &c->x->request;
    struct str site = http_header(request, STR("sec-fetch-site"));
    struct str origin = http_header(request, STR("origin"));
    bool fine = str_is_set(site) ? str_eq(site, STR("same-origin"))
                                 : !str_is_set(origin) ||
                                       is_our_origin(origin, http_header(request, STR("host")));

    return fine ? ERR_OK : ctx_fail(&c->ctx, ERR_FORBIDDEN, STR(""), "a form of another site");
}
