/* The commands, in the order in which --help tells of them. */
#include "app/commands.h"

/* clang-format off */
const struct command *const commands[] = {
    &command_dev,          &command_serve,          &command_admin_create,
    &command_admin_list,   &command_admin_password, &command_admin_disable,
    &command_admin_enable, &command_user_show,      &command_session_list,
    &command_session_end,  &command_key_list,       &command_key_rotate,
    &command_mail_list,    &command_mail_retry,     &command_mail_drop,
    &command_mail_test,
    &command_migrate,      &command_backup,         &command_restore,
    &command_copy,         &command_check,          &command_config,
    &command_routes,       &command_openapi,        &command_version,
    NULL,
};
/* clang-format on */
