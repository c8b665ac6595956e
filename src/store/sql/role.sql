-- Roles and who holds them.

-- name: role_grant :run
-- in: user id, now moment, role text
INSERT INTO assignments (user_id, role_id, granted_at)
SELECT $1, r.id, $2 FROM roles r WHERE r.name = $3
ON CONFLICT (user_id, role_id) DO NOTHING;

-- name: role_by_name :one
-- in: name text
-- out: row: rank int
SELECT rank FROM roles WHERE name = $1;

-- name: roles_of :many
-- in: user id
-- out: row: name text
SELECT r.name FROM assignments s JOIN roles r ON r.id = s.role_id
WHERE s.user_id = $1 ORDER BY r.rank DESC, r.name;

-- name: permissions_of :many
-- in: user id
-- out: row: permission text
SELECT DISTINCT p.permission FROM assignments s JOIN role_permissions p ON p.role_id = s.role_id
WHERE s.user_id = $1;

-- name: permissions_of_role :many
-- in: role text
-- out: row: permission text
SELECT p.permission FROM roles r JOIN role_permissions p ON p.role_id = r.id WHERE r.name = $1;
