#include "base/check.h"
#include "base/moment.h"
#include "ops/notify.h"

#include <unistd.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

/* The manager's side: a socket at a path, or with an @ in front in the abstract namespace. */
static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    assert_true(descriptor >= 0);
    memcpy(address.sun_path, name, strlen(name));
    if (name[0] == '@') {
        address.sun_path[0] = '\0';
    }
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    return descriptor;
}

static struct str heard(int descriptor, char *memory, size_t size)
{
    ssize_t got = recv(descriptor, memory, size - 1, MSG_DONTWAIT);

    assert_true(got >= 0);
    memory[got] = '\0';
    return (struct str){memory, (size_t)got};
}

static void the_manager_hears_each_state(void **state)
{
    (void)state;
    char folder[] = "/tmp/signet-test-XXXXXX", path[64], memory[128];

    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/notify", folder);
    int manager = listen_at(path);

    assert_ok(notify_send(path, NOTIFY_READY));
    assert_str(heard(manager, memory, sizeof memory), "READY=1");
    assert_ok(notify_send(path, NOTIFY_STOPPING));
    assert_str(heard(manager, memory, sizeof memory), "STOPPING=1");
    int64_t before = monotonic_ns() / 1000;
    assert_ok(notify_send(path, NOTIFY_RELOADING));
    assert_true(
        str_starts(heard(manager, memory, sizeof memory), STR("RELOADING=1\nMONOTONIC_USEC=")));
    int64_t told = strtoll(strrchr(memory, '=') + 1, NULL, 10);
    assert_true(told >= before && told <= monotonic_ns() / 1000);

    assert_int_equal(close(manager), 0);
    assert_int_equal(unlink(path), 0);
    assert_err(notify_send(path, NOTIFY_READY), ERR_SYSTEM); /* gone */
    assert_int_equal(rmdir(folder), 0);
}

static void abstract_names_work_too(void **state)
{
    (void)state;
    char name[64], memory[128];

    (void)snprintf(name, sizeof name, "@signet-test-%d", (int)getpid());
    int manager = listen_at(name);
    assert_ok(notify_send(name, NOTIFY_READY));
    assert_str(heard(manager, memory, sizeof memory), "READY=1");
    assert_int_equal(close(manager), 0);
}

static void without_a_manager_nothing_is_told(void **state)
{
    (void)state;
    char endless[200];

    memset(endless, '/', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    assert_ok(notify_send(NULL, NOTIFY_READY));
    assert_err(notify_send("", NOTIFY_READY), ERR_SYSTEM);
    assert_err(notify_send("@", NOTIFY_READY), ERR_SYSTEM);
    assert_err(notify_send("vsock:2:1234", NOTIFY_READY), ERR_SYSTEM);
    assert_err(notify_send(endless, NOTIFY_READY), ERR_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manager_hears_each_state),
        cmocka_unit_test(abstract_names_work_too),
        cmocka_unit_test(without_a_manager_nothing_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
