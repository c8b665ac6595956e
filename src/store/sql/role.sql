-- Roles and who holds them.

-- row: role
-- is: struct role_entry: id, name, description, rank, built_in, created, updated
-- of: id, name, description, rank, built_in, created_at, updated_at

-- name: role_insert :run
-- in: struct role_entry: id, name, description, rank, built_in, created, updated
INSERT INTO roles (id, name, description, rank, built_in, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: role_by_name :one
-- in: name text
-- out: {role}
SELECT {role} FROM roles WHERE name = $1;

-- name: role_by_id :one
-- in: id id
-- out: {role}
SELECT {role} FROM roles WHERE id = $1;

-- name: roles_page :many
-- in: limit int, offset int
-- out: {role}
SELECT {role} FROM roles ORDER BY name LIMIT $1 OFFSET $2;

-- name: roles_count :one
-- out: row: count int
-- scan: there are few
SELECT count(*) FROM roles;

-- name: role_update :change
-- in: struct role_entry: name, description, updated, id
UPDATE roles SET name = $1, description = $2, updated_at = $3 WHERE id = $4;

-- name: role_delete :change
-- in: id id
DELETE FROM roles WHERE id = $1;

-- What it allows.

-- name: role_allow :run
-- in: role id, permission id
INSERT INTO role_permissions (role_id, permission_id) VALUES ($1, $2);

-- name: role_allow_nothing :run
-- in: role id
DELETE FROM role_permissions WHERE role_id = $1;

-- name: permissions_of_role :many
-- in: role id
-- out: struct permission_entry: id, name, description, built_in, created, updated
SELECT p.id, p.name, p.description, p.built_in, p.created_at, p.updated_at
FROM role_permissions a JOIN permissions p ON p.id = a.permission_id WHERE a.role_id = $1 ORDER BY p.name;

-- Who holds it.

-- name: role_grant :count
-- in: user id, role id, organization id, now moment
INSERT INTO assignments (user_id, role_id, organization_id, granted_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- name: role_revoke :count
-- in: user id, role id, organization id
DELETE FROM assignments WHERE user_id = $1 AND role_id = $2 AND organization_id IS NOT DISTINCT FROM $3;

-- name: role_is_held :one
-- in: role id
-- out: row: held int
SELECT 1 FROM assignments WHERE role_id = $1 LIMIT 1;

-- The strongest first.
-- name: roles_of :many
-- in: user id
-- out: row: role id, name text, organization id
SELECT r.id, r.name, s.organization_id FROM assignments s JOIN roles r ON r.id = s.role_id
WHERE s.user_id = $1 ORDER BY r.rank DESC, r.name, s.organization_id;

-- name: permissions_of :many
-- in: user id
-- out: row: permission text, organization id
SELECT DISTINCT p.name, s.organization_id FROM assignments s
JOIN role_permissions a ON a.role_id = s.role_id
JOIN permissions p ON p.id = a.permission_id
WHERE s.user_id = $1 ORDER BY s.organization_id, p.name;

-- Who holds more than the plain roles, role by role, and what each role grants: what standing starts from.
-- name: role_holders :many
-- out: row: role id, user id, organization id
-- scan: of the roles, which are few; then only those who hold one
SELECT s.role_id, s.user_id, s.organization_id FROM roles r CROSS JOIN assignments s
WHERE s.role_id = r.id AND r.name NOT IN ('MEMBER', 'USER');

-- name: role_grants :many
-- out: row: role id, name text, permission text
-- scan: there are few
SELECT r.id, r.name, p.name FROM roles r
LEFT JOIN role_permissions a ON a.role_id = r.id LEFT JOIN permissions p ON p.id = a.permission_id
ORDER BY r.id, p.name;
