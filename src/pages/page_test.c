#include "base/arena.h"
#include "base/check.h"
#include "mail/settings.h"
#include "pages/page.h"
#include "web/mock.h"

#include <stdlib.h>
#include <string.h>

struct desk_top {
    struct mock mock;
    struct mail_settings settings;
};

static int make(void **state)
{
    static struct desk_top d;

    memset(&d, 0, sizeof d);
    mock_make(&d.mock);
    d.settings.name = STR("Signet <&>");
    d.settings.colour = STR("#2457c5");
    d.mock.call.settings = &d.settings;
    *state = &d;
    return 0;
}

static int destroy(void **state)
{
    struct desk_top *d = *state;

    mock_destroy(&d->mock);
    return 0;
}

/* The page in these colours. */
static const char *shown(struct desk_top *d, struct brand brand)
{
    static const struct markup_value values[] = {
        {"what", {"<b>", 3}}
    };
    struct html_page page = {
        .status = 200,
        .title = STR("A \"page\""),
        .brand = brand,
        .content = "<h1>{{what}}</h1>\n",
        .values = {values, 1}
    };
    struct str body;

    d->mock.x.headers.len = 0;
    assert_ok(page_answer(&d->mock.call, &page));
    assert_int_equal(d->mock.x.status, 200);
    assert_ok(arena_copy(d->mock.x.arena, d->mock.x.body, &body));
    return body.ptr;
}

static void a_page_is_in_the_service_s_own_colours_unless_somebody_has_others(void **state)
{
    struct desk_top *d = *state;

    const char *own = shown(d, (struct brand){0});
    assert_non_null(strstr(own, "<title>A &quot;page&quot; &ndash; Signet &lt;&amp;&gt;</title>"));
    assert_non_null(strstr(own, "--accent: #2457c5; --band: #2457c5;"));
    assert_non_null(strstr(own, "<h1>&lt;b&gt;</h1>"));
    const char *light = shown(d, (struct brand){STR("Iron"), STR("#ffee00")});
    assert_non_null(strstr(light, "<p class=\"brand\">Iron</p>"));
    assert_non_null(strstr(light, "--band: #ffee00;"));
    assert_null(strstr(light, "--accent: #ffee00;"));
}

static void what_is_no_colour_gets_into_no_style(void **state)
{
    struct desk_top *d = *state;

    const char *page = shown(d, (struct brand){STR("Iron"), STR("red;} *{display:none")});
    assert_null(strstr(page, "display:none"));
    assert_non_null(strstr(page, "--band: #000000;"));
}

static void a_page_runs_nothing_and_its_styles_count_by_a_nonce_of_its_own(void **state)
{
    struct desk_top *d = *state;
    char first[64], nonce[64];

    for (int i = 0; i < 2; i++) {
        const char *page = shown(d, (struct brand){0});
        assert_null(strstr(page, "<script"));
        const char *begin = strstr(page, "<style nonce=\"");
        assert_non_null(begin);
        (void)snprintf(nonce, sizeof nonce, "%.32s", begin + strlen("<style nonce=\""));
        struct str policy = d->mock.call.policy;
        assert_true(str_starts(policy, STR("default-src 'none'; style-src 'nonce-")));
        assert_non_null(memmem(policy.ptr, policy.len, nonce, 32));
        assert_true(i == 0 || strcmp(first, nonce) != 0);
        memcpy(first, nonce, sizeof first);
    }
    assert_string_equal(mock_header(&d->mock, "Referrer-Policy"), "no-referrer");
    assert_string_equal(mock_header(&d->mock, "X-Frame-Options"), "DENY");
}

/* What a form is sent with; NULL: it has no such header. */
static enum err sent(const char *site, const char *origin)
{
    static struct mock mock;

    mock_make(&mock);
    mock_ask(&mock, POST, "/activate");
    mock_send_header(&mock, "host", "id.example.com:8443");
    if (site) {
        mock_send_header(&mock, "sec-fetch-site", site);
    }
    if (origin) {
        mock_send_header(&mock, "origin", origin);
    }
    enum err e = page_sent_it(&mock.call);
    mock_destroy(&mock);
    return e;
}

static void a_form_of_another_site_is_refused(void **state)
{
    (void)state;
    static const char *const others[] = {"https://evil.example",
                                         "https://id.example.com",
                                         "https://id.example.com:8443.evil.example",
                                         "ftp://id.example.com:8443",
                                         "id.example.com:8443",
                                         ""};

    assert_ok(sent("same-origin", "null"));
    assert_ok(sent(NULL, NULL));
    assert_ok(sent(NULL, "null"));
    assert_ok(sent(NULL, "https://id.example.com:8443"));
    assert_ok(sent(NULL, "http://ID.example.com:8443"));
    assert_err(sent("cross-site", "https://id.example.com:8443"), ERR_FORBIDDEN);
    assert_err(sent("same-site", NULL), ERR_FORBIDDEN);
    assert_err(sent("none", NULL), ERR_FORBIDDEN);
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_err(sent(NULL, others[i]), ERR_FORBIDDEN);
    }
}

int main(void)
{
#define ON_DESK(test) cmocka_unit_test_setup_teardown(test, make, destroy)
    const struct CMUnitTest tests[] = {
        ON_DESK(a_page_is_in_the_service_s_own_colours_unless_somebody_has_others),
        ON_DESK(what_is_no_colour_gets_into_no_style),
        ON_DESK(a_page_runs_nothing_and_its_styles_count_by_a_nonce_of_its_own),
        cmocka_unit_test(a_form_of_another_site_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
