/* The rows of [token], [session], [key], [password] and [login]. */
#include "domain/settings.h"

#define AT(member) offsetof(struct domain_settings, member)
#define DAY        86400

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
};
/* clang-format on */

const struct setting_table domain_settings_table = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct domain_settings)};
