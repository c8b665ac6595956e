/* Each in a process of its own. */
#include "base/check.h"
#include "confine/privileges.h"

#include <unistd.h>

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum {
    DONE = 42,
    WRONG = 43
};

static void goes_well(bool (*work)(void))
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        _exit(work() ? DONE : WRONG);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), DONE);
}

/* The line of /proc/self/status that begins so, behind the tab. */
static bool status_is(const char *name, const char *value)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[256] = "";
    bool same = false;

    while (file && fgets(line, sizeof line, file)) {
        char *tab = strchr(line, '\t');
        if (tab && strncmp(line, name, strlen(name)) == 0) {
            tab[strcspn(tab, "\n")] = 0;
            same = strcmp(tab + 1, value) == 0;
        }
    }
    if (file) {
        (void)fclose(file);
    }
    return same;
}

static bool nothing_is_left(void)
{
    static const char none[] = "0000000000000000";

    return status_is("CapEff:", none) && status_is("CapPrm:", none) && status_is("CapInh:", none) &&
           status_is("CapAmb:", none) && status_is("NoNewPrivs:", "1") &&
           (geteuid() != 0 || status_is("CapBnd:", none));
}

static bool stays(void)
{
    struct reason reason = {0};
    uid_t before = geteuid();

    if (privileges_give_up(STR(""), &reason) != ERR_OK || geteuid() != before) {
        return false;
    }
    return status_is("CapEff:", "0000000000000000") && status_is("NoNewPrivs:", "1") &&
           (before != 0 || status_is("CapBnd:", "0000000000000000")) && nothing_is_left();
}

static void without_a_user_only_privileges_go(void **state)
{
    (void)state;
    goes_well(stays);
}

static bool becomes_nobody(void)
{
    const struct passwd *nobody = getpwnam("nobody");
    struct reason reason = {0};
    uid_t real, effective, saved;
    gid_t groups[32];

    if (!nobody || privileges_give_up(STR("nobody"), &reason) != ERR_OK) {
        return false;
    }
    int count = getgroups(32, groups);
    return getresuid(&real, &effective, &saved) == 0 && real == nobody->pw_uid &&
           effective == nobody->pw_uid && saved == nobody->pw_uid && getgid() == nobody->pw_gid &&
           count == 1 && groups[0] == nobody->pw_gid && nothing_is_left() && setuid(0) != 0;
}

static void root_becomes_the_user_that_is_named(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        skip();
    }
    goes_well(becomes_nobody);
}

static bool is_refused_to_others(void)
{
    const struct passwd *nobody = getpwnam("nobody");
    struct reason reason = {0};

    if (geteuid() == 0 && (!nobody || setuid(nobody->pw_uid) != 0)) {
        return false;
    }
    return privileges_give_up(STR("root"), &reason) == ERR_CONFIG &&
           strstr(reason.detail, "only root can become another user") != NULL;
}

static void nobody_else_can(void **state)
{
    (void)state;
    goes_well(is_refused_to_others);
}

static bool is_who_it_is(void)
{
    const struct passwd *self = getpwuid(geteuid());
    struct reason reason = {0};

    return !self || privileges_give_up(str_of(self->pw_name), &reason) == ERR_OK;
}

static void who_is_named_may_have_been_become_already(void **state)
{
    (void)state;
    goes_well(is_who_it_is);
}

static bool is_unknown(void)
{
    struct reason reason = {0};

    return privileges_give_up(STR("no-such-user-here"), &reason) == ERR_CONFIG &&
           strstr(reason.detail, "there is no user no-such-user-here") != NULL;
}

static void a_user_who_is_not_there_is_refused(void **state)
{
    (void)state;
    goes_well(is_unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_user_only_privileges_go),
        cmocka_unit_test(root_becomes_the_user_that_is_named),
        cmocka_unit_test(nobody_else_can),
        cmocka_unit_test(who_is_named_may_have_been_become_already),
        cmocka_unit_test(a_user_who_is_not_there_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
