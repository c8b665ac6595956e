-- Letters on their way. The states are those of model/letter.h: 1 waiting, 2 claimed, 3 handed over, 4 sent,
-- 5 dead. An attempt is known by its claim: whoever lost it changes nothing any more.

-- name: outbox_insert :run
-- in: struct outbox_row: id, kind, recipient, account, token, sealed:bytes, state, due, created, expires
INSERT INTO outbox (id, kind, recipient, account, token, sealed, state, attempts, due_at, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10);

-- Whether there is anything to do.
-- name: outbox_due :one
-- in: now moment
-- out: row: id id
SELECT id FROM outbox WHERE state < 4 AND due_at <= $1 ORDER BY due_at LIMIT 1;

-- The oldest one that is due: one that waits, or one whose attempt was lost before its end was sent.
-- name: outbox_claim :one
-- in: claim id, lapses moment, now moment
-- out: struct outbox_row: id, kind, recipient, account, claim, sealed:bytes, attempts, created, expires
UPDATE outbox SET state = 2, claim = $1, due_at = $2, attempts = attempts + 1
WHERE id = (SELECT id FROM outbox WHERE state < 4 AND state <= 2 AND due_at <= $3 AND expires_at > $3
            ORDER BY due_at LIMIT 1 {postgres: FOR UPDATE SKIP LOCKED})
RETURNING id, kind, recipient, account, claim, sealed, attempts, created_at, expires_at;

-- name: outbox_hand :change
-- in: lapses moment, id id, claim id
UPDATE outbox SET state = 3, due_at = $1 WHERE id = $2 AND claim = $3 AND state = 2;

-- Also one that was given up meanwhile, since by now it is known to have arrived.
-- name: outbox_sent :change
-- in: now moment, id id, claim id
UPDATE outbox SET state = 4, sealed = NULL, error = NULL, due_at = $1 WHERE id = $2 AND claim = $3 AND state IN (3, 5);

-- name: outbox_again :change
-- in: due moment, error text, id id, claim id
UPDATE outbox SET state = 1, due_at = $1, error = $2 WHERE id = $3 AND claim = $4 AND state IN (2, 3);

-- name: outbox_die :change
-- in: error text, id id, claim id
UPDATE outbox SET state = 5, error = $1 WHERE id = $2 AND claim = $3 AND state IN (2, 3);

-- Attempts that were lost after the end had been sent, or may have been: nobody knows whether they arrived.
-- name: outbox_lapse :many
-- in: error text, now moment
-- out: row: id id, account id
UPDATE outbox SET state = 5, error = $1 WHERE state < 4 AND state = 3 AND due_at <= $2 RETURNING id, account;

-- What nobody could use any more if it came.
-- name: outbox_expire :many
-- in: error text, now moment
-- out: row: id id, account id
UPDATE outbox SET state = 5, error = $1 || coalesce(error, 'it was never tried'), sealed = NULL
WHERE state < 4 AND state <= 2 AND due_at <= $2 AND expires_at <= $2 RETURNING id, account;

-- name: outbox_list :many
-- in: most int
-- out: struct outbox_row: id, kind, recipient, account, state, attempts, due, created, expires, error
-- scan: for a person who asks for all of it
SELECT id, kind, recipient, account, state, attempts, due_at, created_at, expires_at, error
FROM outbox ORDER BY created_at DESC, id DESC LIMIT $1;

-- name: outbox_revive :one
-- in: now moment, id id
-- out: row: id id
UPDATE outbox SET state = 1, due_at = $1, claim = NULL
WHERE id = $2 AND state IN (1, 5) AND sealed IS NOT NULL AND expires_at > $1 RETURNING id;

-- Not those of which nobody knows whether they arrived: a person names each of them, or nobody does.
-- name: outbox_revive_all :count
-- in: now moment, but text
UPDATE outbox SET state = 1, due_at = $1, claim = NULL
WHERE state = 5 AND sealed IS NOT NULL AND expires_at > $1 AND error <> $2;

-- name: outbox_drop :one
-- in: id id
-- out: row: id id
DELETE FROM outbox WHERE id = $1 AND state IN (1, 5) RETURNING id;

-- name: outbox_count :one
-- out: row: waiting int, dead int
-- scan: two indexes that have nothing but these, now and then
SELECT (SELECT count(*) FROM outbox WHERE state < 4) AS waiting,
       (SELECT count(*) FROM outbox WHERE state = 5) AS dead;

-- Sent ones stay as long as their token, so that none is sent for it again.
-- name: outbox_remove :count
-- in: now moment, before moment, most int
DELETE FROM outbox WHERE id IN
    (SELECT id FROM outbox WHERE expires_at < $1 AND (state = 4 OR state = 5 AND expires_at < $2) LIMIT $3);
