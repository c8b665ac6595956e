-- Organizations.

-- row: organization
-- is: struct organization: id, name, slug, domain, industry, size, logo_url, primary_color, secondary_color, state, setup, created, updated
-- of: id, name, slug, domain, industry, size, logo_url, primary_color, secondary_color, state, setup_at, created_at, updated_at

-- name: organization_insert :run
-- in: struct organization: id, name, slug, domain, industry, size, logo_url, primary_color, secondary_color, state, setup, created, updated
INSERT INTO organizations ({organization}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- The same, but nothing happens where the slug is somebody's already.
-- name: organization_claim :count
-- in: struct organization: id, name, slug, domain, industry, size, logo_url, primary_color, secondary_color, state, setup, created, updated
INSERT INTO organizations ({organization}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (slug) DO NOTHING;

-- name: organization_by_id :one
-- in: id id
-- out: {organization}
SELECT {organization} FROM organizations WHERE id = $1;

-- name: organization_by_slug :one
-- in: slug text
-- out: {organization}
SELECT {organization} FROM organizations WHERE slug = $1;

-- name: organization_by_domain :one
-- in: domain text
-- out: {organization}
SELECT {organization} FROM organizations WHERE domain = $1;

-- name: organizations_page :many
-- in: limit int, offset int
-- out: {organization}
SELECT {organization} FROM organizations ORDER BY slug LIMIT $1 OFFSET $2;

-- name: organizations_count :one
-- out: row: count int
-- scan: for an operator who asks for all of them
SELECT count(*) FROM organizations;

-- name: organization_update :change
-- in: struct organization: name, domain, industry, size, logo_url, primary_color, secondary_color, state, updated, id
UPDATE organizations SET name = $1, domain = $2, industry = $3, size = $4, logo_url = $5, primary_color = $6,
    secondary_color = $7, state = $8, updated_at = $9
WHERE id = $10;

-- Once: the first time stays.
-- name: organization_set_up :count
-- in: now moment, id id
UPDATE organizations SET setup_at = $1, updated_at = $1 WHERE id = $2 AND setup_at IS NULL;

-- name: organization_delete :change
-- in: id id
DELETE FROM organizations WHERE id = $1;

-- Its members.

-- name: organization_is_used :one
-- in: organization id
-- out: row: used int
SELECT 1 FROM users WHERE organization_id = $1 LIMIT 1;

-- A piece of them, from the one behind `after` on (none: from the first).
-- name: organization_members :many
-- in: organization id, after id, most int
-- out: row: id id, state int
SELECT id, state FROM users
WHERE organization_id = $1 AND id > coalesce($2, '00000000-0000-0000-0000-000000000000') ORDER BY id LIMIT $3;

-- Whoever holds a role in it, member or not.
-- name: organization_holders :many
-- in: organization id
-- out: row: user id
SELECT DISTINCT user_id FROM assignments WHERE organization_id = $1;

-- What those hold, anywhere, who are its members or hold a role in it; but what one of them does.
-- name: organization_held :many
-- in: organization id, but id
-- out: row: permission text, organization id
SELECT DISTINCT p.name, s.organization_id FROM assignments s
JOIN role_permissions a ON a.role_id = s.role_id
JOIN permissions p ON p.id = a.permission_id
WHERE s.user_id IN (SELECT user_id FROM assignments WHERE organization_id = $1
                    UNION SELECT id FROM users WHERE organization_id = $1)
  AND s.user_id IS DISTINCT FROM $2;

-- Whether a user's organization keeps them out.
-- name: organization_is_suspended :one
-- in: id id
-- out: row: suspended int
SELECT 1 FROM organizations WHERE id = $1 AND state = 2;

-- Whether a user may come in: by their own state, and by their organization's.
-- name: user_entry :one
-- in: user id
-- out: row: state int, suspended bool
SELECT state, EXISTS (SELECT 1 FROM organizations o WHERE o.id = users.organization_id AND o.state = 2)
FROM users WHERE id = $1;

-- The members of all that are suspended: what standing starts from.
-- name: users_suspended :many
-- out: row: id id
-- scan: of the suspended organizations, which are few; then only their members
SELECT u.id FROM organizations o CROSS JOIN users u WHERE o.state = 2 AND u.organization_id = o.id;
