-- Logins.

-- name: session_insert :run
-- in: struct session: id, user, face, peer, created, expires
INSERT INTO sessions (id, user_id, face, peer, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: session_by_id :one
-- in: id id
-- out: struct session: id, user, face, peer, created, expires, ended
SELECT id, user_id, face, peer, created_at, expires_at, ended_at FROM sessions WHERE id = $1;

-- name: sessions_of :many
-- in: user id, now moment
-- out: struct session: id, user, face, peer, created, expires, ended
SELECT id, user_id, face, peer, created_at, expires_at, ended_at
FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC;

-- name: session_end :one
-- in: now moment, id id
-- out: struct session: id, user, face, peer, created, expires, ended
UPDATE sessions SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL
RETURNING id, user_id, face, peer, created_at, expires_at, ended_at;

-- Ends all of a user's but one; `except` may be none.
-- name: sessions_end_of :many
-- in: now moment, user id, except id
-- out: struct session: id, user, face, peer, created, expires, ended
UPDATE sessions SET ended_at = $1
WHERE user_id = $2 AND ended_at IS NULL AND expires_at > $1 AND ($3 IS NULL OR id <> $3)
RETURNING id, user_id, face, peer, created_at, expires_at, ended_at;

-- Those whose tokens could still be around: what standing starts from.
-- name: sessions_ended :many
-- in: since moment
-- out: row: id id, ended moment
SELECT id, ended_at FROM sessions WHERE ended_at IS NOT NULL AND ended_at > $1;

-- name: sessions_remove :count
-- in: before moment, most int
DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2);
