/* JSON by table, with a shape of every kind: what is read, written and read again is the same. */
#include "wire/json.h"

#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"
#include "text/normal.h"

struct owner {
    struct str name;
    int64_t age;
};

struct sample {
    struct str text, brief;
    struct secret secret;
    struct email email;
    struct username username;
    struct id id;
    struct moment moment;
    int64_t number;
    bool yes;
    struct text_list texts;
    struct owner owner;
    enum presence brief_is, number_is, texts_is, owner_is;
};

// clang-format off
static const struct field owner_fields[] = {
    FIELD(struct owner, name, "name", REQUIRED),
    FIELD(struct owner, age,  "age",  OPTIONAL),
};
static const struct shape owner_shape = SHAPE(owner_fields, MOMENT_MILLIS);

static const struct field sample_fields[] = {
    FIELD(struct sample, text,     "text",     OPTIONAL),
    FIELD(struct sample, brief,    "brief",    OPTIONAL, .most = 3, PRESENCE(struct sample, brief_is)),
    FIELD(struct sample, secret,   "secret",   OPTIONAL),
    FIELD(struct sample, email,    "email",    OPTIONAL),
    FIELD(struct sample, username, "username", NULL_IF_NONE),
    FIELD(struct sample, id,       "id",       NULL_IF_NONE),
    FIELD(struct sample, moment,   "moment",   OPTIONAL),
    FIELD(struct sample, number,   "number",   OPTIONAL, PRESENCE(struct sample, number_is)),
    FIELD(struct sample, yes,      "yes",      OPTIONAL),
    FIELD(struct sample, texts,    "texts",    OPTIONAL, PRESENCE(struct sample, texts_is)),
    OBJECT_FIELD(struct sample, owner, "owner", owner_shape, OPTIONAL, PRESENCE(struct sample, owner_is)),
};
static const struct shape sample_shape = SHAPE(sample_fields, MOMENT_MILLIS);
// clang-format on

static bool same_text(struct str a, struct str b)
{
    return str_is_set(a) == str_is_set(b) && str_eq(a, b);
}

static void assert_same(const struct sample *a, const struct sample *b)
{
    PROMISE(same_text(a->text, b->text));
    PROMISE(same_text(a->brief, b->brief) && a->brief_is == b->brief_is);
    PROMISE(same_text(a->email.shown, b->email.shown) && same_text(a->email.key, b->email.key));
    PROMISE(same_text(a->username.shown, b->username.shown));
    PROMISE(same_text(a->username.key, b->username.key));
    PROMISE(id_eq(a->id, b->id) && a->moment.ms == b->moment.ms);
    PROMISE(a->number == b->number && a->number_is == b->number_is && a->yes == b->yes);
    PROMISE(same_text(a->owner.name, b->owner.name) && a->owner.age == b->owner.age);
    PROMISE(a->owner_is == b->owner_is && a->texts_is == b->texts_is);
    PROMISE(a->texts.count == b->texts.count);
    for (size_t i = 0; i < a->texts.count; i++) {
        PROMISE(same_text(a->texts.items[i], b->texts.items[i]));
    }
}

/* A refusal has its reason, and a member's refusal the member. */
static void assert_reasoned(enum err e, const struct reason *reason)
{
    PROMISE(reason->err == e);
    PROMISE(err_class(e) == CLASS_INPUT);
    PROMISE(str_is_set(reason->field) == (e != ERR_BODY_MALFORMED));
}

/* Text that is written is always JSON, whatever bytes it was. */
static void assert_writable(struct arena *arena, struct str bytes)
{
    struct buf out = buf_in_arena(arena, 6 * bytes.len + 64);
    struct sample sample = {0};
    struct str body;

    buf_put(&out, STR("{\"text\":"));
    json_write_text(&out, bytes);
    buf_put(&out, STR("}"));
    PROMISE(buf_end(&out, &body) == ERR_OK);
    PROMISE(text_well_formed(body) == body.len);
    enum err e = json_read(arena, body, &sample_shape, &sample, NULL);
    if (str_contains(bytes, '\0')) {
        PROMISE(e == ERR_BODY_MALFORMED); /* it is written as \u0000, which we do not take */
        return;
    }
    PROMISE(e == ERR_OK || e == ERR_FIELD_VALUE); /* too long */
    PROMISE(e != ERR_OK || text_well_formed(bytes) != bytes.len || str_eq(sample.text, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 26);
    struct str body = {(const char *)data, size}, written;
    struct sample sample = {0}, again = {0};
    struct reason reason = {0};

    assert_writable(arena, body);
    enum err e = json_read(arena, body, &sample_shape, &sample, &reason);
    if (e != ERR_OK) {
        assert_reasoned(e, &reason);
        return 0;
    }
    struct buf out = buf_in_arena(arena, 1 << 24);
    json_write(&out, &sample_shape, &sample);
    PROMISE(buf_end(&out, &written) == ERR_OK);
    PROMISE(json_read(arena, written, &sample_shape, &again, NULL) == ERR_OK);
    assert_same(&sample, &again);
    return 0;
}
