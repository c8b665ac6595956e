/* The list of caught letters, and one of them. */
#include "base/arena.h"
#include "mail/template.h"
#include "pages/mailbox.h"
#include "pages/page.h"
#include "pages/pages.h"
#include "pages/routes.h"
#include "web/own_name.h"

enum {
    PAGE_MOST = 8 << 20
};

/* No script, nothing fetched, no frame but the letter's own, which has no rights. Letters bring
 * styles in their attributes, and the frame is held to this page's policy. */
#define POLICY                                                                                     \
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "     \
    "form-action 'none'"

#define HEAD                                                                                       \
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"                      \
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"                   \
    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Caught mail</title>\n<style>\n"   \
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1rem}\n"        \
    "a{color:inherit}ul{list-style:none;padding:0}li{border-bottom:1px solid #8886}\n"             \
    "li a{display:block;padding:.7rem 0;text-decoration:none}small{opacity:.7}\n"                  \
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}\n"                              \
    "iframe{width:100%;height:34rem;border:1px solid #8886;background:#fff}\n"                     \
    "</style>\n</head>\n<body>\n"

static enum err answer_page(struct call *c, const struct buf *page)
{
    struct str body;

    TRY(buf_end(page, &body));
    page_headers(c, STR(POLICY));
    return answer_text(c, 200, STR("text/html; charset=utf-8"), body);
}

static const struct str *folder_of(const struct call *c)
{
    return &((const struct pages_settings *)c->settings)->folder;
}

/* Letters lead into accounts, and there is no token here to ask for. */
static enum err came_by_our_name(struct call *c)
{
    return own_name_is_used(c) ? ERR_OK : own_name_refuse(c, ERR_FORBIDDEN);
}

static void put_row(struct buf *page, struct id id, const struct caught *caught)
{
    buf_put(page, STR("<li><a href=\"/dev/mail/"));
    id_print(page, id);
    buf_put(page, STR("\">"));
    template_escape(page, caught->subject);
    buf_put(page, STR("<br><small>"));
    template_escape(page, caught->to);
    buf_put(page, STR(" &middot; "));
    template_escape(page, caught->date);
    buf_put(page, STR("</small></a></li>\n"));
}

enum err get_mails(struct call *c)
{
    struct buf page = buf_in_arena(c->ctx.arena, PAGE_MOST);
    struct caught caught;
    struct id *ids;
    size_t count;

    TRY(came_by_our_name(c));
    TRY(caught_list(c->ctx.arena, *folder_of(c), &ids, &count));
    buf_put(&page, STR(HEAD "<h1>Caught mail</h1>\n<p>"));
    buf_put(&page, count > 0 ? STR("Newest first. Nothing of it was sent.")
                             : STR("None yet. <code>signet mail test ADDRESS</code> writes some."));
    buf_put(&page, STR("</p>\n<ul>\n"));
    for (size_t i = 0; i < count; i++) {
        if (caught_read(c->ctx.arena, *folder_of(c), ids[i], &caught) == ERR_OK) {
            put_row(&page, ids[i], &caught);
        }
    }
    buf_put(&page, STR("</ul>\n</body>\n</html>\n"));
    return answer_page(c, &page);
}

static bool is_link(struct str line)
{
    return (str_starts(line, STR("https://")) || str_starts(line, STR("http://"))) &&
           !str_contains(line, ' ');
}

static void put_text(struct buf *page, struct str text)
{
    struct str line, rest = text;
    bool more;

    do {
        more = str_cut(rest, '\n', &line, &rest);
        if (is_link(line)) {
            buf_put(page, STR("<a rel=\"noreferrer\" href=\""));
            template_escape(page, line);
            buf_put(page, STR("\">"));
        }
        template_escape(page, line);
        buf_put(page, is_link(line) ? STR("</a>\n") : STR("\n"));
    } while (more);
}

static void put_field(struct buf *page, const char *name, struct str value)
{
    buf_print(page, "<br>%s: ", name);
    template_escape(page, value);
}

enum err get_mail(struct call *c)
{
    struct buf page = buf_in_arena(c->ctx.arena, PAGE_MOST);
    struct caught caught;
    struct id id;

    TRY(came_by_our_name(c));
    if (id_parse(call_parameter(c, 0), &id) != ERR_OK) {
        return ERR_MISSING;
    }
    TRY(caught_read(c->ctx.arena, *folder_of(c), id, &caught));
    buf_put(&page, STR(HEAD "<p><a href=\"/dev/mail\">All letters</a></p>\n<h1>"));
    template_escape(&page, caught.subject);
    buf_put(&page, STR("</h1>\n<p><small>"));
    template_escape(&page, caught.date);
    put_field(&page, "From", caught.from);
    put_field(&page, "To", caught.to);
    buf_put(&page, STR("</small></p>\n<pre>"));
    put_text(&page, caught.text);
    buf_put(&page, STR("</pre>\n<iframe title=\"As HTML\" sandbox=\"allow-popups "
                       "allow-popups-to-escape-sandbox\" srcdoc=\""
                       "&lt;base target=&quot;_blank&quot;&gt;"));
    template_escape(&page, caught.html);
    buf_put(&page, STR("\"></iframe>\n</body>\n</html>\n"));
    return answer_page(c, &page);
}
