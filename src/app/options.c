/* The rows. */
#include "app/options.h"

#define AT(member) offsetof(struct command_line, member)

/* clang-format off */
const struct option_row option_rows[] = {
    {"help",    'h', NULL,                TAKES_HELP,    OPTION_FLAG,     AT(help),
     "Say what there is, or tell more of the command before it"},
    {"version", 'V', NULL,                TAKES_VERSION, OPTION_FLAG,     AT(version),
     "Say which version this is"},
    {"config",  'c', "FILE",              TAKES_CONFIG,  OPTION_TEXT,     AT(options.file),
     "Read settings from FILE, which has to exist"},
    {"data",    'd', "DIR",               TAKES_DATA,    OPTION_TEXT,     AT(options.data),
     "Keep the store and the master key in DIR (default /var/lib/signet; dev: ./var)"},
    {"set",     's', "SECTION.KEY=VALUE", TAKES_SET,     OPTION_SETTING,  0,
     "Set one setting, whatever file and environment say; may be repeated"},
    {"listen",  'l', "ADDRESS:PORT",      TAKES_LISTEN,  OPTION_LISTENER, 0,
     "Listen there and not at http.listen; may be repeated"},
    {"email",   0,   "ADDRESS",           TAKES_EMAIL,   OPTION_TEXT,     AT(email),
     "The address of the account"},
    {"role",    0,   "ROLE",              TAKES_ROLE,    OPTION_TEXT,     AT(role),
     "What the account may do. An administrator: SUPER_ADMIN (default) or ADMIN; a user: USER (default), "
     "or any roles with commas between"},
    {"organization", 0, "SLUG",           TAKES_ORGANIZATION, OPTION_TEXT, AT(organization),
     "In this organization alone, and not everywhere"},
    {"slug",    0,   "SLUG",              TAKES_SLUG,    OPTION_TEXT,     AT(slug),
     "Its name in addresses (default: made from the name)"},
    {"domain",  0,   "DOMAIN",            TAKES_DOMAIN,  OPTION_TEXT,     AT(domain),
     "Where its people have their addresses"},
    {"permissions", 0, "NAME,...",        TAKES_PERMISSIONS, OPTION_TEXT, AT(permissions),
     "What the role allows"},
    {"permission", 0, "NAME",             TAKES_PERMISSION, OPTION_TEXTS, AT(permission),
     "What the key allows; may be repeated"},
    {"expires", 0,   "WHEN",              TAKES_EXPIRES, OPTION_TEXT,     AT(expires),
     "Until then: 90d, 12h or 2027-01-31T00:00:00Z (default: until it is revoked)"},
    {"description", 0, "TEXT",            TAKES_DESCRIPTION, OPTION_TEXT, AT(description),
     "What it is for"},
    {"begins",  0,   "TEXT",              TAKES_BEGINS,  OPTION_TEXT,     AT(begins),
     "Only users whose username or address begins so"},
    {"limit",   0,   "N",                 TAKES_LIMIT,   OPTION_TEXT,     AT(limit),
     "At most so many (default 100)"},
    {"page",    0,   "N",                 TAKES_PAGE,    OPTION_TEXT,     AT(page),
     "The Nth page of that length (default 1)"},
    {"all",     0,   NULL,                TAKES_ALL,     OPTION_FLAG,     AT(all),
     "Every open session of a user, who is named in place of a session"},
    {"now",     0,   NULL,                TAKES_NOW,     OPTION_FLAG,     AT(now),
     "Sign with the new key at once, without announcing it"},
    {"check",   0,   NULL,                TAKES_CHECK,   OPTION_FLAG,     AT(check),
     "Only say whether it is needed: status 0 when it is not, 1 when it is"},
    {"form",    0,   "FORM",              TAKES_FORM,    OPTION_TEXT,     AT(form),
     "effective (default): what is in force and where it was set; example: a settings file with every "
     "default; markdown, man: the reference"},
    {"full",    0,   NULL,                TAKES_FULL,    OPTION_FLAG,     AT(full),
     "With the libraries it runs on"},
    {"passphrase-file", 0, "FILE",        TAKES_PASSPHRASE, OPTION_TEXT,  AT(passphrase),
     "Read the passphrase from the first line of FILE"},
    {"force",   0,   NULL,                TAKES_FORCE,   OPTION_FLAG,     AT(force),
     "All the same: write over what is there, delete what has members"},
    {"from",    0,   "URL",               TAKES_FROM,    OPTION_TEXT,     AT(from),
     "The store to be read: sqlite:FILE or postgresql://HOST/DATABASE"},
    {"to",      0,   "URL",               TAKES_TO,      OPTION_TEXT,     AT(to),
     "The store to be filled, which has to be empty"},
    {0},
};
/* clang-format on */

_Static_assert(ARRAY_LEN(option_rows) <= MOST_OPTIONS, "arguments.c has room for all of them");
