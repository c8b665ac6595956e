-- Letters that somebody asked for.

-- name: asked_insert :run
-- in: id id, subject key32, kind enum, address text, path text, now moment
INSERT INTO asked (id, subject, kind, address, path, asked_at) VALUES ($1, $2, $3, $4, $5, $6);

-- The one that was asked for so many ago, if that is not long since.
-- name: asked_lately :one
-- in: subject key32, since moment, before int
-- out: row: at moment
SELECT asked_at FROM asked WHERE subject = $1 AND asked_at > $2 ORDER BY asked_at DESC LIMIT 1 OFFSET $3;

-- name: asked_open :many
-- in: most int
-- out: row: id id, kind enum, address text, path text
SELECT id, kind, address, path FROM asked WHERE address IS NOT NULL ORDER BY id LIMIT $1;

-- name: asked_close :change
-- in: id id
UPDATE asked SET address = NULL WHERE id = $1 AND address IS NOT NULL;

-- name: asked_remove :count
-- in: before moment, most int
DELETE FROM asked WHERE id IN (SELECT id FROM asked WHERE asked_at < $1 LIMIT $2);

-- The newest one that is too many, when only so many are to be kept.
-- name: asked_excess :one
-- in: keep int
-- out: row: at moment
SELECT asked_at FROM asked ORDER BY asked_at DESC LIMIT 1 OFFSET $1;
