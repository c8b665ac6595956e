-- Signing keys.

-- name: key_insert :run
-- in: struct signing_key: id, sealed:bytes, created, signs_from, verifies_to
INSERT INTO signing_keys (id, sealed, created_at, signs_from, verifies_to) VALUES ($1, $2, $3, $4, $5);

-- name: keys_all :many
-- out: struct signing_key: id, sealed:bytes, created, signs_from, verifies_to
-- scan: there are a handful
SELECT id, sealed, created_at, signs_from, verifies_to FROM signing_keys ORDER BY signs_from DESC;

-- Those that a newer one follows verify for as long as a token of theirs may live.
-- name: keys_retire :run
-- in: verifies_to moment, followed_by text
-- scan: there are a handful
UPDATE signing_keys SET verifies_to = $1 WHERE id <> $2 AND verifies_to IS NULL;

-- Those that would begin to sign after one that takes their place: no token is theirs yet.
-- name: keys_overtake :run
-- in: signs_from moment
-- scan: there are a handful
DELETE FROM signing_keys WHERE signs_from > $1;

-- name: keys_remove :count
-- in: before moment
-- scan: there are a handful
DELETE FROM signing_keys WHERE verifies_to < $1;
