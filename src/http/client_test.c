#include "base/arena.h"
#include "base/check.h"
#include "base/moment.h"
#include "http/client.h"
#include "http/client_library.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

/* A server that says one thing to one connection. */
struct parrot {
    int listener;
    unsigned port;
    const char *words;
    pthread_t thread;
    char heard[4096];
};

static void *parrot_main(void *with)
{
    struct parrot *parrot = with;
    int peer = accept(parrot->listener, NULL, NULL);

    if (peer >= 0) {
        ssize_t got = read(peer, parrot->heard, sizeof parrot->heard - 1);
        parrot->heard[got > 0 ? got : 0] = '\0';
        if (parrot->words) {
            assert_true(write(peer, parrot->words, strlen(parrot->words)) > 0);
        } else {
            (void)!read(peer, parrot->heard, 1); /* until the other gives up */
        }
        (void)close(peer);
    }
    return NULL;
}

static int listen_somewhere(unsigned *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 4), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
    *ret_port = ntohs(at.sin_port);
    return listener;
}

static void parrot_start(struct parrot *parrot, const char *words)
{
    *parrot = (struct parrot){.words = words};
    parrot->listener = listen_somewhere(&parrot->port);
    assert_int_equal(pthread_create(&parrot->thread, NULL, parrot_main, parrot), 0);
}

static void parrot_end(struct parrot *parrot)
{
    (void)shutdown(parrot->listener, SHUT_RDWR); /* if nobody came */
    (void)pthread_join(parrot->thread, NULL);
    (void)close(parrot->listener);
}

static struct client_rules rules(void)
{
    return (struct client_rules){.tls = CLIENT_TLS_NONE,
                                 .private_too = true,
                                 .connect_ms = 2000,
                                 .total_ms = 5000,
                                 .most = 100};
}

struct asking {
    struct arena *arena;
    struct parrot parrot;
    struct client_answer answer;
    struct reason reason;
};

static enum err ask(struct asking *asking, const struct client_rules *rules, const char *words)
{
    struct client_request request = {.headers = {STR("X-One: 1")}};
    struct http_client *client;

    asking->reason = (struct reason){0};
    parrot_start(&asking->parrot, words);
    assert_ok(
        arena_print(asking->arena, &request.url, "http://127.0.0.1:%u/a?b", asking->parrot.port));
    assert_ok(http_client_create(rules, &asking->reason, &client));
    enum err e =
        http_client_fetch(client, asking->arena, &request, &asking->reason, &asking->answer);
    http_client_destroy(client);
    parrot_end(&asking->parrot);
    return e;
}

static int make(void **state)
{
    static struct asking asking;

    asking.arena = arena_create(4096, 1 << 20);
    assert_non_null(asking.arena);
    *state = &asking;
    return 0;
}

static int destroy(void **state)
{
    arena_destroy(((struct asking *)*state)->arena);
    return 0;
}

#define HELLO "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 5\r\n\r\nhello"

/* A server that answers the first request, and closes its connections on all that come later. */
struct sulker {
    int listener, first;
    unsigned port;
    size_t heard; /* requests */
    pthread_t thread;
};

static bool sulker_hears(struct sulker *sulker, int peer)
{
    char request[4096];
    bool heard = peer >= 0 && read(peer, request, sizeof request) > 0;

    sulker->heard += heard;
    return heard;
}

static void *sulker_main(void *with)
{
    struct sulker *sulker = with;

    sulker->first = accept(sulker->listener, NULL, NULL);
    if (sulker_hears(sulker, sulker->first)) {
        assert_true(write(sulker->first, HELLO, strlen(HELLO)) > 0);
    }
    for (int peers = 1; peers > 0;) { /* until nobody has come for a while */
        struct pollfd wait[] = {
            {.fd = sulker->listener, .events = POLLIN},
            {.fd = sulker->first,    .events = POLLIN}
        };
        peers = poll(wait, ARRAY_LEN(wait), 500);
        bool again = peers > 0 && wait[1].revents != 0;
        int peer = again ? sulker->first : peers > 0 ? accept(sulker->listener, NULL, NULL) : -1;
        (void)sulker_hears(sulker, peer);
        sulker->first = again ? -1 : sulker->first;
        if (peer >= 0) {
            (void)close(peer);
        }
    }
    if (sulker->first >= 0) {
        (void)close(sulker->first);
    }
    return NULL;
}

/* By itself, libcurl sends a request once more whose connection had been used before and dies. */
static void what_has_a_body_is_sent_once(void **state)
{
    struct asking *asking = *state;
    struct client_rules all = rules();
    struct client_request request = {.type = STR("text/plain"), .body = STR("once")};
    struct sulker sulker = {.first = -1};
    struct http_client *client;

    sulker.listener = listen_somewhere(&sulker.port);
    assert_int_equal(pthread_create(&sulker.thread, NULL, sulker_main, &sulker), 0);
    assert_ok(arena_print(asking->arena, &request.url, "http://127.0.0.1:%u/", sulker.port));
    assert_ok(http_client_create(&all, &asking->reason, &client));
    assert_ok(http_client_fetch(client, asking->arena, &request, &asking->reason, &asking->answer));
    assert_err(http_client_fetch(client, asking->arena, &request, &asking->reason, &asking->answer),
               ERR_STORE_DOWN);
    http_client_destroy(client);
    (void)pthread_join(sulker.thread, NULL);
    (void)close(sulker.listener);
    assert_int_equal(sulker.heard, 2);
}

