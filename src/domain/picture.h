/* Pictures of users: what they upload is drawn anew (picture/studio) and kept (domain/gallery). */
#pragma once

#include "domain/ctx.h"

struct user;

enum {
    PICTURE_UPLOAD = 5 << 20 /* bytes of what may be uploaded */
};

/* Where a picture is served: this and its name. */
#define PICTURE_PATH "/avatars/"

/* Draws what was uploaded anew, in the arena. Takes up to seconds, and needs no unit.
 * ERR_PICTURE_TYPE, ERR_PICTURE_LARGE. */
enum err picture_draw(struct ctx *ctx, struct str upload, struct str *ret);

/* Makes what was drawn the picture of this user, in the place of the one before, whose file goes
 * when this is durable. ERR_MISSING when there is no such user, ERR_STORE_FULL; *user is brought up
 * to date. */
enum err picture_set(struct ctx *ctx, struct str drawn, struct user *user);

/* ERR_MISSING. From the disk, without the store. */
enum err picture_get(struct ctx *ctx, struct str name, struct str *ret);

/* Removes the file that a unit has left behind, now that it is durable. If the process ends before,
 * picture_tidy does it. */
void picture_forget(struct ctx *ctx);

/* Looks at some files, and removes those that are no user's and old enough that nobody is about to
 * name them. Needs a unit that reads. */
enum err picture_tidy(struct ctx *ctx);
