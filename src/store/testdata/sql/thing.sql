-- name: thing_insert :run
-- in: struct thing: id, name.shown, name.key, picture:bytes, weight, heavy, made
-- in: digest key32, colour enum
INSERT INTO things (id, name, key, picture, weight, heavy, made_at, digest, colour)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: thing_by_id :one
-- in: id id
-- out: struct thing: id, name.shown, name.key, picture:bytes, weight, heavy, made, digest, colour
SELECT id, name, key, picture, weight, heavy, made_at, digest, colour FROM things WHERE id = $1;

-- name: thing_wrong :one
-- in: id id
-- out: row: weight int
SELECT name FROM things WHERE id = $1;

-- name: thing_put :run
-- in: id id, name text
INSERT INTO things (id, name, key) VALUES ($1, $2, $2);

-- name: thing_put_heavy :run
-- in: id id, name text
INSERT INTO things (id, name, key, weight) VALUES ($1, $2, $2, 2000);

-- name: thing_rename :change
-- in: name text, id id
UPDATE things SET name = $1 WHERE id = $2;

-- name: thing_remove :count
-- in: id id
DELETE FROM things WHERE id = $1;

-- name: part_insert :run
-- in: thing id, place int
INSERT INTO parts (thing_id, place) VALUES ($1, $2);

-- name: pair_half :run
-- in: number int, half int
INSERT INTO pairs (number, half) VALUES ($1, $2);

-- name: pair_halves :one
-- in: number int
-- out: row: halves int
SELECT count(*) FROM pairs WHERE number = $1;

-- name: pairs_from :many
-- in: least int, most int
-- out: row: number int, half int
SELECT number, half FROM pairs WHERE number >= $1 ORDER BY number, half LIMIT $2;

-- name: pairs_broken :many
-- out: row: number int
-- scan: asked for once, at the end of a test
SELECT number FROM pairs GROUP BY number HAVING count(*) <> 2;

-- name: note_insert :one
-- in: line text, at moment
-- out: row: sequence int
INSERT INTO notes (line, at) VALUES ($1, $2) RETURNING sequence;

-- name: note_first :one
-- out: row: line text, at moment
SELECT line, at FROM notes WHERE sequence = 1;

-- name: notes_remove :many
-- out: row: sequence int, line text
-- scan: all are meant
DELETE FROM notes RETURNING sequence, line;

-- name: note_count :one
-- out: row: count int
-- scan: counting reads all of them
SELECT count(*) FROM notes;

-- name: notes_fill :run
-- in: line text, most int
-- scan: each note of the first ones is doubled
INSERT INTO notes (line) SELECT $1 FROM notes LIMIT $2;

-- Once only.
-- name: thing_take :one
-- in: id id
-- out: row: weight int
UPDATE things SET weight = 1 WHERE id = $1 AND weight IS NULL RETURNING weight;

-- name: things_heavy_but :one
-- in: id id
-- out: row: count int
-- scan: asked for in one test
SELECT count(*) FROM things WHERE heavy = true AND id <> $1;

-- name: thing_lighten :change
-- in: id id
UPDATE things SET heavy = false WHERE id = $1;

-- One more, if nobody has added to it meanwhile.
-- name: thing_weigh :last
-- in: id id, weight int
UPDATE things SET weight = weight + 1 WHERE id = $1 AND weight = $2;
