-- Administrators: users who hold ADMIN or SUPER_ADMIN everywhere.

-- name: admin_number :run
-- in: user id
INSERT INTO admins (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING;

-- name: admin_list :many
-- out: struct admin: id, number, username, email, active, created, last_login
-- scan: all administrators are asked for, and there are few
SELECT u.id, a.number, coalesce(u.username, u.email), u.email, u.state IN (2, 3), u.created_at, u.last_login_at
FROM admins a JOIN users u ON u.id = a.user_id
WHERE EXISTS (SELECT 1 FROM assignments s JOIN roles r ON r.id = s.role_id
              WHERE s.user_id = u.id AND s.organization_id IS NULL AND r.name IN ('ADMIN', 'SUPER_ADMIN'))
ORDER BY a.number;

-- name: is_admin :one
-- in: user id
-- out: row: held int
SELECT 1 FROM assignments s JOIN roles r ON r.id = s.role_id
WHERE s.user_id = $1 AND s.organization_id IS NULL AND r.name IN ('ADMIN', 'SUPER_ADMIN') LIMIT 1;

-- How many others than this one hold a role and can come in with a password, whatever the settings.
-- name: admins_left :one
-- in: role text, without id
-- out: row: count int
SELECT count(*) FROM assignments s
JOIN roles r ON r.id = s.role_id
JOIN users u ON u.id = s.user_id
JOIN credentials c ON c.user_id = u.id
WHERE r.name = $1 AND s.organization_id IS NULL AND ($2 IS NULL OR u.id <> $2) AND u.state = 3
  AND NOT EXISTS (SELECT 1 FROM organizations o WHERE o.id = u.organization_id AND o.state = 2);

-- Whether one who holds a role everywhere is a member of an organization, and could come in if that let them.
-- name: admin_in_organization :one
-- in: role text, organization id
-- out: row: user id
SELECT u.id FROM assignments s
JOIN roles r ON r.id = s.role_id
JOIN users u ON u.id = s.user_id
JOIN credentials c ON c.user_id = u.id
WHERE r.name = $1 AND s.organization_id IS NULL AND u.state = 3 AND u.organization_id = $2 LIMIT 1;
