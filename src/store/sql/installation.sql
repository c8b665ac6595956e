-- The one row about the installation itself.

-- name: installation_get :one
-- in: number int
-- out: row: not_before moment
SELECT not_before FROM installation WHERE number = $1;

-- name: installation_put :run
-- in: number int, not_before moment
INSERT INTO installation (number, not_before) VALUES ($1, $2)
ON CONFLICT (number) DO UPDATE SET not_before = excluded.not_before;
