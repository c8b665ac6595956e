/* Guessing as a guesser does: outlines, prefixes, words put together. */
#include "domain/guessable.h"

#include "base/arena.h"
#include "domain/common_words.h"

#include <string.h>

enum {
    MOST_PERIOD = 4, /* bytes that are repeated, such as a year */
    MOST_EXTRA = 5,  /* a year and a mark; what has more behind a word is no longer that word */
    UNREACHED = MOST_EXTRA + 1
};

/* What is not ASCII is a letter: there are not enough other signs on any keyboard to matter. */
enum kind {
    MARK,
    DIGIT,
    LETTER
};

static enum kind kind_of(char c)
{
    if (c >= '0' && c <= '9') {
        return DIGIT;
    }
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80 ? LETTER : MARK;
}

static char letter_of(char c)
{
    unsigned char byte = (unsigned char)c;

    return byte < sizeof common_letters ? common_letters[byte] : c;
}

static bool is_listed(uint64_t hash)
{
    size_t low = 0, high = common_word_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (common_words[middle] == hash) {
            return true;
        }
        if (common_words[middle] < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* Whether its first bytes are all there is, again and again. */
static bool is_repeated(struct str text, size_t period)
{
    for (size_t i = period; i < text.len; i++) {
        if (text.ptr[i] != text.ptr[i - period]) {
            return false;
        }
    }
    return text.len > period;
}

/* Whether each character is the one after, or the one before, the last. */
static bool is_count(struct str text, int step)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.ptr[i] - text.ptr[i - 1] != step) {
            return false;
        }
    }
    return text.len > 1;
}

static bool is_pattern(struct str text)
{
    for (size_t period = 1; period <= MOST_PERIOD; period++) {
        if (is_repeated(text, period)) {
            return true;
        }
    }
    return is_count(text, 1) || is_count(text, -1);
}

/* How long it is without the digits and marks behind it, of which MOST_EXTRA are looked at. */
static size_t bare_length(struct str text)
{
    size_t length = text.len;

    while (length > 0 && text.len - length < MOST_EXTRA &&
           kind_of(text.ptr[length - 1]) != LETTER) {
        length--;
    }
    return length;
}

bool guessable_is_common(struct str folded)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t bare = bare_length(folded);

    for (size_t i = 0; i < folded.len; i++) {
        hash = (hash ^ (unsigned char)letter_of(folded.ptr[i])) * UINT64_C(0x100000001b3);
        if (i + 1 >= bare && is_listed(hash)) {
            return true;
        }
    }
    return is_pattern(folded);
}

/* Whether a word may begin or end here. */
static bool is_edge(struct str text, size_t at)
{
    return at == 0 || at == text.len || kind_of(text.ptr[at - 1]) != kind_of(text.ptr[at]);
}

/* How many signs that are in no word it takes to come to each place of a password. */
struct reach {
    struct str password;
    unsigned char *extra;
};

static void reach_at(struct reach *reach, size_t place, unsigned extra)
{
    if (extra < reach->extra[place]) {
        reach->extra[place] = (unsigned char)extra;
    }
}

/* From `at` on with the word that begins at `from` in one of the own texts. */
static void follow(struct reach *reach, size_t at, struct str own, size_t from)
{
    struct str rest = str_skip(reach->password, at);

    for (size_t i = 0; i < rest.len && from + i < own.len; i++) {
        if (letter_of(rest.ptr[i]) != letter_of(own.ptr[from + i])) {
            return;
        }
        if (is_edge(own, from + i + 1)) {
            reach_at(reach, at + i + 1, reach->extra[at]);
            return;
        }
    }
}

static void go_on(struct reach *reach, size_t at, const struct str *own, size_t own_count)
{
    if (kind_of(reach->password.ptr[at]) != LETTER) {
        reach_at(reach, at + 1, reach->extra[at] + 1U);
    }
    for (size_t i = 0; i < own_count; i++) {
        for (size_t from = 0; from < own[i].len; from++) {
            if (is_edge(own[i], from)) {
                follow(reach, at, own[i], from);
            }
        }
    }
}

enum err guessable_is_own(struct arena *arena, struct str folded, const struct str *own,
                          size_t own_count, bool *ret)
{
    struct reach reach = {folded, arena_alloc(arena, folded.len + 1)};

    if (!reach.extra) {
        return ERR_MEMORY;
    }
    memset(reach.extra, UNREACHED, folded.len + 1);
    reach.extra[0] = 0;
    for (size_t at = 0; at < folded.len; at++) {
        if (reach.extra[at] <= MOST_EXTRA) {
            go_on(&reach, at, own, own_count);
        }
    }
    *ret = reach.extra[folded.len] <= MOST_EXTRA;
    return ERR_OK;
}
