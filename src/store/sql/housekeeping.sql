-- Removing what has served its time.

-- Whether this node may in this unit: of many nodes one does, or they would only get in each other's way.
-- name: housekeeping_turn :one
-- out: row: mine bool
{sqlite: SELECT 1}
{postgres: SELECT pg_try_advisory_xact_lock(5209881)};

-- What the store takes of the disk, and how much of that is free for what comes (PostgreSQL does not say).
-- name: store_size :one
-- out: row: bytes int, free int
-- scan: of two numbers
SELECT {sqlite: p.page_count * s.page_size, f.freelist_count * s.page_size
        FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s}
       {postgres: pg_database_size(current_database()), 0::bigint};
