-- Whom other services vouch for.

-- row: identity
-- is: struct identity: id, user, provider, issuer, subject, email, linked, used
-- of: id, user_id, provider, issuer, subject, email, linked_at, used_at

-- name: identity_insert :run
-- in: struct identity: id, user, provider, issuer, subject, email, linked, used
INSERT INTO identities ({identity}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: identity_find :one
-- in: issuer text, subject text
-- out: {identity}
SELECT {identity} FROM identities WHERE issuer = $1 AND subject = $2;

-- name: identities_of :many
-- in: user id
-- out: {identity}
SELECT {identity} FROM identities WHERE user_id = $1 ORDER BY linked_at, id;

-- name: identity_used :run
-- in: now moment, id id
UPDATE identities SET used_at = $1 WHERE id = $2;

-- name: identity_delete :change
-- in: id id, user id
DELETE FROM identities WHERE id = $1 AND user_id = $2;

-- All of a user's.
-- name: identities_delete :run
-- in: user id
DELETE FROM identities WHERE user_id = $1;

-- name: spent_insert :run
-- in: digest key32, expires moment
INSERT INTO spent (digest, expires_at) VALUES ($1, $2);

-- name: spent_remove :count
-- in: before moment, most int
DELETE FROM spent WHERE digest IN (SELECT digest FROM spent WHERE expires_at < $1 LIMIT $2);
