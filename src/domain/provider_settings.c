/* The rows of [oauth] and of each [provider.NAME]. */
#include "domain/providers.h"

#define AT(member) offsetof(struct federation_settings, member)

/* Something that can go behind https:// and is whole. */
static bool is_plain(struct str text)
{
    bool plain = text.len > 0 && text.ptr[0] != '/';

    for (size_t i = 0; plain && i < text.len; i++) {
        char c = text.ptr[i];
        plain = c > ' ' && c < 0x7f && c != '@' && c != '"' && c != '<' && c != '>' && c != '\\' &&
                c != '#';
    }
    return plain;
}

bool url_is_https(struct str url)
{
    return str_starts(url, STR("https://")) && is_plain(str_skip(url, 8));
}

bool url_is_loopback(struct str url)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
    struct str rest = str_skip(url, 7);
    bool found = false;

    for (size_t i = 0; str_starts(url, STR("http://")) && i < ARRAY_LEN(hosts); i++) {
        struct str host = str_of(hosts[i]), behind = str_skip(rest, host.len);
        found = found || (str_starts(rest, host) &&
                          (behind.len == 0 || behind.ptr[0] == ':' || behind.ptr[0] == '/'));
    }
    return found && is_plain(rest);
}

/* A provider is found below it, and its tokens name it to the letter. */
static enum err check_issuer(struct str value)
{
    bool right = (url_is_https(value) || url_is_loopback(value)) && !str_contains(value, '?');

    return right ? ERR_OK : ERR_FIELD_VALUE;
}

static enum err check_redirect(struct str value)
{
    struct str scheme, rest;
    bool right = str_cut(value, ':', &scheme, &rest) && is_plain(value) && scheme.len > 0;

    return right ? ERR_OK : ERR_FIELD_VALUE;
}

#define ISSUER "https://HOST[/PATH], or http:// on loopback"

/* clang-format off */
static const struct setting rows[] = {
    {"oauth", "redirect_uris", SETTING_WORDS, AT(redirect_uris), "", .help =
     "Where browsers may be sent back to with what a provider says: each to the letter", .expects = "https://HOST/PATH", .check = check_redirect},
    {"provider.google", "issuer", SETTING_TEXT, AT(of[PROVIDER_GOOGLE].issuer), "https://accounts.google.com", .help =
     "Where Google is found, and what its tokens name", .expects = ISSUER, .check = check_issuer},
    {"provider.google", "client_id", SETTING_TEXT, AT(of[PROVIDER_GOOGLE].client_id), "", .help =
     "What Google calls this service; without it nobody comes in by Google"},
    {"provider.google", "client_secret", SETTING_SECRET, AT(of[PROVIDER_GOOGLE].client_secret), "", .help =
     "The secret that goes with it; not needed while only id_tokens are taken"},
    {"provider.google", "require_state", SETTING_SWITCH, AT(of[PROVIDER_GOOGLE].require_state), "no", .help =
     "Take nothing from Google that was not begun here, by the same browser"},
    {"provider.microsoft", "issuer", SETTING_TEXT, AT(of[PROVIDER_MICROSOFT].issuer), "https://login.microsoftonline.com/common/v2.0", .help =
     "Where Microsoft is found, and what its tokens name (with the tenant in the place of common)", .expects = ISSUER, .check = check_issuer},
    {"provider.microsoft", "client_id", SETTING_TEXT, AT(of[PROVIDER_MICROSOFT].client_id), "", .help =
     "What Microsoft calls this service; without it nobody comes in by Microsoft"},
    {"provider.microsoft", "client_secret", SETTING_SECRET, AT(of[PROVIDER_MICROSOFT].client_secret), "", .help =
     "The secret that goes with it; not needed while only id_tokens are taken"},
    {"provider.microsoft", "require_state", SETTING_SWITCH, AT(of[PROVIDER_MICROSOFT].require_state), "no", .help =
     "Take nothing from Microsoft that was not begun here, by the same browser"},
    {"provider.linkedin", "issuer", SETTING_TEXT, AT(of[PROVIDER_LINKEDIN].issuer), "https://www.linkedin.com/oauth", .help =
     "Where LinkedIn is found, and what its tokens name", .expects = ISSUER, .check = check_issuer},
    {"provider.linkedin", "client_id", SETTING_TEXT, AT(of[PROVIDER_LINKEDIN].client_id), "", .help =
     "What LinkedIn calls this service; without it nobody comes in by LinkedIn"},
    {"provider.linkedin", "client_secret", SETTING_SECRET, AT(of[PROVIDER_LINKEDIN].client_secret), "", .help =
     "The secret that goes with it"},
    {"provider.linkedin", "require_state", SETTING_SWITCH, AT(of[PROVIDER_LINKEDIN].require_state), "no", .help =
     "Take nothing from LinkedIn that was not begun here, by the same browser: with PKCE, which not all of its applications can"},
};
/* clang-format on */

const struct setting_table federation_settings_table = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct federation_settings)};

enum err federation_settings_agree(const struct federation_settings *settings,
                                   struct reason *reason)
{
    const struct provider_settings *linkedin = &settings->of[PROVIDER_LINKEDIN];

    if (linkedin->client_id.len > 0 && linkedin->client_secret.hidden.len == 0) {
        return fail(reason, ERR_CONFIG, STR(""),
                    "provider.linkedin.client_id is set, and provider.linkedin.client_secret is "
                    "not: codes are exchanged with it");
    }
    return ERR_OK;
}

bool federation_is_used(const struct federation_settings *settings)
{
    bool used = false;

    for (size_t i = 1; i < PROVIDERS; i++) {
        used = used || settings->of[i].client_id.len > 0;
    }
    return used;
}
