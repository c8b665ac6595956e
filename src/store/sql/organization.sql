-- Organizations.

-- row: organization
-- is: struct organization: id, name, slug, domain, industry, size, logo_url, primary_color, secondary_color, state, setup, created, updated
-- of: id, name, slug, domain, industry, size, logo_url, primary_color, secondary_color, state, setup_at, created_at, updated_at

-- name: organization_insert :run
-- in: struct organization: id, name, slug, domain, industry, size, logo_url, primary_color, secondary_color, state, setup, created, updated
INSERT INTO organizations ({organization}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

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
