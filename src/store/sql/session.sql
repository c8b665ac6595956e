-- Logins.

-- row: session
-- is: struct session: id, user, face, peer, created, expires, ended, family, followed
-- of: id, user_id, face, peer, created_at, expires_at, ended_at, family, followed

-- name: session_insert :run
-- in: struct session: id, user, face, peer, created, expires, family
INSERT INTO sessions (id, user_id, face, peer, created_at, expires_at, family) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: session_by_id :one
-- in: id id
-- out: {session}
SELECT {session} FROM sessions WHERE id = $1;

-- Without those whose refresh token has not been used for too long: they cannot go on.
-- name: sessions_of :many
-- in: user id, now moment, idle_since moment
-- out: {session}
SELECT {session}
FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2
  AND NOT EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.session_id = sessions.id AND r.given_at <= $3)
ORDER BY created_at DESC;

-- name: session_end :one
-- in: now moment, id id
-- out: {session}
UPDATE sessions SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL
RETURNING {session};

-- Once: whoever comes second finds it ended.
-- name: session_follow :change
-- in: now moment, id id
UPDATE sessions SET ended_at = $1, followed = true WHERE id = $2 AND ended_at IS NULL;

-- name: session_set_end :change
-- in: expires moment, id id
UPDATE sessions SET expires_at = $1 WHERE id = $2;

-- name: sessions_end_family :many
-- in: now moment, family id
-- out: {session}
UPDATE sessions SET ended_at = $1 WHERE family = $2 AND ended_at IS NULL RETURNING {session};

-- Ends all of a user's but one; `except` may be none. What was over before `over` has no token any more.
-- name: sessions_end_of :many
-- in: now moment, user id, over moment, except id
-- out: {session}
UPDATE sessions SET ended_at = $1
WHERE user_id = $2 AND ended_at IS NULL AND expires_at > $3 AND ($4 IS NULL OR id <> $4)
RETURNING {session};

-- Those whose tokens could still be around: what standing starts from.
-- name: sessions_ended :many
-- in: since moment
-- out: row: id id, ended moment
SELECT id, ended_at FROM sessions WHERE ended_at IS NOT NULL AND ended_at > $1;

-- name: sessions_remove :count
-- in: before moment, most int
DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2);
