-- The list of all users, page by page.
--
-- A place is the number of a user in the list: 1, 2, 3, … without a gap. So a page is a range of places
-- and the length is the highest one, whatever the page and however many there are. A new user has no
-- place until a job gives one, so that two units that make users never want the same row; those without
-- come last, and are few. Who leaves gives the place to the last one.

-- name: roster_length :one
-- out: row: places int
SELECT coalesce(max(place), 0) FROM users WHERE place IS NOT NULL;

-- name: roster_waiting :one
-- out: row: count int
-- scan: of the index of those without a place, who are few
SELECT count(*) FROM users WHERE place IS NULL;

-- name: roster_range :many
-- in: after int, last int
-- out: {user}
SELECT {user}
FROM users WHERE place > $1 AND place <= $2 ORDER BY place;

-- name: roster_waiting_range :many
-- in: most int, skipped int
-- out: {user}
SELECT {user}
FROM users WHERE place IS NULL ORDER BY id LIMIT $1 OFFSET $2;

-- name: roster_next :many
-- in: most int
-- out: row: id id
SELECT id FROM users WHERE place IS NULL ORDER BY id LIMIT $1;

-- name: roster_at :one
-- in: place int
-- out: row: id id
SELECT id FROM users WHERE place = $1;

-- name: roster_place_of :one
-- in: id id
-- out: row: place int
SELECT coalesce(place, 0) FROM users WHERE id = $1;

-- name: roster_put :change
-- in: place int, id id
UPDATE users SET place = $1 WHERE id = $2;

-- name: roster_take_out :change
-- in: id id
UPDATE users SET place = NULL WHERE id = $1;

-- Whose username or address lies between two texts; no more than so many of each, so that the
-- beginning that most names have costs no more than it would among a few. SQLite finds the row's number
-- in the index and reads but the rows of the page.
-- name: roster_found :one
-- in: begin text, end text, most int
-- out: row: count int
-- scan: of what was found, which is bounded
SELECT count(*) FROM (
SELECT key
FROM (SELECT {sqlite: rowid}{postgres: id} AS key FROM users WHERE username_key >= $1 AND username_key < $2
      ORDER BY username_key LIMIT $3) by_name
UNION
SELECT key
FROM (SELECT {sqlite: rowid}{postgres: id} AS key FROM users WHERE email_key >= $1 AND email_key < $2
      ORDER BY email_key LIMIT $3) by_address) found;

-- name: roster_found_range :many
-- in: begin text, end text, most int, limit int, skipped int
-- out: {user}
-- scan: of what was found, which is bounded
SELECT {user}
FROM users WHERE {sqlite: rowid}{postgres: id} IN (
SELECT key
FROM (SELECT {sqlite: rowid}{postgres: id} AS key FROM users WHERE username_key >= $1 AND username_key < $2
      ORDER BY username_key LIMIT $3) by_name
UNION
SELECT key
FROM (SELECT {sqlite: rowid}{postgres: id} AS key FROM users WHERE email_key >= $1 AND email_key < $2
      ORDER BY email_key LIMIT $3) by_address)
ORDER BY {sqlite: rowid}{postgres: id} LIMIT $4 OFFSET $5;

-- Narrowed down: an index has all that is counted and passed over, and nothing but the rows of the page is read.

-- name: roster_members :one
-- in: organization id, states int
-- out: row: count int
SELECT count(*) FROM users WHERE organization_id = $1 AND ($2 & (1 << state)) <> 0;

-- name: roster_members_range :many
-- in: organization id, states int, limit int, skipped int
-- out: {user}
SELECT {user} FROM users WHERE id IN
    (SELECT id FROM users WHERE organization_id = $1 AND ($2 & (1 << state)) <> 0 ORDER BY id LIMIT $3 OFFSET $4)
ORDER BY id;

-- name: roster_in_state :one
-- in: state enum
-- out: row: count int
SELECT count(*) FROM users WHERE state = $1;

-- name: roster_in_state_range :many
-- in: state enum, limit int, skipped int
-- out: {user}
SELECT {user} FROM users WHERE id IN (SELECT id FROM users WHERE state = $1 ORDER BY id LIMIT $2 OFFSET $3)
ORDER BY id;
