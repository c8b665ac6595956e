-- Accounts and their passwords.

-- row: user
-- is: struct user: id, username.shown, username.key, email.shown, email.key, state, first_name, last_name, phone, birth_date, bio, avatar, organization, created, updated, last_login, activated, verified, corporate, claimed
-- of: id, username, username_key, email, email_key, state, first_name, last_name, phone, birth_date, bio, avatar, organization_id, created_at, updated_at, last_login_at, activated_at, verified_at, corporate, claimed

-- name: user_insert :run
-- in: struct user: id, username.shown, username.key, email.shown, email.key, state, first_name, last_name, phone, birth_date, bio, avatar, organization, created, updated, activated, verified, corporate, claimed
INSERT INTO users (id, username, username_key, email, email_key, state, first_name, last_name, phone,
                   birth_date, bio, avatar, organization_id, created_at, updated_at, activated_at, verified_at, corporate, claimed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- An address or a username: an account's username with an @ in it is its own address, so that the
-- two can never name two accounts.
-- name: user_by_login :one
-- in: username_key text, email_key text
-- out: {user}
SELECT {user}
FROM users WHERE username_key = $1 OR email_key = $2;

-- name: user_by_id :one
-- in: id id
-- out: {user}
SELECT {user}
FROM users WHERE id = $1;

-- What they may change about themselves. All of it is written, so all of it has to be what was read: otherwise
-- what another wrote meanwhile would be lost.
-- name: user_update :change
-- in: struct user_edit: to.first_name, to.last_name, to.phone, to.birth_date, to.bio, to.updated, from.id, from.first_name, from.last_name, from.phone, from.birth_date, from.bio
UPDATE users SET first_name = $1, last_name = $2, phone = $3, birth_date = $4, bio = $5, updated_at = $6
WHERE id = $7 AND first_name IS NOT DISTINCT FROM $8 AND last_name IS NOT DISTINCT FROM $9
  AND phone IS NOT DISTINCT FROM $10 AND birth_date IS NOT DISTINCT FROM $11 AND bio IS NOT DISTINCT FROM $12;

-- Another address, and what was known of the old one. The same holds.
-- name: user_set_email :change
-- in: struct user_edit: to.username.shown, to.username.key, to.email.shown, to.email.key, to.verified, to.corporate, to.claimed, to.updated, from.id, from.username.shown, from.email.shown, from.verified, from.corporate, from.claimed
UPDATE users SET username = $1, username_key = $2, email = $3, email_key = $4, verified_at = $5, corporate = $6,
    claimed = $7, updated_at = $8
WHERE id = $9 AND username IS NOT DISTINCT FROM $10 AND email IS NOT DISTINCT FROM $11
  AND verified_at IS NOT DISTINCT FROM $12 AND corporate = $13 AND claimed = $14;

-- Not if they have moved since it was looked at.
-- name: user_move :change
-- in: organization id, now moment, id id, from id
UPDATE users SET organization_id = $1, updated_at = $2 WHERE id = $3 AND organization_id IS NOT DISTINCT FROM $4;

-- Not if it is another since it was looked at: whoever comes second would leave the first one's file behind, and
-- remove one that is gone.
-- name: user_set_avatar :change
-- in: avatar text, now moment, id id, from text
UPDATE users SET avatar = $1, updated_at = $2 WHERE id = $3 AND avatar IS NOT DISTINCT FROM $4;

-- name: user_of_avatar :one
-- in: avatar text
-- out: row: id id
SELECT id FROM users WHERE avatar = $1 LIMIT 1;

-- name: user_delete :change
-- in: id id
DELETE FROM users WHERE id = $1;

-- Not if it is another since it was looked at: who was stopped meanwhile is not let in.
-- name: user_set_state :change
-- in: state enum, now moment, id id, from enum
UPDATE users SET state = $1, updated_at = $2 WHERE id = $3 AND state = $4;

-- Their address was shown to be theirs; who waited for that is active from there on (enum user_state: 2, 3).
-- name: user_verified :change
-- in: now moment, corporate bool, id id
UPDATE users SET verified_at = $1, updated_at = $1, corporate = $2, claimed = FALSE, state = CASE WHEN state = 2 THEN 3 ELSE state END
WHERE id = $3;

-- Whoever waited for it (enum user_state: 1) is active.
-- name: user_activated :change
-- in: now moment, id id
UPDATE users SET state = 3, activated_at = $1, updated_at = $1 WHERE id = $2 AND state = 1;

-- Not if their state or their password is no longer what it was when it was looked at.
-- name: user_logged_in :change
-- in: now moment, id id, state enum, password_set moment
UPDATE users SET last_login_at = $1
WHERE id = $2 AND state = $3
  AND EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = users.id AND c.changed_at = $4);

-- The same for those who came in without a password, with when they got the one they have, if any.
-- name: user_entered :one
-- in: now moment, id id, state enum
-- out: row: password_set moment
UPDATE users SET last_login_at = $1 WHERE id = $2 AND state = $3
RETURNING (SELECT c.changed_at FROM credentials c WHERE c.user_id = users.id);

-- Those who may not come in: what standing starts from.
-- name: users_stopped :many
-- out: row: id id
SELECT id FROM users WHERE state IN (1, 4, 5);

-- name: credential_put :run
-- in: struct credential: user, hash, changed
INSERT INTO credentials (user_id, hash, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at;

-- name: credential_replace :change
-- in: hash text, now moment, user id, old moment
UPDATE credentials SET hash = $1, changed_at = $2 WHERE user_id = $3 AND changed_at = $4;

-- name: credential_of :one
-- in: user id
-- out: struct credential: user, hash, changed
SELECT user_id, hash, changed_at FROM credentials WHERE user_id = $1;

-- name: credential_delete :run
-- in: user id
DELETE FROM credentials WHERE user_id = $1;

-- A hash made anew at today's cost; not if the password has been changed meanwhile.
-- name: credential_rehash :run
-- in: hash text, user id, old text
UPDATE credentials SET hash = $1 WHERE user_id = $2 AND hash = $3;
