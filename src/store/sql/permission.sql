-- Permissions by name.

-- row: permission
-- is: struct permission_entry: id, name, description, built_in, created, updated
-- of: id, name, description, built_in, created_at, updated_at

-- name: permission_insert :run
-- in: struct permission_entry: id, name, description, built_in, created, updated
INSERT INTO permissions (id, name, description, built_in, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: permission_by_name :one
-- in: name text
-- out: {permission}
SELECT {permission} FROM permissions WHERE name = $1;

-- name: permission_by_id :one
-- in: id id
-- out: {permission}
SELECT {permission} FROM permissions WHERE id = $1;

-- name: permissions_page :many
-- in: limit int, offset int
-- out: {permission}
SELECT {permission} FROM permissions ORDER BY name LIMIT $1 OFFSET $2;

-- name: permissions_count :one
-- out: row: count int
-- scan: there are few
SELECT count(*) FROM permissions;

-- name: permission_is_used :one
-- in: permission id
-- out: row: used int
SELECT 1 WHERE EXISTS (SELECT 1 FROM role_permissions WHERE permission_id = $1)
            OR EXISTS (SELECT 1 FROM service_key_permissions WHERE permission_id = $1);

-- name: permission_update :change
-- in: struct permission_entry: name, description, updated, id
UPDATE permissions SET name = $1, description = $2, updated_at = $3 WHERE id = $4;

-- Not while a role or a service key allows it.
-- name: permission_delete :change
-- in: id id
DELETE FROM permissions WHERE id = $1
  AND NOT EXISTS (SELECT 1 FROM role_permissions a WHERE a.permission_id = permissions.id)
  AND NOT EXISTS (SELECT 1 FROM service_key_permissions a WHERE a.permission_id = permissions.id);
