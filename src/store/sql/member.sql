-- The list of all users, narrowed down: by organization, by state (a bit for each enum user_state), by the
-- strongest of the roles of document 000 (of the two by its name: it is the later one), by what a name or an address
-- has in it. None of the texts: all.

-- name: members_count :one
-- in: gym id, states int, role text, search text
-- out: row: count int
-- scan: a super administrator asks, and rarely
SELECT count(*) FROM users u
WHERE ($1 IS NULL OR u.organization_id = $1)
  AND ($2 & (1 << u.state)) <> 0
  AND ($3 IS NULL OR $3 = coalesce((SELECT max(CASE WHEN a.organization_id IS NULL THEN r.name ELSE 'GYM_ADMIN' END)
       FROM assignments a JOIN roles r ON r.id = a.role_id
       WHERE a.user_id = u.id AND r.name IN ('SUPER_ADMIN', 'GYM_ADMIN')
         AND (a.organization_id IS NULL OR a.organization_id = u.organization_id)), 'MEMBER'))
  AND ($4 IS NULL OR {sqlite: instr}{postgres: strpos}(coalesce(u.username_key, ''), $4) > 0
       OR {sqlite: instr}{postgres: strpos}(coalesce(u.email_key, ''), $4) > 0
       OR {sqlite: instr}{postgres: strpos}(lower(coalesce(u.first_name, '') || ' ' || coalesce(u.last_name, '')), $4) > 0);

-- name: members_page :many
-- in: gym id, states int, role text, search text, limit int, skipped int
-- out: {user}
SELECT {user} FROM users
WHERE ($1 IS NULL OR users.organization_id = $1)
  AND ($2 & (1 << users.state)) <> 0
  AND ($3 IS NULL OR $3 = coalesce((SELECT max(CASE WHEN a.organization_id IS NULL THEN r.name ELSE 'GYM_ADMIN' END)
       FROM assignments a JOIN roles r ON r.id = a.role_id
       WHERE a.user_id = users.id AND r.name IN ('SUPER_ADMIN', 'GYM_ADMIN')
         AND (a.organization_id IS NULL OR a.organization_id = users.organization_id)), 'MEMBER'))
  AND ($4 IS NULL OR {sqlite: instr}{postgres: strpos}(coalesce(users.username_key, ''), $4) > 0
       OR {sqlite: instr}{postgres: strpos}(coalesce(users.email_key, ''), $4) > 0
       OR {sqlite: instr}{postgres: strpos}(lower(coalesce(users.first_name, '') || ' ' || coalesce(users.last_name, '')), $4) > 0)
ORDER BY users.id LIMIT $5 OFFSET $6;
