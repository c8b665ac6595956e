#!/usr/bin/env python3
"""seed_test.py SIGNET: what the seed makes is a store like any other, of the schema that there is."""
import contextlib
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from measure import seed, servers

SIGNET = sys.argv.pop(1)
USERS, SESSIONS, ORGANIZATIONS, EXPIRED = 500, 1500, 50, 40
INDEXES = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name"


class Store(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.signet = servers.Signet(SIGNET, cls.folder.name)
        cls.file = cls.signet.data / "signet.db"
        cls.indexes = cls.rows(INDEXES)
        seed.seed(cls.file, USERS, SESSIONS, ORGANIZATIONS, EXPIRED)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def rows(cls, sql):
        with contextlib.closing(sqlite3.connect(cls.file)) as db:
            return db.execute(sql).fetchall()

    def test_it_has_what_was_asked_for(self):
        self.assertEqual(self.rows("SELECT count(*) FROM users WHERE username LIKE 'user%'"), [(USERS,)])
        self.assertEqual(self.rows("SELECT count(*) FROM sessions"), [(SESSIONS + EXPIRED,)])
        (placed, last), = self.rows("SELECT count(place), max(place) FROM users")
        self.assertEqual(placed, last)
        self.assertGreaterEqual(placed, USERS)
        if self.rows("SELECT 1 FROM sqlite_schema WHERE name = 'organizations'"):
            self.assertEqual(self.rows("SELECT count(*) FROM organizations"), [(ORGANIZATIONS,)])

    def test_it_is_whole(self):
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.rows("PRAGMA foreign_key_check"), [])
        self.assertEqual(self.rows(INDEXES), self.indexes)
        self.assertEqual(subprocess.run([SIGNET, "check", "--data", self.signet.data], check=False,
                                        capture_output=True).returncode, 0)

    def test_who_is_in_it_may_come_in_or_not_as_their_state_says(self):
        with self.signet.serve(*servers.QUIET) as server:
            for i, status in ((0, 200), (97, 200), (98, 403)):
                answer = servers.ask(server.port, self.signet.login_request(name=seed.name_of(i)))
                self.assertEqual(answer.status, status, answer.body)


class Schema(unittest.TestCase):
    def seeder(self, folder, sql):
        with contextlib.closing(sqlite3.connect(pathlib.Path(folder) / "db")) as db:
            db.executescript(sql)
        return seed.Seeder(pathlib.Path(folder) / "db")

    def test_a_table_that_is_not_there_is_left_out_and_so_is_a_column(self):
        with tempfile.TemporaryDirectory() as folder:
            with contextlib.closing(self.seeder(folder, "CREATE TABLE a (x, y NOT NULL DEFAULT 1)")) as seeder:
                seeder.put("b", ("x",), [(1,)])
                seeder.put("a", ("x", "z"), [(1, 2), (3, 4)])
                self.assertEqual(seeder.db.execute("SELECT x, y FROM a").fetchall(), [(1, 1), (3, 1)])

    def test_a_column_that_may_not_be_empty_has_to_be_known(self):
        with tempfile.TemporaryDirectory() as folder:
            with contextlib.closing(self.seeder(folder, "CREATE TABLE a (x, y NOT NULL)")) as seeder:
                with self.assertRaisesRegex(KeyError, "a.y"):
                    seeder.put("a", ("x",), [(1,)])

    def test_names_are_scattered_and_each_is_another(self):
        names = [seed.name_of(i) for i in range(100_000)]
        self.assertEqual(len(set(names)), len(names))
        self.assertNotEqual(names, sorted(names))


if __name__ == "__main__":
    unittest.main()
