-- Things with a member of every kind, and pairs of which one is never without the other.

CREATE TABLE things (
    id      uuid PRIMARY KEY,
    name    text NOT NULL CHECK (name <> 'text, integer'),
    key     text NOT NULL,
    picture bytea,
    weight  bigint,
    heavy   boolean,
    made_at timestamptz,
    digest  bytea,
    colour  smallint
);
CREATE UNIQUE INDEX things_key ON things (key, id);
CREATE UNIQUE INDEX things_name ON things (name);
CREATE UNIQUE INDEX things_lower_name ON things (lower(name)) WHERE weight > 1000;

-- without rowid
CREATE TABLE parts (
    thing_id uuid NOT NULL REFERENCES things (id),
    place    integer NOT NULL,
    PRIMARY KEY (thing_id, place)
);

CREATE TABLE pairs (
    number  bigint NOT NULL,
    half    smallint NOT NULL,
    PRIMARY KEY (number, half)
);

CREATE TABLE notes (
    sequence identity,
    line     text NOT NULL
);
