-- Single-use links.

-- The letter of the link that is about to be void, unless somebody is sending it already.
-- name: link_withdraw :run
-- in: user id, kind int
DELETE FROM outbox WHERE state = 1 AND token = (SELECT token FROM links WHERE user_id = $1 AND kind = $2);

-- name: link_put :run
-- in: struct link_row: user, kind, token, code:bytes, address, created, expires
INSERT INTO links (user_id, kind, token, code, address, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (user_id, kind) DO UPDATE SET token = excluded.token, code = excluded.code, address = excluded.address,
    created_at = excluded.created_at, expires_at = excluded.expires_at;

-- name: link_find :one
-- in: token key32, kind int, now moment
-- out: struct link_row: user, address
SELECT user_id, address FROM links WHERE token = $1 AND kind = $2 AND expires_at > $3;

-- name: link_of :one
-- in: user id, kind int, now moment
-- out: struct link_row: user, token, code:bytes, address
SELECT user_id, token, code, address FROM links WHERE user_id = $1 AND kind = $2 AND expires_at > $3;

-- Of however many come at once, one gets it.
-- name: link_take :one
-- in: token key32, kind int, now moment
-- out: struct link_row: user, address
DELETE FROM links WHERE token = $1 AND kind = $2 AND expires_at > $3 RETURNING user_id, address;

-- All of a user's but those of one kind.
-- name: links_void :run
-- in: user id, but int
DELETE FROM links WHERE user_id = $1 AND kind <> $2;

-- name: links_remove :count
-- in: before moment, most int
DELETE FROM links WHERE token IN (SELECT token FROM links WHERE expires_at < $1 LIMIT $2);
