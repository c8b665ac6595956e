-- Accounts and their passwords.

-- row: user
-- is: struct user: id, username.shown, username.key, email.shown, email.key, state, first_name, last_name, phone, birth_date, bio, avatar, organization, created, updated, last_login, activated, verified, corporate
-- of: id, username, username_key, email, email_key, state, first_name, last_name, phone, birth_date, bio, avatar, organization_id, created_at, updated_at, last_login_at, activated_at, verified_at, corporate

-- name: user_insert :run
-- in: struct user: id, username.shown, username.key, email.shown, email.key, state, first_name, last_name, phone, birth_date, bio, avatar, organization, created, updated, activated, verified, corporate
INSERT INTO users (id, username, username_key, email, email_key, state, first_name, last_name, phone,
                   birth_date, bio, avatar, organization_id, created_at, updated_at, activated_at, verified_at, corporate)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

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

-- What they may change about themselves.
-- name: user_update :change
-- in: struct user: first_name, last_name, phone, birth_date, bio, avatar, updated, id
UPDATE users SET first_name = $1, last_name = $2, phone = $3, birth_date = $4, bio = $5, avatar = $6,
    updated_at = $7
WHERE id = $8;

-- name: user_set_email :change
-- in: struct user: username.shown, username.key, email.shown, email.key, verified, corporate, updated, id
UPDATE users SET username = $1, username_key = $2, email = $3, email_key = $4, verified_at = $5, corporate = $6,
    updated_at = $7
WHERE id = $8;

-- Not if they have moved since it was looked at.
-- name: user_move :change
-- in: organization id, now moment, id id, from id
UPDATE users SET organization_id = $1, updated_at = $2 WHERE id = $3 AND organization_id IS NOT DISTINCT FROM $4;

-- name: user_set_avatar :change
-- in: avatar text, now moment, id id
UPDATE users SET avatar = $1, updated_at = $2 WHERE id = $3;

-- name: user_of_avatar :one
-- in: avatar text
-- out: row: id id
SELECT id FROM users WHERE avatar = $1 LIMIT 1;

-- name: user_delete :change
-- in: id id
DELETE FROM users WHERE id = $1;

-- name: user_set_state :change
-- in: state enum, now moment, id id
UPDATE users SET state = $1, updated_at = $2 WHERE id = $3;

-- Their address was shown to be theirs; who waited for that is active from there on (enum user_state: 2, 3).
-- name: user_verified :change
-- in: now moment, corporate bool, id id
UPDATE users SET verified_at = $1, updated_at = $1, corporate = $2, state = CASE WHEN state = 2 THEN 3 ELSE state END
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

-- The same for those who came in without a password.
-- name: user_entered :change
-- in: now moment, id id, state enum
UPDATE users SET last_login_at = $1 WHERE id = $2 AND state = $3;

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
