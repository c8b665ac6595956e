/* In this order: who is no longer root can no longer give up anything else. */
#include "confine/privileges.h"

#include <unistd.h>

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum {
    NAME_MOST = 64,
    RECORD_MOST = 4096
};

static enum err failed(const char *what, struct reason *reason)
{
    return fail(reason, ERR_SYSTEM, STR("process.user"), "%s: %s", what, strerrordesc_np(errno));
}

/* What no program that this one starts could ever get. Not root's to give up: then there is nothing
 * to lose either, as no_new_privs follows. */
static void empty_bounding_set(void)
{
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
}

static enum err become(const struct passwd *user, struct reason *reason)
{
    if (geteuid() == user->pw_uid && getuid() == user->pw_uid) {
        return ERR_OK; /* whoever started us has seen to it */
    }
    if (geteuid() != 0) {
        return fail(reason, ERR_CONFIG, STR("process.user"),
                    "process.user is %s, and only root can become another user", user->pw_name);
    }
    if (initgroups(user->pw_name, user->pw_gid) != 0) {
        return failed("initgroups", reason);
    }
    if (setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0) {
        return failed("setresgid", reason);
    }
    return setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0 ? ERR_OK
                                                                    : failed("setresuid", reason);
}

static enum err become_named(struct str name, struct reason *reason)
{
    char text[NAME_MOST], memory[RECORD_MOST];
    struct passwd record, *user = NULL;

    bool fits = snprintf(text, sizeof text, "%.*s", STR_ARG(name)) < (int)sizeof text;
    errno = fits ? getpwnam_r(text, &record, memory, sizeof memory, &user) : 0;
    if (errno != 0) {
        return failed(text, reason);
    }
    if (!user) {
        return fail(reason, ERR_CONFIG, STR("process.user"),
                    "process.user: there is no user %s on this machine", text);
    }
    return become(user, reason);
}

static enum err drop_capabilities(struct reason *reason)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    struct __user_cap_data_struct now[_LINUX_CAPABILITY_U32S_3] = {0};

    /* Where nothing is held, systemd's filter may not let us give it up either. */
    if (syscall(SYS_capget, &header, now) == 0 && memcmp(now, none, sizeof now) == 0) {
        return ERR_OK;
    }
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0 ? ERR_OK : failed("capset", reason);
}

enum err privileges_give_up(struct str user, struct reason *reason)
{
    empty_bounding_set();
    if (user.len > 0) {
        TRY(become_named(user, reason));
    }
    TRY(drop_capabilities(reason));
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* which becoming somebody else may have set */
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? ERR_OK
                                                       : failed("PR_SET_NO_NEW_PRIVS", reason);
}
