"""Fills a store with as many users as are asked for, straight through SQL and the store's own schema.

Names are scattered, so that neighbours in the index of names are not neighbours in the table: `user`
and seven digits. Everyone has the password of the store's administrator. Sessions lie in the last 29
days; a fifth of them were ended at some time.

A column that the schema has and a row here does not know stays empty; one that may not stay empty is
an error, so that whoever adds it says here what it holds. A table that the schema has not got yet is
left out."""
import os
import random
import sqlite3
import time

DAY_MS = 86_400_000
NAMES = 10_000_000
SCATTER = 48_271_003      # has no factor in common with NAMES
ACTIVE, INACTIVE, PENDING = 3, 4, 1
ORGANIZATION_ACTIVE = 1
MEMBER = "00000000-0000-7000-8000-000000000004"
GYM_ADMIN = "00000000-0000-7000-8000-000000000003"
FILLED = ("organizations", "users", "credentials", "assignments", "sessions")


def name_of(i):
    """Of the i-th user; the first ones may come in."""
    return f"user{i * SCATTER % NAMES:07}"


def identifier(ms, chance):
    """A UUID of version 7, made at that moment."""
    low = chance.getrandbits(74)
    return (f"{ms >> 16:08x}-{ms & 0xffff:04x}-7{low >> 62:03x}-"
            f"{0x8000 | low >> 48 & 0x3fff:04x}-{low & 0xffffffffffff:012x}")


class Seeder:
    def __init__(self, file):
        self.db = sqlite3.connect(file, isolation_level=None)
        self.chance = random.Random(1)
        self.now = int(time.time() * 1000)
        self.begun = self.now - 1000 * DAY_MS
        self.users, self.organizations = [], []
        for setting in ("synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY",
                        "foreign_keys = OFF"):
            self.db.execute(f"PRAGMA {setting}")

    def fill(self, users, sessions, organizations, expired=0):
        """About a minute for a million: the secondary indexes go and are made anew, each in one sort."""
        marks = ", ".join("?" * len(FILLED))
        indexes = self.db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
                                  f"AND tbl_name IN ({marks})", FILLED).fetchall()
        for name, _ in indexes:
            self.db.execute(f"DROP INDEX {name}")
        self.db.execute("BEGIN")
        self.add_organizations(organizations)
        self.add_users(users)
        self.add_managers(organizations)
        self.add_sessions(expired, self.now - 90 * DAY_MS, self.now - 40 * DAY_MS)
        self.add_sessions(sessions, self.now - 29 * DAY_MS, self.now)
        self.db.execute("COMMIT")
        for _, sql in indexes:
            self.db.execute(sql)
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def columns(self, table, known):
        """Which of those that a row knows the schema has; none where it has no such table."""
        found = self.db.execute("SELECT name, \"notnull\" AND dflt_value IS NULL FROM pragma_table_info(?)",
                                (table,)).fetchall()
        unknown = [name for name, needed in found if needed and name not in known]
        if unknown:
            raise KeyError(f"bench/measure/seed.py does not say what {table}.{unknown[0]} holds")
        return [name for name, _ in found if name in known]

    def put(self, table, known, rows):
        """`rows` are tuples of values for the columns `known`."""
        columns = self.columns(table, known)
        if columns:
            at = [known.index(name) for name in columns]
            self.db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(at))})",
                                ([row[i] for i in at] for row in rows))

    def moment(self, i, count):
        """The users and organizations came evenly over the last thousand days."""
        return self.begun + i * 1000 * DAY_MS // count

    def add_organizations(self, count):
        self.organizations = [identifier(self.moment(i, count), self.chance) for i in range(count)]
        self.put("organizations", ("id", "name", "slug", "domain", "state", "created_at", "updated_at"),
                 ((organization, f"Organization {i}", f"organization-{i}", f"o{i}.bench.invalid", ORGANIZATION_ACTIVE,
                   self.moment(i, count), self.moment(i, count)) for i, organization in enumerate(self.organizations)))

    def organization_of(self, i):
        return self.organizations[i % len(self.organizations)] if self.organizations else None

    def add_users(self, count):
        password, = self.db.execute("SELECT hash FROM credentials LIMIT 1").fetchone()
        place, = self.db.execute("SELECT coalesce(max(place), 0) FROM users").fetchone()
        self.users = [identifier(self.moment(i, count), self.chance) for i in range(count)]

        def rows():
            for i, user in enumerate(self.users):
                name, made = name_of(i), self.moment(i, count)
                address = f"{name}@bench.invalid"
                state = INACTIVE if i % 100 == 98 else PENDING if i % 100 == 99 else ACTIVE
                yield (user, name, name, address, address, state, made, made, place + 1 + i, self.organization_of(i),
                       made, made)

        self.put("users", ("id", "username", "username_key", "email", "email_key", "state", "created_at", "updated_at",
                           "place", "organization_id", "activated_at", "verified_at"), rows())
        self.put("credentials", ("user_id", "hash", "changed_at"), ((user, password, self.begun) for user in self.users))
        self.grant(MEMBER, len(self.users))

    def add_managers(self, organizations):
        """Each organization has one who manages it."""
        self.grant(GYM_ADMIN, organizations)

    def grant(self, role, count):
        self.put("assignments", ("user_id", "role_id", "organization_id", "granted_at"),
                 ((user, role, self.organization_of(i), self.begun) for i, user in enumerate(self.users[:count])))

    def add_sessions(self, count, since, until, life=30 * DAY_MS):
        chance = self.chance

        def rows():
            for i in range(count):
                made = since + (until - since) * i // count
                ended = made + int(chance.random() * (self.now - made)) if i % 5 == 0 else None
                session = identifier(made, chance)
                yield session, chance.choice(self.users), "edge", "192.0.2.1", made, made + life, ended, session

        self.put("sessions", ("id", "user_id", "face", "peer", "created_at", "expires_at", "ended_at", "family"), rows())

    def close(self):
        self.db.close()


def seed(file, users, sessions, organizations, expired=0):
    """`expired` are as many sessions more, which housekeeping is to remove."""
    seeder = Seeder(file)
    try:
        seeder.fill(users, sessions, organizations, expired)
    finally:
        seeder.close()
    with open(file, "rb") as written:
        os.fsync(written.fileno())  # or the kernel would do it in the middle of what is measured
