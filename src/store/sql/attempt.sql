-- Failed logins, counted in one place.

-- name: attempt_failed :run
-- in: subject key32, now moment
INSERT INTO attempts (subject, failures, last_at) VALUES ($1, 1, $2)
ON CONFLICT (subject) DO UPDATE SET failures = attempts.failures + 1, last_at = excluded.last_at;

-- name: attempt_of :one
-- in: subject key32
-- out: row: failures int, last moment
SELECT failures, last_at FROM attempts WHERE subject = $1;

-- One more, unless there has been another since they were looked at.
-- name: attempt_claim :count
-- in: now moment, subject key32, failures int, last moment
UPDATE attempts SET failures = failures + 1, last_at = $1 WHERE subject = $2 AND failures = $3 AND last_at = $4;

-- name: attempt_forget :run
-- in: subject key32
DELETE FROM attempts WHERE subject = $1;

-- name: attempts_remove :count
-- in: before moment, most int
DELETE FROM attempts WHERE subject IN (SELECT subject FROM attempts WHERE last_at < $1 LIMIT $2);

-- The newest one that is too many, when only so many are to be kept.
-- name: attempts_excess :one
-- in: keep int
-- out: row: last moment
SELECT last_at FROM attempts ORDER BY last_at DESC LIMIT 1 OFFSET $1;
