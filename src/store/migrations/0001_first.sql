-- The installation itself: one row, once it has been restored from a backup.
CREATE TABLE installation (
    number     smallint PRIMARY KEY,    -- 1
    not_before timestamptz NOT NULL     -- no token issued before then counts
);

-- Who there is.

CREATE TABLE organizations (
    id              uuid PRIMARY KEY,
    name            text NOT NULL,
    slug            text NOT NULL,
    domain          text,               -- of its people's addresses
    industry        text,
    size            text,
    logo_url        text,
    primary_color   text,
    secondary_color text,
    state           smallint NOT NULL,  -- enum organization_state
    setup_at        timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX organizations_slug ON organizations (slug);
CREATE UNIQUE INDEX organizations_domain ON organizations (domain);
-- Those whose members may not come in: a start reads this alone.
CREATE INDEX organizations_suspended ON organizations (id) WHERE state = 2;

CREATE TABLE users (
    id              uuid PRIMARY KEY,
    username        text,               -- as typed; NULL for an account known by its address alone
    username_key    text,
    email           text,
    email_key       text,
    state           smallint NOT NULL,  -- enum user_state
    first_name      text,
    last_name       text,
    phone           text,
    birth_date      text,               -- 1990-01-01
    bio             text,
    avatar          text,               -- a path of ours, or an address that was given
    organization_id uuid REFERENCES organizations (id) ON DELETE SET NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    last_login_at   timestamptz,
    activated_at    timestamptz,
    verified_at     timestamptz,        -- when the address was shown to be theirs
    corporate       boolean NOT NULL DEFAULT false,
    claimed         boolean NOT NULL DEFAULT false, -- the address: by whoever has the account, and by nobody else so far
    place           bigint              -- in the list of all: 1, 2, 3, … without a gap; NULL until it is given
);
-- The two that people log in by, and that the beginning of a name is searched by.
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
-- Those in one state. With the id in it the start reads this alone, and no row, for those who may not come in.
CREATE INDEX users_state ON users (state, id);
-- A page of the list is a range of places, its length the highest one; the few without one come last.
CREATE UNIQUE INDEX users_place ON users (place) WHERE place IS NOT NULL;
CREATE INDEX users_without_place ON users (id) WHERE place IS NULL;
-- Whose a picture of ours is: which of the files are nobody's is found out by it.
CREATE INDEX users_avatar ON users (avatar) WHERE avatar IS NOT NULL;
-- The members of an organization, page by page. With the state in it those in some states are counted by it alone.
CREATE INDEX users_organization_id ON users (organization_id, id, state);

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

CREATE TABLE permissions (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,          -- "users:read"; "users:*" for all of a kind, "*" for all
    description text,
    built_in    boolean NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX permissions_name ON permissions (name);

CREATE TABLE role_permissions (
    role_id       uuid NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission_id uuid NOT NULL REFERENCES permissions (id),
    PRIMARY KEY (role_id, permission_id)
);
CREATE INDEX role_permissions_permission_id ON role_permissions (permission_id);

-- Who holds which role: everywhere, or in one organization.
CREATE TABLE assignments (
    user_id         uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id         uuid NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    organization_id uuid REFERENCES organizations (id) ON DELETE CASCADE,
    granted_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX assignments_user_id
    ON assignments (user_id, role_id, coalesce(organization_id, '00000000-0000-0000-0000-000000000000'));
-- Whoever holds a role; with the user in it the start reads this alone, and no row.
CREATE INDEX assignments_role_id ON assignments (role_id, user_id, organization_id);
CREATE INDEX assignments_organization_id ON assignments (organization_id) WHERE organization_id IS NOT NULL;

-- Programs that show who they are by a key, and what each may do.
CREATE TABLE service_keys (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    digest     bytea NOT NULL,          -- SHA-256 of what is shown
    maker      uuid,                    -- NULL: the operator
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    used_at    timestamptz,             -- lately, to the minute
    revoked_at timestamptz              -- the row stays, so that events can be read that name it
);
CREATE UNIQUE INDEX service_keys_name ON service_keys (name) WHERE revoked_at IS NULL;

CREATE TABLE service_key_permissions (
    key_id        uuid NOT NULL REFERENCES service_keys (id) ON DELETE CASCADE,
    permission_id uuid NOT NULL REFERENCES permissions (id),
    PRIMARY KEY (key_id, permission_id)
);
CREATE INDEX service_key_permissions_permission_id ON service_key_permissions (permission_id);

-- Logins and the keys that sign for them.

CREATE TABLE sessions (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL,           -- without a reference: that it ended outlives its user
    face       text NOT NULL,
    peer       text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    family     uuid NOT NULL,           -- the first of those that followed on one another
    followed   boolean NOT NULL DEFAULT false -- it ended because another took its place
);
-- One user's sessions, to list and to end them.
CREATE INDEX sessions_user_id ON sessions (user_id);
CREATE INDEX sessions_family ON sessions (family);
-- The oldest, to remove them.
CREATE INDEX sessions_expires_at ON sessions (expires_at);
-- What was ended lately: a start reads this alone, however many sessions there are.
CREATE INDEX sessions_ended_at ON sessions (ended_at, id) WHERE ended_at IS NOT NULL;

-- Where a session's refresh tokens have got to: one row, however often they were used. It has no token and no
-- digest of one: they are made of `seed`, their number and a key that is not in the store.
-- without rowid
CREATE TABLE refresh_tokens (
    session_id uuid PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    seed       bytea NOT NULL,
    number     bigint NOT NULL,         -- of the one that counts
    peer       text,                    -- to whom it was given
    given_at   timestamptz NOT NULL
);

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

-- Single-use links that were mailed: one of a kind for each user, so that a newer one takes the older one's place.
CREATE TABLE links (
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       smallint NOT NULL,       -- enum link_kind
    token      bytea NOT NULL,          -- SHA-256 of it
    code       bytea,                   -- a keyed digest of the digits that stand for it; not all have some
    address    text NOT NULL,           -- users.email_key as it was then: no link outlives its address
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, kind)
);
CREATE UNIQUE INDEX links_token ON links (token);
CREATE INDEX links_expires_at ON links (expires_at);

-- Whom other services vouch for: one row for each of their accounts that leads into one of ours.
CREATE TABLE identities (
    id        uuid PRIMARY KEY,
    user_id   uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider  smallint NOT NULL,        -- enum provider
    issuer    text NOT NULL,            -- the `iss` of its tokens, of a tenant where there are some
    subject   text NOT NULL,            -- and the `sub`, which never changes and is never given to another
    email     text,                     -- what it said then, for people to tell them apart
    linked_at timestamptz NOT NULL,
    used_at   timestamptz NOT NULL      -- when it last let somebody in
);
CREATE UNIQUE INDEX identities_subject ON identities (issuer, subject);
CREATE INDEX identities_user_id ON identities (user_id);

-- What counts once and is kept by others: states and id_tokens that were shown, until they expire.
CREATE TABLE spent (
    digest     bytea PRIMARY KEY,       -- SHA-256 of it
    expires_at timestamptz NOT NULL
);
CREATE INDEX spent_expires_at ON spent (expires_at);

-- Letters: written in the unit that causes them, sent by a job.
CREATE TABLE outbox (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL,
    recipient  text NOT NULL,           -- the account's address, as it is shown
    account    uuid,                    -- whom it is about
    token      bytea,                   -- SHA-256 of its single-use token: at most one letter for each
    sealed     bytea,                   -- what it says, under a key made of the master key; NULL once it is sent
    state      smallint NOT NULL,       -- enum letter_state
    attempts   integer NOT NULL,
    claim      uuid,                    -- of the newest attempt
    due_at     timestamptz NOT NULL,    -- the next attempt; while one is under way, when it counts as lost
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    error      text                     -- why the newest attempt failed
);
CREATE UNIQUE INDEX outbox_token ON outbox (token);
CREATE INDEX outbox_due_at ON outbox (due_at) WHERE state < 4; -- all that may still have to be sent
CREATE INDEX outbox_dead ON outbox (created_at) WHERE state = 5;
CREATE INDEX outbox_expires_at ON outbox (expires_at);

-- Letters with a link that somebody asked for, to an address that is an account's or not: that is looked at
-- afterwards. Until they are removed, how often it was asked for is counted by them.
CREATE TABLE asked (
    id       uuid PRIMARY KEY,
    subject  bytea NOT NULL,            -- a keyed digest of the kind and the address
    kind     smallint NOT NULL,         -- enum link_kind
    address  text,                      -- as users.email_key; NULL once it was looked at
    path     text NOT NULL,             -- where the link is to lead
    asked_at timestamptz NOT NULL
);
CREATE INDEX asked_subject ON asked (subject, asked_at);
CREATE INDEX asked_open ON asked (id) WHERE address IS NOT NULL;
CREATE INDEX asked_asked_at ON asked (asked_at);

-- {now} is the present, in each engine's own words.
INSERT INTO roles (id, name, description, rank, built_in, created_at, updated_at) VALUES
    ('00000000-0000-7000-8000-000000000001', 'SUPER_ADMIN', 'Holds every permission', 50, true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000002', 'ADMIN', 'Manages users, roles, administrators and sessions', 40, true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000003', 'GYM_ADMIN', 'Manages the users of one organization', 30, true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000004', 'MEMBER', 'Member of an organization', 20, true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000005', 'USER', 'User role', 10, true, {now}, {now});

INSERT INTO permissions (id, name, description, built_in, created_at, updated_at) VALUES
    ('00000000-0000-7000-8000-000000000100', 'users:read', 'See users', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000101', 'users:write', 'Make, change and remove users', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000102', 'roles:read', 'See roles', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000103', 'roles:write', 'Make, change and remove roles', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000104', 'roles:assign', 'Give roles to users and take them away', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000105', 'permissions:read', 'See permissions', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000106', 'permissions:write', 'Make, change and remove permissions', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000107', 'admins:read', 'See administrators', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000108', 'admins:write', 'Make and stop administrators', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000109', 'sessions:read', 'See the sessions of others', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000110', 'sessions:write', 'End the sessions of others', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000111', 'orgs:read', 'See organizations', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000112', 'orgs:write', 'Make and change organizations', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000113', 'metrics:read', 'Read the metrics', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000114', '*', 'Everything', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000115', 'users:*', 'Everything with users', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000116', 'roles:*', 'Everything with roles', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000117', 'permissions:*', 'Everything with permissions', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000118', 'admins:*', 'Everything with administrators', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000119', 'sessions:*', 'Everything with sessions', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000120', 'orgs:*', 'Everything with organizations', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000121', 'service-keys:read', 'See service keys', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000122', 'service-keys:write', 'Make and revoke service keys', true, {now}, {now}),
    ('00000000-0000-7000-8000-000000000123', 'service-keys:*', 'Everything with service keys', true, {now}, {now});

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.id, p.id FROM roles r JOIN permissions p ON
    (r.name = 'SUPER_ADMIN' AND p.name = '*')
    OR (r.name = 'ADMIN' AND p.name IN ('users:*', 'roles:*', 'permissions:*', 'admins:*', 'sessions:*'))
    OR (r.name = 'GYM_ADMIN' AND p.name IN ('users:*', 'orgs:read', 'orgs:write', 'roles:assign'));
