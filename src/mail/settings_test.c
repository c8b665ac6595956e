#include "base/check.h"
#include "mail/settings.h"

static struct mail_settings sane(void)
{
    return (struct mail_settings){
        .transport = STR("smtp://mail.example.com"),
        .from = STR("id@example.com"),
        .starttls = STR("required"),
    };
}

static enum err agree(struct mail_settings settings)
{
    struct reason reason = {0};

    enum err e = mail_settings_agree(&settings, &reason);
    assert_int_equal(e != ERR_OK, reason.detail[0] != '\0');
    return e;
}

static void what_goes_together_is_accepted(void **state)
{
    struct mail_settings settings = sane();

    (void)state;
    assert_ok(agree(settings));
    settings.password.hidden = STR("secret");
    assert_ok(agree(settings));
    settings.transport = STR("smtps://mail.example.com");
    settings.starttls = STR("never");
    assert_ok(agree(settings));
    assert_ok(agree((struct mail_settings){0}));
}

static void a_password_is_never_sent_in_the_clear_but_on_this_machine(void **state)
{
    struct mail_settings settings = sane();

    (void)state;
    settings.password_file = STR("/etc/secret");
    settings.starttls = STR("optional");
    assert_err(agree(settings), ERR_CONFIG);
    settings.starttls = STR("never");
    assert_err(agree(settings), ERR_CONFIG);
    settings.transport = STR("smtp://127.0.0.1:2525");
    assert_ok(agree(settings));
}

static void two_passwords_or_no_sender_are_refused(void **state)
{
    struct mail_settings settings = sane();

    (void)state;
    settings.password.hidden = STR("a");
    settings.password_file = STR("/b");
    assert_err(agree(settings), ERR_CONFIG);
    settings = sane();
    settings.from = STR("");
    assert_err(agree(settings), ERR_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_together_is_accepted),
        cmocka_unit_test(a_password_is_never_sent_in_the_clear_but_on_this_machine),
        cmocka_unit_test(two_passwords_or_no_sender_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
