-- Refresh tokens.

-- name: refresh_insert :run
-- in: struct refresh_row: session.id, seed, number, peer, given
INSERT INTO refresh_tokens (session_id, seed, number, peer, given_at) VALUES ($1, $2, $3, $4, $5);

-- With the session and its user.
-- name: refresh_of :one
-- in: session id
-- out: struct refresh_row: seed, number, peer, given, session.id, session.user, session.created, session.expires, session.ended, session.family, session.followed, user.id, user.username.shown, user.username.key, user.email.shown, user.email.key, user.state, user.first_name, user.last_name, user.phone, user.birth_date, user.bio, user.avatar, user.organization, user.created, user.updated, user.last_login, user.activated, user.verified, user.corporate, user.claimed
SELECT r.seed, r.number, r.peer, r.given_at, s.id, s.user_id, s.created_at, s.expires_at, s.ended_at, s.family, s.followed,
    u.id, u.username, u.username_key, u.email, u.email_key, u.state, u.first_name, u.last_name, u.phone, u.birth_date,
    u.bio, u.avatar, u.organization_id, u.created_at, u.updated_at, u.last_login_at, u.activated_at, u.verified_at, u.corporate, u.claimed
FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id JOIN users u ON u.id = s.user_id
WHERE r.session_id = $1;

-- Of however many come at once with the same number, one gets the next. That the session has ended since it was
-- looked at need not be asked here: what is given then is good for nothing.
-- name: refresh_take :last
-- in: peer text, now moment, session id, number int
UPDATE refresh_tokens SET number = number + 1, peer = $1, given_at = $2 WHERE session_id = $3 AND number = $4;
