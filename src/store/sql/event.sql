-- The one table of what happened.

-- name: event_insert :run
-- in: struct event: at, actor, verb, subject, source, face, details:json
INSERT INTO events (at, actor, verb, subject, source, face, details)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- One for each member of an organization.
-- name: event_insert_members :run
-- in: struct event: at, actor, verb, source, face, details:json
-- in: organization id
INSERT INTO events (at, actor, verb, subject, source, face, details)
SELECT {sqlite: $1, $2, $3, id, $4, $5, $6}
       {postgres: $1::timestamptz, $2::uuid, $3::text, id, $4::text, $5::text, $6::jsonb}
FROM users WHERE organization_id = $7;

-- What has come to be seen since a position was read, each event once, however long the unit that wrote it
-- stayed open. Page by page in one view: `after` is the sequence of the last one read, 0 at first.
-- name: events_since :many
-- in: position text, after int, most int
-- out: struct event: sequence, at, actor, verb, subject, source, face, details
SELECT sequence, at, actor, verb, subject, source, face, details
FROM {sqlite: events WHERE sequence > max(CAST($1 AS INTEGER), $2)}
     {postgres: (SELECT * FROM events WHERE writer >= pg_snapshot_xmin($1::pg_snapshot)
                 AND writer < pg_snapshot_xmax(pg_current_snapshot())
                 AND NOT pg_visible_in_snapshot(writer, $1::pg_snapshot) OFFSET 0) fresh WHERE sequence > $2}
ORDER BY sequence LIMIT $3;

-- Where this view ends: what it does not see comes after. On PostgreSQL that is the snapshot itself, since
-- units do not commit in the order of their numbers; one too long to be kept is told as an earlier one. It
-- means nothing on another line: a standby that takes over begins one, and gives lost numbers anew.
-- name: events_position :one
-- out: row: position text, line text
{sqlite: SELECT CAST(coalesce(max(sequence), 0) AS TEXT), '' FROM events}
{postgres: SELECT CASE WHEN length(s::text) < 500 THEN s::text
                       ELSE pg_snapshot_xmin(s)::text || ':' || pg_snapshot_xmin(s)::text || ':' END,
                  left(pg_walfile_name(pg_current_wal_lsn()), 8)
           FROM pg_current_snapshot() s};

-- name: event_last :one
-- out: row: at moment
-- scan: from the end, and ends with its first row
SELECT at FROM events ORDER BY sequence DESC LIMIT 1;

-- Looks at the oldest alone: an index by time would cost every writer something, for this.
-- name: events_remove :count
-- in: most int, before moment
-- scan: from the beginning, and ends with its limit
DELETE FROM events WHERE sequence IN
    (SELECT sequence FROM (SELECT sequence, at FROM events ORDER BY sequence LIMIT $1) oldest WHERE at < $2);
