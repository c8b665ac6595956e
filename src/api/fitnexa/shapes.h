/* What document 000 reads and writes. */
#pragma once

#include "base/list.h"
#include "base/secret.h"
#include "domain/member.h"
#include "wire/fields.h"

/* The address as it came, or a username: what cannot be one is nobody's. */
struct credentials {
    struct str email, domain;
    struct secret password;
};

/* A user as this face shows one. */
struct user_shown {
    struct id id;
    struct str email, role, status, gym, avatar;
    struct moment activated;
    struct str first_name, last_name, phone, bio;
    struct moment created, updated;
};

struct logged_in_answer {
    struct str token, refresh;
    struct user_shown user;
};

struct registration_body {
    struct email email;
    struct secret password;
    struct str first_name, last_name, gym;
};

struct profile_body {
    struct str first_name, last_name, phone, bio;
    enum presence first_name_is, last_name_is, phone_is, bio_is;
};

struct users_query {
    int64_t page, limit;
    struct str search, role, gym, status;
};

struct users_answer {
    struct list users; /* struct user_shown */
    int64_t total, page, limit;
};

struct gym_admin_body {
    struct email email;
    struct str gym, first_name, last_name, phone;
    struct secret password;
    bool send_email;
};

struct gym_admin_answer {
    struct user_shown user;
    struct str token;
    struct moment expires;
};

struct link_body {
    struct str token;
    struct secret password;
};

struct activated_answer {
    struct user_shown user;
};

struct addressee {
    struct email email;
};

struct message {
    struct str message;
};

struct error_answer {
    struct str error;
    int64_t status;
    struct str service;
};

extern const struct shape fitnexa_credentials_shape, fitnexa_registration_shape,
    fitnexa_profile_shape, fitnexa_users_query_shape, fitnexa_new_gym_admin_shape,
    fitnexa_activation_shape, fitnexa_addressee_shape, fitnexa_reset_shape;
extern const struct shape fitnexa_logged_in_answer_shape, fitnexa_user_shape,
    fitnexa_users_answer_shape, fitnexa_gym_admin_answer_shape, fitnexa_activated_answer_shape,
    fitnexa_message_shape, fitnexa_error_answer_shape;

/* showing.c: a user as they are shown. */
enum err fitnexa_show(struct ctx *ctx, const struct user *user, struct user_shown *ret);
void fitnexa_show_member(const struct member *member, struct user_shown *ret);
