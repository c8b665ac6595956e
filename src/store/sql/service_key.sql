-- Service keys.

-- row: service_key
-- is: struct service_key: id, name, maker, created, expires, used
-- of: id, name, maker, created_at, expires_at, used_at

-- name: service_key_insert :run
-- in: struct service_key: id, name, digest, maker, created, expires
INSERT INTO service_keys (id, name, digest, maker, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: service_key_allow :run
-- in: key id, permission id
INSERT INTO service_key_permissions (key_id, permission_id) VALUES ($1, $2);

-- name: service_key_by_id :one
-- in: id id
-- out: {service_key}
SELECT {service_key} FROM service_keys WHERE id = $1 AND revoked_at IS NULL;

-- name: service_key_by_name :one
-- in: name text
-- out: {service_key}
SELECT {service_key} FROM service_keys WHERE name = $1 AND revoked_at IS NULL;

-- name: service_keys_page :many
-- in: limit int, offset int
-- out: {service_key}
SELECT {service_key} FROM service_keys WHERE revoked_at IS NULL ORDER BY name LIMIT $1 OFFSET $2;

-- name: service_keys_count :one
-- out: row: count int
-- scan: there are few
SELECT count(*) FROM service_keys WHERE revoked_at IS NULL;

-- name: service_key_permissions_of :many
-- in: key id
-- out: row: name text
SELECT p.name FROM service_key_permissions a JOIN permissions p ON p.id = a.permission_id
WHERE a.key_id = $1 ORDER BY p.name;

-- name: service_key_revoke :change
-- in: now moment, id id
UPDATE service_keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL;

-- name: service_key_allow_nothing :run
-- in: key id
DELETE FROM service_key_permissions WHERE key_id = $1;

-- Of the nodes that saw it used, the last one counts.
-- name: service_key_used :run
-- in: now moment, id id
UPDATE service_keys SET used_at = $1 WHERE id = $2 AND (used_at IS NULL OR used_at < $1);

-- Every key and what it allows, key by key: what is kept in memory.
-- name: service_key_grants :many
-- out: row: id id, name text, digest key32, expires moment, used moment, permission text
-- scan: there are few
SELECT k.id, k.name, k.digest, k.expires_at, k.used_at, p.name FROM service_keys k
JOIN service_key_permissions a ON a.key_id = k.id JOIN permissions p ON p.id = a.permission_id
WHERE k.revoked_at IS NULL ORDER BY k.id, p.name;
