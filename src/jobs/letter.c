/* Composing letters. */
#include "jobs/letter.h"

#include "base/arena.h"
#include "base/buf.h"
#include "mail/template.h"
#include "mail/words.h"
#include "model/colour.h"

enum {
    PART_MOST = 256 << 10
};

static const struct str language = {"en", 2}; /* of all letters, until accounts have one */

static enum err put_link(struct arena *arena, const struct letter_plan *plan,
                         const struct letter *letter, struct reason *reason, struct line *ret)
{
    struct str link;

    if (!str_is_set(letter->path)) {
        return ERR_OK;
    }
    if (plan->public_url.len == 0) {
        return fail(reason, ERR_CONFIG, STR("http.public_url"),
                    "http.public_url is not set, and links are made of nothing else");
    }
    TRY(arena_print(arena, &link, "%.*s%.*s?token=%.*s", STR_ARG(plan->public_url),
                    STR_ARG(letter->path), STR_ARG(letter->token.hidden)));
    return line_parse(link, ret);
}

static enum err put_validity(struct arena *arena, const struct letter *letter, struct line *ret)
{
    struct buf out = buf_in_arena(arena, 64);
    struct str words;

    words_duration(&out, language, (letter->expires.ms - letter->created.ms) / 1000);
    TRY(buf_end(&out, &words));
    return line_parse(words, ret);
}

static struct str first_of(struct str one, struct str other)
{
    return one.len > 0 ? one : other;
}

/* Buttons have white letters. */
static enum err put_colour(struct arena *arena, struct str colour, struct line *ret)
{
    struct buf out = buf_in_arena(arena, 16);
    struct str readable;

    colour_print_readable(&out, colour);
    TRY(buf_end(&out, &readable));
    return line_parse(readable, ret);
}

static enum err put_values(struct arena *arena, const struct letter_plan *plan,
                           const struct letter *letter, struct reason *reason,
                           struct template_values *ret)
{
    struct line *values = ret->values;

    TRY(put_link(arena, plan, letter, reason, &values[TEMPLATE_LINK]));
    TRY(put_validity(arena, letter, &values[TEMPLATE_VALIDITY]));
    TRY(line_parse(letter->code.hidden, &values[TEMPLATE_CODE]));
    TRY(line_of(arena, first_of(letter->brand.name, plan->settings->name),
                &values[TEMPLATE_BRAND]));
    return put_colour(arena, first_of(letter->brand.colour, plan->settings->colour),
                      &values[TEMPLATE_COLOUR]);
}

static enum err fill_in(struct arena *arena, const struct template_part *part,
                        enum template_form form, const struct template_values *values,
                        struct str *ret)
{
    struct buf out = buf_in_arena(arena, PART_MOST);

    TRY(template_write(part, form, values, &out));
    return buf_end(&out, ret);
}

static enum err put_id(struct arena *arena, const struct letter_plan *plan,
                       const struct letter *letter, struct line *ret)
{
    struct buf out = buf_in_arena(arena, 512);
    struct str id;

    id_print(&out, letter->id);
    buf_print(&out, "@%.*s", STR_ARG(plan->host));
    TRY(buf_end(&out, &id));
    return line_parse(id, ret);
}

enum err letter_compose(struct arena *arena, const struct letter_plan *plan,
                        const struct letter *letter, struct reason *reason, struct message *ret)
{
    const struct template_texts *template = template_find(language, letter_kind_name(letter->kind));
    struct message message = {.from = plan->from, .date = letter->created};
    struct template_values values = {0};
    struct str subject;

    if (!template) {
        return fail(reason, ERR_CONFIG, STR(""), "there is no template for this letter");
    }
    TRY(put_values(arena, plan, letter, reason, &values));
    TRY(fill_in(arena, &template->subject, TEMPLATE_TEXT, &values, &subject));
    TRY(line_parse(subject, &message.subject));
    TRY(fill_in(arena, &template->text, TEMPLATE_TEXT, &values, &message.text));
    TRY(fill_in(arena, &template->html, TEMPLATE_HTML, &values, &message.html));
    TRY(mailbox_of(arena, &letter->to, &message.to));
    TRY(put_id(arena, plan, letter, &message.id));
    *ret = message;
    return ERR_OK;
}