static void an_answer_comes_with_its_status_and_type(void **state)
{
    struct asking *asking = *state;
    struct client_rules all = rules();

    assert_ok(ask(asking, &all, HELLO));
    assert_int_equal(asking->answer.status, 200);
    assert_str(asking->answer.type, "text/x");
    assert_str(asking->answer.body, "hello");
    assert_non_null(strstr(asking->parrot.heard, "GET /a?b HTTP/1.1\r\n"));
    assert_non_null(strstr(asking->parrot.heard, "X-One: 1\r\n"));
}

static void a_redirect_is_an_answer_like_any_other(void **state)
{
    struct asking *asking = *state;
    struct client_rules all = rules();

    assert_ok(
        ask(asking, &all,
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));
    assert_int_equal(asking->answer.status, 302);
}

static void too_large_an_answer_is_cut_off(void **state)
{
    struct asking *asking = *state;
    struct client_rules little = rules();

    little.most = 4;
    assert_err(ask(asking, &little, HELLO), ERR_STORE_DOWN);
    assert_non_null(strstr(asking->reason.detail, "larger than 4 bytes"));
}

static void nobody_waits_for_longer_than_the_rules_say(void **state)
{
    struct asking *asking = *state;
    struct client_rules hasty = rules();
    int64_t begun = monotonic_ms();

    hasty.total_ms = 100;
    assert_err(ask(asking, &hasty, NULL), ERR_STORE_DOWN);
    assert_true(monotonic_ms() - begun < 4000);
}

static void an_address_of_a_private_network_is_not_connected_to(void **state)
{
    struct asking *asking = *state;
    struct client_rules outside = rules();

    outside.private_too = false;
    assert_err(ask(asking, &outside, HELLO), ERR_CONFIG);
    assert_non_null(strstr(asking->reason.detail, "private network"));
    assert_string_equal(asking->parrot.heard, "");
}

static void a_name_that_leads_into_a_private_network_neither(void **state)
{
    struct client_request request = {.url = STR("http://localhost:1/")};
    struct client_rules outside = rules();
    struct asking *asking = *state;
    struct http_client *client;

    outside.private_too = false;
    assert_ok(http_client_create(&outside, &asking->reason, &client));
    assert_err(http_client_fetch(client, asking->arena, &request, &asking->reason, &asking->answer),
               ERR_CONFIG);
    http_client_destroy(client);
}

static void without_leave_nothing_goes_in_the_clear_or_elsewhere(void **state)
{
    static const char *const wrong[] = {"http://127.0.0.1:1/", "file:///etc/passwd",
                                        "gopher://127.0.0.1:1/", "ftp://127.0.0.1/", "https://"};
    struct client_rules strict = rules();
    struct asking *asking = *state;
    struct http_client *client;

    strict.tls = CLIENT_TLS_REQUIRED;
    assert_ok(http_client_create(&strict, &asking->reason, &client));
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct client_request request = {.url = str_of(wrong[i])};
        assert_err(
            http_client_fetch(client, asking->arena, &request, &asking->reason, &asking->answer),
            ERR_CONFIG);
    }
    http_client_destroy(client);
}

static void a_header_with_a_line_end_is_not_sent(void **state)
{
    struct client_request request = {.url = STR("http://127.0.0.1:1/"),
                                     .headers = {STR("A: b\r\nC: d")}};
    struct client_rules all = rules();
    struct asking *asking = *state;
    struct http_client *client;

    assert_ok(http_client_create(&all, &asking->reason, &client));
    assert_err(http_client_fetch(client, asking->arena, &request, &asking->reason, &asking->answer),
               ERR_CONFIG);
    http_client_destroy(client);
}

static void an_address_with_a_line_end_gets_no_letter(void **state)
{
    struct client_mail mail = {.url = STR("smtp://127.0.0.1:1"),
                               .hello = STR("a"),
                               .from = STR("a@b.cd"),
                               .to = STR("e@f.gh>\r\nRCPT TO:<i@j.kl")};
    struct client_rules all = rules();
    struct asking *asking = *state;
    struct http_client *client;

    assert_ok(http_client_create(&all, &asking->reason, &client));
    assert_int_equal(http_client_send(client, &mail, &asking->reason), CLIENT_REFUSED);
    mail.to = STR("e@f.gh");
    assert_int_equal(http_client_send(client, &mail, &asking->reason), CLIENT_UNREACHABLE);
    http_client_destroy(client);
}

static void every_function_of_the_library_is_found(void **state)
{
    struct client_library one, other;

    (void)state;
    assert_ok(client_library_load(NULL, &one));
    assert_ok(client_library_load(NULL, &other));
    assert_memory_equal(&one, &other, sizeof one);
#define FUNCTION(name, function) assert_non_null(one.name);
    CLIENT_FUNCTIONS(FUNCTION)
#undef FUNCTION
}

int main(void)
{
#define ASKING(test) cmocka_unit_test_setup_teardown(test, make, destroy)
    const struct CMUnitTest tests[] = {
        ASKING(an_answer_comes_with_its_status_and_type),
        ASKING(what_has_a_body_is_sent_once),
        ASKING(a_redirect_is_an_answer_like_any_other),
        ASKING(too_large_an_answer_is_cut_off),
        ASKING(nobody_waits_for_longer_than_the_rules_say),
        ASKING(an_address_of_a_private_network_is_not_connected_to),
        ASKING(a_name_that_leads_into_a_private_network_neither),
        ASKING(without_leave_nothing_goes_in_the_clear_or_elsewhere),
        ASKING(a_header_with_a_line_end_is_not_sent),
        ASKING(an_address_with_a_line_end_gets_no_letter),
        cmocka_unit_test(every_function_of_the_library_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
