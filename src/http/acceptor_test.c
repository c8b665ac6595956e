#include "base/check.h"
#include "base/moment.h"
#include "http/acceptor.h"
#include "http/connection.h"
#include "http/socket.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* A loop whose thread is the test. */
static struct loop *loop_on(struct loop_plan *plan, uint16_t *ret_port)
{
    const struct http_listener listener = {STR("127.0.0.1"), 0};
    struct loop *loop = NULL;
    int fd = -1;

    assert_ok(socket_listen(&listener, /* exclusive= */ true, NULL, &fd));
    *ret_port = socket_port(fd);
    assert_ok(loop_create(plan, 0, 1, &loop));
    assert_ok(loop_listen(loop, fd, 0));
    loop->now_ns = monotonic_ns();
    return loop;
}

static int connect_to(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void look_for_clients(struct loop *loop)
{
    loop->acceptors[0].watched.ready(&loop->acceptors[0].watched, EPOLLIN);
}

static void without_even_a_spare_descriptor_accepting_rests_and_resumes(void **state)
{
    (void)state;
    struct loop_plan plan = {.connections = 10, .header_ns = INT64_MAX / 2};
    struct rlimit before, tight;
    uint16_t port;
    struct loop *loop = loop_on(&plan, &port);
    int client = connect_to(port);

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    tight = before;
    tight.rlim_cur = 0; /* nobody gets a new one */
    (void)close(loop->spare);
    loop->spare = -1;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    look_for_clients(loop);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(loop->accept_again_ns > loop->now_ns);
    assert_int_equal(plan.open, 0);

    acceptors_resume(loop); /* too early */
    assert_true(loop->accept_again_ns != 0);
    loop->now_ns = loop->accept_again_ns;
    acceptors_resume(loop);
    assert_int_equal(loop->accept_again_ns, 0);
    look_for_clients(loop);
    assert_int_equal(plan.open, 1);
    connection_close(loop->idle.first);
    assert_int_equal(plan.open, 0);
    (void)close(client);
    loop_destroy(loop);
    loop_destroy(NULL);
}

static void the_first_socket_of_an_address_wants_it_alone(void **state)
{
    (void)state;
    struct http_listener listener = {STR("127.0.0.1"), 0};
    int first = -1, second = -1, third = -1;

    assert_ok(socket_listen(&listener, /* exclusive= */ true, NULL, &first));
    listener.port = socket_port(first);
    assert_ok(socket_listen(&listener, /* exclusive= */ false, NULL, &second));
    assert_int_equal(socket_port(second), listener.port);
    assert_err(socket_listen(&listener, /* exclusive= */ true, NULL, &third), ERR_SYSTEM);
    (void)close(first);
    assert_err(socket_listen(&listener, /* exclusive= */ true, NULL, &third), ERR_SYSTEM);
    (void)close(second);
}

static void ipv6_is_taken_with_brackets_and_without(void **state)
{
    (void)state;
    static const char *const addresses[] = {"::1", "[::1]"};

    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        struct http_listener listener = {str_of(addresses[i]), 0};
        struct reason reason = {0};
        int fd = -1;
        if (socket_listen(&listener, /* exclusive= */ true, &reason, &fd) == ERR_OK) {
            assert_int_not_equal(socket_port(fd), 0);
            (void)close(fd);
            continue;
        }
        /* On a machine without IPv6 it is at least known for an address. */
        assert_null(strstr(reason.detail, "is not an IP address"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_even_a_spare_descriptor_accepting_rests_and_resumes),
        cmocka_unit_test(the_first_socket_of_an_address_wants_it_alone),
        cmocka_unit_test(ipv6_is_taken_with_brackets_and_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
