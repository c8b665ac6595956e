/* The account that `signet dev` brings along, as document 002 prints it. */
#pragma once

#include "app/instance.h"

#define DEV_NAME     "admin"
#define DEV_PASSWORD "your_password"
#define DEV_EMAIL    "admin@fitness-center.local"

/* Makes it if there is no administrator. */
enum err dev_account_make(const struct config *config, struct reason *reason);
