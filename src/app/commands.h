/* Each command, by the file that has it. */
#pragma once

#include "app/cli.h"

/* command_serve.c */
extern const struct command command_dev, command_serve;

/* command_admin.c */
extern const struct command command_admin_create, command_admin_list, command_admin_password,
    command_admin_disable, command_admin_enable;

/* command_user.c */
extern const struct command command_user_list, command_user_show, command_user_create,
    command_user_password, command_user_disable, command_user_enable, command_user_delete;

/* command_session.c */
extern const struct command command_session_list, command_session_end;

/* command_org.c */
extern const struct command command_org_list, command_org_create, command_org_suspend,
    command_org_resume, command_org_delete;

/* command_role.c */
extern const struct command command_role_list, command_role_create, command_role_delete,
    command_role_grant, command_role_revoke;

/* command_permission.c */
extern const struct command command_permission_list, command_permission_create,
    command_permission_delete;

/* command_key.c */
extern const struct command command_key_list, command_key_rotate;

/* command_service_key.c */
extern const struct command command_service_key_list, command_service_key_create,
    command_service_key_revoke;

/* command_mail.c */
extern const struct command command_mail_list, command_mail_retry, command_mail_drop,
    command_mail_test;

/* command_migrate.c */
extern const struct command command_migrate;

/* command_backup.c */
extern const struct command command_backup, command_restore;

/* command_copy.c */
extern const struct command command_copy;

/* command_check.c */
extern const struct command command_check;

/* command_config.c */
extern const struct command command_config;

/* command_routes.c */
extern const struct command command_routes;

/* command_openapi.c */
extern const struct command command_openapi;

/* command_version.c */
extern const struct command command_version;
