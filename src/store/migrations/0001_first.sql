-- The installation itself: one row, once it has been restored from a backup.
CREATE TABLE installation (
    number     smallint PRIMARY KEY,    -- 1
    not_before timestamptz NOT NULL     -- no token issued before then counts
);

-- Who there is.

CREATE TABLE users (
    id            uuid PRIMARY KEY,
    username      text,                 -- as typed; NULL for an account known by its address alone
    username_key  text,
    email         text,
    email_key     text,
    state         smallint NOT NULL,    -- enum user_state
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    last_login_at timestamptz,
    place         bigint                -- in the list of all: 1, 2, 3, … without a gap; NULL until it is given
);
-- The two that people log in by, and that the beginning of a name is searched by.
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
-- Those who may not come in. With the id in it the start reads this alone, and no row.
CREATE INDEX users_state ON users (state, id) WHERE state IN (1, 4, 5);
-- A page of the list is a range of places, its length the highest one; the few without one come last.
CREATE UNIQUE INDEX users_place ON users (place) WHERE place IS NOT NULL;
CREATE INDEX users_without_place ON users (id) WHERE place IS NULL;

CREATE TABLE credentials (
    user_id    uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    hash       text NOT NULL,           -- PHC
    changed_at timestamptz NOT NULL
);

-- Who has ever been an administrator, numbered in order of making.
CREATE TABLE admins (
    number  identity,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX admins_user_id ON admins (user_id);

-- What they may do.

CREATE TABLE roles (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    description text,
    rank        integer NOT NULL,       -- the strongest role of a user is the one of the highest rank
    built_in    boolean NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX roles_name ON roles (name);

CREATE TABLE role_permissions (
    role_id    uuid NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission text NOT NULL,
    PRIMARY KEY (role_id, permission)
);

CREATE TABLE assignments (
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id    uuid NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    granted_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX assignments_user_id ON assignments (user_id, role_id);
-- Whoever holds a role; with the user in it the start reads this alone, and no row.
CREATE INDEX assignments_role_id ON assignments (role_id, user_id);

-- Logins and the keys that sign for them.

CREATE TABLE sessions (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    face       text NOT NULL,
    peer       text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
);
-- One user's sessions, to list and to end them.
CREATE INDEX sessions_user_id ON sessions (user_id);
-- The oldest, to remove them.
CREATE INDEX sessions_expires_at ON sessions (expires_at);
-- What was ended lately: a start reads this alone, however many sessions there are.
CREATE INDEX sessions_ended_at ON sessions (ended_at, id) WHERE ended_at IS NOT NULL;

CREATE TABLE signing_keys (
    id          text PRIMARY KEY,       -- the thumbprint
    sealed      bytea NOT NULL,         -- the private JWK under the master key
    created_at  timestamptz NOT NULL,
    signs_from  timestamptz NOT NULL,
    verifies_to timestamptz
);

-- Failed logins of one subject (a keyed hash of the account, or of a name that no account has).
CREATE TABLE attempts (
    subject  bytea PRIMARY KEY,
    failures integer NOT NULL,
    last_at  timestamptz NOT NULL
);
CREATE INDEX attempts_last_at ON attempts (last_at);

-- What happened: the audit log, and what every node keeps its standing true by.
CREATE TABLE events (
    sequence identity,
    at       timestamptz NOT NULL,
    actor    uuid,
    verb     text NOT NULL,
    subject  uuid,
    source   text,
    face     text,
    details  jsonb
    {postgres:, writer xid8 NOT NULL DEFAULT pg_current_xact_id()} -- units do not commit in the order of numbers
);
CREATE INDEX events_subject ON events (subject, sequence);
{postgres: CREATE INDEX events_writer ON events (writer);}

-- {now} is the present, in each engine's own words.
INSERT INTO roles (id, name, description, rank, built_in, created_at, updated_at) VALUES
    ('00000000-0000-7000-8000-000000000001', 'SUPER_ADMIN', 'Holds every permission', 50, true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000002', 'ADMIN', 'Manages users, roles, administrators and sessions', 40, true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000003', 'GYM_ADMIN', 'Manages the users of one organization', 30, true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000004', 'MEMBER', 'Member of an organization', 20, true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000005', 'USER', 'User role', 10, true, {now}, {now});

INSERT INTO role_permissions (role_id, permission) VALUES
    ('00000000-0000-7000-8000-000000000001', '*'),
    ('00000000-0000-7000-8000-000000000002', 'users:*'),
    ('00000000-0000-7000-8000-000000000002', 'roles:*'),
    ('00000000-0000-7000-8000-000000000002', 'permissions:*'),
    ('00000000-0000-7000-8000-000000000002', 'admins:*'),
    ('00000000-0000-7000-8000-000000000002', 'sessions:*'),
    ('00000000-0000-7000-8000-000000000003', 'users:*'),
    ('00000000-0000-7000-8000-000000000003', 'orgs:read'),
    ('00000000-0000-7000-8000-000000000003', 'orgs:write'),
    ('00000000-0000-7000-8000-000000000003', 'roles:assign');
