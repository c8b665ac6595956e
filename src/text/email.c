/* Addresses: a short way for ASCII, which nearly all are, and a long one through Unicode and IDNA.
 */
#include "text/email.h"

#include "base/arena.h"
#include "text/normal.h"

#include <idn2.h>

#include <stdint.h>
#include <string.h>

enum {
    DOMAIN_MOST = 253,
    LABEL_MOST = 63
};

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter_or_digit(char c)
{
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

/* `atext` of RFC 5322, 3.2.3, and of RFC 6531, 3.3: everything beyond ASCII, which is looked at by
 * text_is_visible. */
static bool is_local_character(char c)
{
    return is_letter_or_digit(c) || (unsigned char)c >= 0x80 ||
           str_contains(STR("!#$%&'*+-/=?^_`{|}~"), c);
}

/* A dot-string: atoms with single dots between them. */
static bool local_is_acceptable(struct str local)
{
    bool atom_open = false;

    if (local.len > EMAIL_LOCAL_MOST) {
        return false;
    }
    for (size_t i = 0; i < local.len; i++) {
        bool dot = local.ptr[i] == '.';
        if (dot ? !atom_open : !is_local_character(local.ptr[i])) {
            return false;
        }
        atom_open = !dot;
    }
    return atom_open;
}

/* Letters, digits, and hyphens inside (RFC 5890, 2.3.1). */
static bool label_is_acceptable(struct str label)
{
    if (label.len == 0 || label.len > LABEL_MOST || label.ptr[0] == '-' ||
        label.ptr[label.len - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < label.len; i++) {
        if (!is_letter_or_digit(label.ptr[i]) && label.ptr[i] != '-') {
            return false;
        }
    }
    return true;
}

/* As in 127.0.0.1: no top-level domain is one. */
static bool is_number(struct str label)
{
    for (size_t i = 0; i < label.len; i++) {
        if (!is_digit(label.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool domain_is_acceptable(struct str domain)
{
    struct str label, rest = domain;
    bool more;

    if (domain.len > DOMAIN_MOST) {
        return false;
    }
    do {
        more = str_cut(rest, '.', &label, &rest);
        if (!label_is_acceptable(label)) {
            return false;
        }
    } while (more);
    return !is_number(label) && (label.len < domain.len || str_eq_nocase(domain, STR("localhost")));
}

/* Two hyphens there are reserved for labels that mean something else than they say: xn--. */
static bool has_reserved_label(struct str domain)
{
    struct str label;

    while (str_next(&domain, '.', &label)) {
        if (str_eq(str_sub(label, 2, 2), STR("--"))) {
            return true;
        }
    }
    return false;
}

static enum err split(struct str text, struct str *ret_local, struct str *ret_domain)
{
    if (text.len > EMAIL_MOST || !str_cut(text, '@', ret_local, ret_domain) ||
        !local_is_acceptable(*ret_local)) {
        return ERR_FIELD_VALUE;
    }
    return ERR_OK;
}

static void idn2_free_at(uint8_t **domain)
{
    idn2_free(*domain);
}

/* IDNA2008 after the mapping of UTS #46, not transitional: ß stays itself. Not with STD3 rules, by
 * which libidn2 2.3 drops what is no letter and makes two domains one; we look at the result. */
static enum err domain_to_ascii(struct arena *arena, struct str domain, struct str *ret)
{
    struct str terminated;
    CLEANUP(idn2_free_at) uint8_t *ascii = NULL;

    TRY(arena_copy(arena, domain, &terminated));
    int status = idn2_lookup_u8((const uint8_t *)terminated.ptr, &ascii,
                                IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (status != IDN2_OK) {
        return status == IDN2_MALLOC ? ERR_MEMORY : ERR_FIELD_VALUE;
    }
    struct str found = str_of((const char *)ascii);
    return domain_is_acceptable(found) ? arena_copy(arena, found, ret) : ERR_FIELD_VALUE;
}

enum err email_parse_unicode(struct arena *arena, struct str text, struct email *ret)
{
    struct str local, domain;
    struct email email;

    TRY(split(text, &local, &domain));
    if (!text_is_visible(text)) {
        return ERR_FIELD_VALUE;
    }
    TRY(text_fold(arena, local, &local));
    TRY(domain_to_ascii(arena, domain, &domain));
    /* Looked at once more: U+037E is a semicolon in NFC, and folding may lengthen. */
    if (!local_is_acceptable(local) || local.len + 1 + domain.len > EMAIL_MOST) {
        return ERR_FIELD_VALUE;
    }
    TRY(arena_copy(arena, text, &email.shown));
    TRY(arena_print(arena, &email.key, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain)));
    *ret = email;
    return ERR_OK;
}

enum err email_parse(struct arena *arena, struct str text, struct email *ret)
{
    struct str local, domain;
    struct email email;

    TRY(split(text, &local, &domain));
    if (!text_is_ascii(text) || has_reserved_label(domain)) {
        return email_parse_unicode(arena, text, ret);
    }
    if (!domain_is_acceptable(domain)) {
        return ERR_FIELD_VALUE;
    }
    TRY(arena_copy(arena, text, &email.shown));
    TRY(text_fold(arena, text, &email.key));
    *ret = email;
    return ERR_OK;
}

enum err email_parse_domain(struct arena *arena, struct str text, struct str *ret)
{
    if (text_is_ascii(text) && !has_reserved_label(text)) {
        return domain_is_acceptable(text) ? text_fold(arena, text, ret) : ERR_FIELD_VALUE;
    }
    return text.len <= EMAIL_MOST && text_is_visible(text) ? domain_to_ascii(arena, text, ret)
                                                           : ERR_FIELD_VALUE;
}

const char *email_library(void)
{
    return idn2_check_version(NULL);
}
