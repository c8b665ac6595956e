-- Refresh tokens.

-- name: refresh_insert :run
-- in: struct refresh_row: session.id, seed, number, peer, given
INSERT INTO refresh_tokens (session_id, seed, number, peer, given_at) VALUES ($1, $2, $3, $4, $5);

-- name: refresh_of :one
-- in: session id
-- out: struct refresh_row: session.id, session.user, session.created, session.expires, session.ended, session.family, session.followed, seed, number, peer, given
SELECT s.id, s.user_id, s.created_at, s.expires_at, s.ended_at, s.family, s.followed, r.seed, r.number, r.peer, r.given_at
FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id WHERE r.session_id = $1;

-- Of however many come at once with the same number, one gets the next: as long as its session lasts, and its user
-- is what they were when they were looked at.
-- name: refresh_take :change
-- in: peer text, now moment, session id, number int, state enum
UPDATE refresh_tokens SET number = number + 1, peer = $1, given_at = $2
WHERE session_id = $3 AND number = $4
  AND EXISTS (SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
              WHERE s.id = refresh_tokens.session_id AND s.ended_at IS NULL AND u.state = $5);
