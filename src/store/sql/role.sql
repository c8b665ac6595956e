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

-- Who holds more than the plain roles, role by role, and what each role grants: what standing starts from.
-- name: role_holders :many
-- out: row: role id, user id
-- scan: of the roles, which are few; then only those who hold one
SELECT s.role_id, s.user_id FROM roles r CROSS JOIN assignments s
WHERE s.role_id = r.id AND r.name NOT IN ('MEMBER', 'USER') ORDER BY r.id;

-- name: role_grants :many
-- out: row: role id, name text, permission text
-- scan: there are few
SELECT r.id, r.name, p.permission FROM roles r LEFT JOIN role_permissions p ON p.role_id = r.id
ORDER BY r.id;
