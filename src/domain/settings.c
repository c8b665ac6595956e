/* The rows of all that the domain decides by: [token] to [verification]. */
#include "domain/settings.h"

#include "domain/providers.h"

#define AT(member) offsetof(struct domain_settings, member)
#define DAY        86400

/* By the number of their users; each with the domains of its own that are given out. */
#define PUBLIC_MAIL                                                                                \
    "126.com 163.com aol.com fastmail.com free.fr gmail.com gmx.com gmx.de gmx.net "               \
    "googlemail.com "                                                                              \
    "hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr hushmail.com icloud.com "             \
    "laposte.net libero.it live.com mac.com mail.com mail.ru mailbox.org me.com msn.com "          \
    "naver.com o2.pl orange.fr outlook.com outlook.de outlook.fr pm.me posteo.de proton.me "       \
    "protonmail.com qq.com rediffmail.com seznam.cz t-online.de tutanota.com web.de wp.pl "        \
    "yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com yandex.ru "        \
    "ymail.com zoho.com zohomail.com"

static enum err check_return(struct str value)
{
    return url_is_https(value) || url_is_loopback(value) ? ERR_OK : ERR_FIELD_VALUE;
}

/* clang-format off */
static const struct setting rows[] = {
    {"token", "issuer", SETTING_TEXT, AT(issuer), "signet", .help =
     "The `iss` of every token; those of another issuer are refused"},
    {"token", "cache", SETTING_NUMBER, AT(token_cache), "4096", 64, 1 << 20, .help =
     "How many verified tokens each I/O thread remembers"},
    {"session", "life", SETTING_SECONDS, AT(session_seconds), "30d", 60, 400 * DAY, .reloadable = true, .help =
     "How long a login lasts at most"},
    {"session", "renewal", SETTING_SECONDS, AT(renewal_seconds), "24h", 0, 30 * DAY, .help =
     "How long after it has expired an access token can still be renewed, by the API that knows no refresh tokens"},
    {"refresh", "life", SETTING_SECONDS, AT(refresh_seconds), "90d", 60, 400 * DAY, .reloadable = true, .help =
     "How long a login with a refresh token lasts at most, where session.life is the others'"},
    {"refresh", "administrators", SETTING_SECONDS, AT(refresh_admin_seconds), "12h", 60, 400 * DAY, .reloadable = true, .help =
     "The same for those who hold any permission of the service's own"},
    {"refresh", "idle", SETTING_SECONDS, AT(refresh_idle), "14d", 60, 400 * DAY, .reloadable = true, .help =
     "How long a refresh token counts that is not used"},
    {"refresh", "repeat", SETTING_SECONDS, AT(refresh_repeat), "10s", 0, 60, .reloadable = true, .help =
     "How long one that was used is answered again, with the same successor and to the same address, as the answer may have been lost; 0 is not at all"},
    {"key", "rotation", SETTING_SECONDS, AT(key_rotation), "90d", 3600, 3650 * DAY, .reloadable = true, .help =
     "The age at which a signing key is followed by a new one"},
    {"key", "announcement", SETTING_SECONDS, AT(key_announcement), "24h", 0, 30 * DAY, .reloadable = true, .help =
     "How long a new key is published before it signs"},
    {"password", "memory", SETTING_NUMBER, AT(hash_memory_kib), "19456", 8192, 262144, .help =
     "Argon2id: KiB of memory for one hash"},
    {"password", "passes", SETTING_NUMBER, AT(hash_passes), "2", 1, 10, .help =
     "Argon2id: passes over that memory"},
    {"password", "refuse_common", SETTING_SWITCH, AT(refuse_common), "yes", .reloadable = true, .help =
     "Refuse passwords that are common, or made of the account's own name or address; when off, there is a warning instead"},
    {"events", "keep", SETTING_SECONDS, AT(events_keep), "0", 0, 36500 * (int64_t)DAY, .reloadable = true, .help =
     "How long events, which are the audit log, are kept: at least a day; 0 is for ever"},
    {"login", "require_verified", SETTING_SWITCH, AT(require_verified), "no", .reloadable = true, .help =
     "Let nobody in whose address has not been verified"},
    {"login", "free_failures", SETTING_NUMBER, AT(free_failures), "5", 0, 100, .reloadable = true, .help =
     "Wrong passwords in a row before an account's logins are delayed: 1, 2, 4, … seconds"},
    {"login", "most_delay", SETTING_SECONDS, AT(most_delay), "15m", 1, DAY, .reloadable = true, .help =
     "The longest such delay"},
    {"login", "most_failures", SETTING_NUMBER, AT(most_failures), "90", 1, 95, .reloadable = true, .help =
     "Wrong passwords in a row after which only a new password helps"},
    {"login", "network_minute", SETTING_NUMBER, AT(network_minute), "20", 0, 1000000, .reloadable = true, .help =
     "Failed logins a minute from one network (IPv6: /64); 0 is no limit"},
    {"login", "network_hour", SETTING_NUMBER, AT(network_hour), "100", 0, 1000000, .reloadable = true, .help =
     "Failed logins an hour from one network; 0 is no limit"},
    {"login", "network_total", SETTING_NUMBER, AT(network_total), "300", 0, 10000000, .reloadable = true, .help =
     "Logins a minute from one network, right ones too; 0 is no limit"},
    {"register", "network_hour", SETTING_NUMBER, AT(register_hour), "10", 0, 1000000, .reloadable = true, .help =
     "Registrations an hour from one network (IPv6: /64), refused ones too; 0 is no limit"},
    {"links", "per_address", SETTING_NUMBER, AT(letters_per_address), "3", 0, 1000, .reloadable = true, .help =
     "Letters with a link that one address can be sent in links.period, counted for all nodes together; 0 is no limit"},
    {"links", "period", SETTING_SECONDS, AT(letters_period), "15m", 1, DAY, .reloadable = true, .help =
     "The time in which they are counted"},
    {"links", "network_hour", SETTING_NUMBER, AT(letters_hour), "20", 0, 1000000, .reloadable = true, .help =
     "Letters with a link that one network can ask for in an hour; 0 is no limit"},
    {"links", "network_minute", SETTING_NUMBER, AT(links_minute), "20", 0, 1000000, .reloadable = true, .help =
     "Links a minute from one network that are none, or no longer; 0 is no limit"},
    {"links", "magic_return", SETTING_TEXT, AT(magic_return), "", .reloadable = true, .help =
     "The application's page to which a magic link leads on, with ?token=…, which is for verify-magic-link; without one the page of the link asks for its code to be typed where it was asked for",
     .expects = "https://HOST/PATH", .check = check_return},
    {"verification", "public_mail_domains", SETTING_WORDS, AT(public_mail_domains), PUBLIC_MAIL, .reloadable = true, .help =
     "Domains where anybody can have an address: one there is verified, but makes nobody corporate, unless an organization has that domain"},
};
/* clang-format on */

const struct setting_table domain_settings_table = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct domain_settings)};
