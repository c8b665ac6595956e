/* A new access token for an old one: for the API that knows no refresh tokens.
 *
 * The old token may have expired, but not long ago (session.renewal). It is used up: its session
 * ends and another of the same family takes its place. Whoever shows a token that was used up has
 * stolen it, or been robbed of it: then the whole family ends. */
#pragma once

#include "domain/ctx.h"
#include "domain/login.h"

/* Fills all of *ret but the refresh token and the device. ERR_TOKEN_INVALID, ERR_ACCOUNT_STATE. */
enum err renewal(struct ctx *ctx, struct str token, struct logged_in *ret);
