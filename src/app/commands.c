/* The commands, in the order in which --help tells of them. */
#include "app/commands.h"

/* clang-format off */
const struct command *const commands[] = {
    &command_dev,          &command_serve,          &command_admin_create,
    &command_admin_list,   &command_admin_password, &command_admin_disable,
    &command_admin_enable,
    &command_user_list,    &command_user_show,      &command_user_create,
    &command_user_password, &command_user_disable,  &command_user_enable,
    &command_user_delete,
    &command_session_list, &command_session_end,
    &command_org_list,     &command_org_create,     &command_org_suspend,
    &command_org_resume,   &command_org_delete,
    &command_role_list,    &command_role_create,    &command_role_delete,
    &command_role_grant,   &command_role_revoke,
    &command_permission_list, &command_permission_create, &command_permission_delete,
    &command_service_key_list, &command_service_key_create, &command_service_key_revoke,
    &command_mail_list,    &command_mail_retry,     &command_mail_drop,
    &command_mail_test,
    &command_key_list,     &command_key_rotate,
    &command_migrate,      &command_backup,         &command_restore,
    &command_copy,         &command_check,          &command_config,
    &command_routes,       &command_openapi,        &command_version,
    NULL,
};
/* clang-format on */
