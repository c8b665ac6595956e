/* Shapes as data: one row a member, from which JSON is read into a struct and written out of it.
 *
 * The kind of a member is taken from the struct itself, so a row of the wrong type does not
 * compile. A face's shapes.c holds nothing but these tables. */
#pragma once

#include "base/id.h"
#include "base/list.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/str.h"
#include "text/email.h"
#include "text/username.h"

#include <stddef.h>
#include <stdint.h>

enum field_kind {
    KIND_TEXT,     /* struct str */
    KIND_SECRET,   /* struct secret: read, never written */
    KIND_EMAIL,    /* struct email */
    KIND_USERNAME, /* struct username */
    KIND_ID,       /* struct id */
    KIND_MOMENT,   /* struct moment, printed in the shape's form */
    KIND_INT,      /* int64_t */
    KIND_BOOL,     /* bool */
    KIND_TEXTS,    /* struct text_list: an array of at most FIELD_TEXTS_MOST texts */
    KIND_LIST,  /* struct list: an array of objects, written by `of`; read only where the row says
                 * how large one is */
    KIND_OBJECT /* a struct inside this one, read and written by `of` */
};

enum {
    FIELD_TEXT_MOST = 8192, /* bytes of a text whose row does not say */
    FIELD_TEXTS_MOST = 100  /* texts of an array */
};

enum field_flags {
    OPTIONAL = 0,      /* reading: may be absent or null; writing: left out when it has no value:
                        * no text, the zero id, the zero moment */
    REQUIRED = 1,      /* reading: must be there, not null, and text not empty; writing: always
                        * there, as it is: for what is never without a value */
    NULL_IF_NONE = 2,  /* writing: null instead of leaving it out */
    EMPTY_IF_NONE = 4, /* writing: "" instead of leaving it out */
    EMPTY_TOO = 8,     /* reading: an empty text will do, although it is REQUIRED */
    TEXT_TOO = 16,     /* reading a switch: "true" and "false" will do, as some services have it */
    ONE_TOO = 32,      /* reading texts: one alone will do, as an array of it would */
};

/* Whether a member was there. An update needs to know: absent leaves things as they are, null
 * clears them. For writing it says the same: left out, null, or as it is; so it also tells of a
 * number, a switch, a list or an object, which without it always have a value. */
enum presence {
    PRESENCE_ABSENT,
    PRESENCE_NULL,
    PRESENCE_VALUE
};

struct field {
    const char *name;
    enum field_kind kind;
    unsigned flags;
    size_t offset;
    size_t most; /* code points of a text, or of each; 0 is the usual limit, FIELD_TEXT_MOST;
                  * objects of a list that is read */
    const struct shape *of;
    size_t item; /* the size of one object of a list that is read */
    bool has_presence;
    size_t presence; /* the offset of an enum presence; set by PRESENCE() */
};

/* A table with what holds for all of it. */
struct shape {
    const char *name; /* the table's: contracts call new_admin_fields NewAdmin */
    const struct field *fields;
    size_t count;
    enum moment_form moments;
    const char
        *missing; /* what to say of a missing member, where a document prints a text for it */
    const char *example; /* JSON, where a document prints one */
};

// clang-format off
#define KIND_OF(struct_type, member)                                                               \
    _Generic(((struct_type *)0)->member,                                                           \
        struct str: KIND_TEXT,                                                                     \
        struct secret: KIND_SECRET,                                                                \
        struct email: KIND_EMAIL,                                                                  \
        struct username: KIND_USERNAME,                                                            \
        struct id: KIND_ID,                                                                        \
        struct moment: KIND_MOMENT,                                                                \
        int64_t: KIND_INT,                                                                         \
        bool: KIND_BOOL,                                                                           \
        struct text_list: KIND_TEXTS)

/* FIELD(struct user, email, "email", REQUIRED): a member of the struct, its name on the wire, its
 * flags; behind them whatever else the row is to have: .most = 80, PRESENCE(…). */
#define FIELD(struct_type, member, wire_name, ...)                                                 \
    {                                                                                              \
        .name = (wire_name), .kind = KIND_OF(struct_type, member),                                 \
        .offset = offsetof(struct_type, member), .flags = __VA_ARGS__                              \
    }

/* LIST_FIELD(struct page, users, "items", user_shape): a member of type struct list. */
#define LIST_FIELD(struct_type, member, wire_name, item_shape)                                     \
    {                                                                                              \
        .name = (wire_name), .offset = offsetof(struct_type, member), .of = &(item_shape),         \
        .kind = _Generic(((struct_type *)0)->member, struct list: KIND_LIST)                       \
    }

/* LIST_READ_FIELD(struct page, users, "items", user_shape, struct user, 50, REQUIRED): the same, read
 * too: at most so many of them, as an array of that struct. */
#define LIST_READ_FIELD(struct_type, member, wire_name, item_shape, item_type, item_most, ...)     \
    {                                                                                              \
        .name = (wire_name), .offset = offsetof(struct_type, member), .of = &(item_shape),         \
        .kind = _Generic(((struct_type *)0)->member, struct list: KIND_LIST),                      \
        .item = sizeof(item_type), .most = (item_most), .flags = __VA_ARGS__                       \
    }

/* OBJECT_FIELD(struct page, owner, "owner", user_shape, REQUIRED): a struct inside the struct. */
#define OBJECT_FIELD(struct_type, member, wire_name, member_shape, ...)                            \
    {                                                                                              \
        .name = (wire_name), .kind = KIND_OBJECT, .of = &(member_shape),                           \
        .offset = offsetof(struct_type, member), .flags = __VA_ARGS__                              \
    }

/* Behind the flags of a row:
 *     FIELD(struct user_update, phone, "phone", OPTIONAL, PRESENCE(struct user_update, phone_is))
 * where `enum presence phone_is` is a member of the struct too. */
#define PRESENCE(struct_type, member)                                                              \
    .has_presence = true,                                                                          \
    .presence = _Generic(((struct_type *)0)->member, enum presence: offsetof(struct_type, member))
// clang-format on

#define SHAPE(table, moment_form, ...)                                                             \
    {                                                                                              \
        .name = #table, .fields = (table), .count = ARRAY_LEN(table), .moments = (moment_form),    \
        __VA_ARGS__                                                                                \
    }
