/* Pages for people: HTML that works without script, in the colours of an organization. */
#pragma once

#include "model/letter.h"
#include "pages/markup.h"
#include "web/call.h"

struct html_page {
    int status;
    struct str title;
    struct brand brand;  /* what has no text is the service's own */
    struct str leads_on; /* an origin to which its form may lead on; no text: none */
    const char *content; /* a template of these values */
    struct markup_values values;
};

/* Answers with the page. Its styles count by a nonce, and nothing else does. */
enum err page_answer(struct call *c, const struct html_page *page);

/* What every page sends beside its body; `policy` is its Content-Security-Policy. */
void page_headers(struct call *c, struct str policy);

/* Whether a form was sent by a page of ours, as far as the browser tells: ERR_FORBIDDEN when it
 * says otherwise. What protects these forms is the token in them, which no other site knows. */
enum err page_sent_it(struct call *c);
