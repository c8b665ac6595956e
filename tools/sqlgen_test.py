#!/usr/bin/env python3
"""Tests of tools/sqlgen.py: what it refuses, in which words, and what it writes."""
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import unittest

SQLGEN = pathlib.Path(__file__).with_name("sqlgen.py")
TABLES = """
CREATE TABLE users (
    id    uuid PRIMARY KEY,
    name  text NOT NULL,  -- not a type: varchar, boolean
    born  timestamptz,
    photo bytea
);
CREATE UNIQUE INDEX users_name ON users (name);
"""
MODEL = "struct user {\n    struct id id;\n};\n"


class Repository:
    """A folder with a store and a model, to be generated from."""

    def __init__(self, folder, migrations, sql):
        self.store = pathlib.Path(folder) / "src/store"
        self.out = pathlib.Path(folder) / "build/src/store"
        for name in ("migrations", "sql"):
            (self.store / name).mkdir(parents=True)
        (self.store.parent / "model").mkdir()
        (self.store.parent / "model/user.h").write_text(MODEL)
        for name, text in migrations.items():
            (self.store / "migrations" / name).write_text(text)
        (self.store / "sql/x.sql").write_text(sql)

    def generate(self):
        return subprocess.run([sys.executable, SQLGEN, self.store, self.out, "--depfile",
                               self.store / "made.d"], capture_output=True, text=True, check=False)

    def read(self, name):
        return (self.out / name).read_text()


class SqlgenTest(unittest.TestCase):
    def repository(self, sql="", migrations=None):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Repository(folder.name, migrations or {"0001_first.sql": TABLES}, sql)

    def made(self, sql="", migrations=None):
        repository = self.repository(sql, migrations)
        result = repository.generate()
        self.assertEqual(result.returncode, 0, result.stderr)
        return repository

    def refused(self, words, sql="", migrations=None):
        repository = self.repository(sql, migrations)
        result = repository.generate()
        self.assertEqual(result.returncode, 1)
        self.assertIn(words, result.stderr)
        self.assertNotIn("Traceback", result.stderr)
        self.assertFalse(repository.out.exists(), "nothing is written after a refusal")
        return result.stderr

    def test_a_slip_in_the_sql_is_told_with_its_place(self):
        error = self.refused("no such column: nane",
                             "\n-- name: a :one\n-- in: name text\n-- out: row: id id\n"
                             "SELECT id FROM users WHERE nane = $1;\n")
        self.assertIn("x.sql:2:", error)

    def test_the_number_of_columns_must_be_right(self):
        self.refused("has 2 columns, '-- out:' names 1",
                     "-- name: a :one\n-- in: n text\n-- out: row: id id\n"
                     "SELECT id, name FROM users WHERE name = $1;\n")
        self.refused("has 1 columns, '-- out:' names 2",
                     "-- name: a :one\n-- in: id id\n-- out: row: id id, name text\n"
                     "DELETE FROM users WHERE id = $1 RETURNING id;\n")

    def test_parameters_appear_in_order(self):
        self.refused("in the order $2, $1; it must be $1, $2",
                     "-- name: a :run\n-- in: id id, name text\n"
                     "UPDATE users SET name = $2 WHERE id = $1;\n")

    def test_parameters_in_strings_do_not_count(self):
        self.made("-- name: a :run\n-- in: id id\nUPDATE users SET name = '$2' WHERE id = $1;\n")

    def test_what_one_engine_has_is_not_told_to_the_other(self):
        made = self.made("-- name: a :one\n-- in: n text\n-- out: row: id id\n"
                         "SELECT id FROM users WHERE {sqlite: name = $1} {postgres: name = $1 AND now() > born\n"
                         "  AND 'x{y}' <> name};\n",
                         {"0001_first.sql": TABLES + "{postgres: CREATE INDEX users_born ON users (born);}\n"})
        queries, migrations = made.read("queries.c"), made.read("migrations.c")
        self.assertIn('.sqlite = "SELECT id FROM users WHERE name = ?1 "', queries)
        self.assertIn("now() > born", queries)
        self.assertIn("'x{y}' <> name", queries)
        self.assertEqual(migrations.count("users_born"), 1)

    def test_each_engine_needs_every_parameter(self):
        self.refused("the SQL has 0 parameters, '-- in:' names 1",
                     "-- name: a :one\n-- in: n text\n-- out: row: id id\n"
                     "SELECT id FROM users WHERE {sqlite: name = $1} {postgres: true} LIMIT 1;\n")

    def test_primary_keys_are_named_after_their_first_column(self):
        made = self.made(migrations={"0001_first.sql": "CREATE TABLE t (\n    a uuid, b text,\n"
                                                       "    PRIMARY KEY (b, a)\n);\n"}).read("migrations.c")
        self.assertEqual(made.count("CONSTRAINT t_b PRIMARY KEY (b, a)"), 1, "PostgreSQL alone needs it")

    def test_every_parameter_has_a_kind(self):
        self.refused("has 2 parameters, '-- in:' names 1",
                     "-- name: a :run\n-- in: name text\nUPDATE users SET name = $1 WHERE id = $2;\n")

    def test_a_whole_table_is_read_only_with_a_reason(self):
        sql = "-- name: a :many\n-- out: row: id id\n{}SELECT id FROM users WHERE born > 0;\n"
        self.refused("reads a whole table (SCAN users)", sql.format(""))
        self.refused("gives no reason", sql.format("-- scan:\n"))
        self.made(sql.format("-- scan: there are few\n"))

    def test_a_reason_without_a_scan_is_out_of_date(self):
        self.refused("reads no whole table",
                     "-- name: a :one\n-- in: id id\n-- out: row: id id\n-- scan: few\n"
                     "SELECT id FROM users WHERE id = $1;\n")

    def test_an_index_that_is_walked_to_a_limit_is_no_scan(self):
        self.made("-- name: a :many\n-- in: most int\n-- out: row: name text\n"
                  "SELECT name FROM users ORDER BY name LIMIT $1;\n")
        self.refused("reads a whole table",
                     "-- name: a :many\n-- out: row: name text\n"
                     "SELECT name FROM users ORDER BY name;\n")

    def test_the_columns_of_a_row_are_said_once(self):
        made = self.made("-- row: user\n-- is: struct user: id, name\n-- of: id, name\n\n"
                         "-- name: a :one\n-- in: id id\n-- out: {user}\nSELECT {user} FROM users WHERE id = $1;\n")
        self.assertIn("SELECT id, name FROM users", made.read("queries.c"))

    def test_a_row_that_nobody_named_is_refused(self):
        self.refused("expected '-- out: struct NAME", "-- name: a :one\n-- in: id id\n-- out: {user}\nSELECT {user} FROM users WHERE id = $1;\n")

    def test_unknown_kinds_are_told_with_the_known(self):
        self.refused(":some is unknown; the kinds of statement are :one :many",
                     "-- name: a :some\nSELECT 1;\n")
        self.refused("the kind 'string' of name is unknown; the kinds are text bytes",
                     "-- name: a :run\n-- in: name string\nDELETE FROM users WHERE name = $1;\n")

    def test_a_result_and_its_kind_belong_together(self):
        self.refused(":one needs an '-- out:' line",
                     "-- name: a :one\n-- in: id id\nDELETE FROM users WHERE id = $1;\n")
        self.refused(":run has no result",
                     "-- name: a :run\n-- in: id id\n-- out: row: id id\n"
                     "DELETE FROM users WHERE id = $1 RETURNING id;\n")
        self.refused(":run is for statements that change something",
                     "-- name: a :run\nSELECT 1;\n")

    def test_the_form_is_checked(self):
        self.refused("SQL without a '-- name:' line", "SELECT 1;\n")
        self.refused("no ';' at its end", "-- name: a :run\nDELETE FROM users\n")
        self.refused("the name is taken",
                     "-- name: a :run\n-- in: id id\nDELETE FROM users WHERE id = $1;\n" * 2)
        self.refused("a comment stands on a line of its own",
                     "-- name: a :run\n-- in: id id\nDELETE FROM users -- all\nWHERE id = $1;\n")
        self.refused("'name' is not of the form 'name kind'",
                     "-- name: a :run\n-- in: name\nDELETE FROM users WHERE name = $1;\n")
        self.refused("no 'struct person {' in the headers",
                     "-- name: a :one\n-- in: id id\n-- out: struct person: id\n"
                     "SELECT id FROM users WHERE id = $1;\n")

    def test_a_type_that_only_one_engine_has_is_refused(self):
        error = self.refused("the column name has the type varchar, which is none of uuid",
                             migrations={"0001_x.sql": "CREATE TABLE t (\n  id uuid,\n  name varchar\n);"})
        self.assertIn("0001_x.sql:3:", error)
        self.refused("the column more has the type (none)",
                     migrations={"0001_x.sql": "CREATE TABLE t (id uuid);\nALTER TABLE t ADD COLUMN more;"})

    def test_a_slip_in_a_migration_is_told_with_its_place(self):
        error = self.refused("no such column: nane", migrations={
            "0001_x.sql": TABLES, "0002_y.sql": "-- y\n\nCREATE INDEX users_x\n    ON users (nane);\n"})
        self.assertIn("0002_y.sql:3:", error)

    def test_constraints_are_not_deferred(self):
        self.refused("a deferred constraint", migrations={
            "0001_x.sql": "CREATE TABLE t (id uuid REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED);"})

    def test_migrations_are_numbered_without_a_gap(self):
        self.refused("expected a migration called 0002_name.sql",
                     migrations={"0001_x.sql": TABLES, "0003_y.sql": "CREATE TABLE t (id uuid);"})

    def test_a_released_migration_never_changes(self):
        repository = self.repository()
        released = repository.store / "migrations/RELEASED"
        sha256 = hashlib.sha256(TABLES.encode()).hexdigest()
        released.write_text(f"# out in the world\n{sha256} 0001_first.sql\n")
        self.assertEqual(repository.generate().returncode, 0)
        self.assertIn(sha256, repository.read("migrations.c"))
        (repository.store / "migrations/0001_first.sql").write_text(TABLES + "-- better\n")
        result = repository.generate()
        self.assertEqual(result.returncode, 1)
        self.assertIn("RELEASED:2: 0001_first.sql was released and must not change", result.stderr)

    def test_each_engine_gets_its_own_words(self):
        text = self.made(migrations={"0001_x.sql": (
            "CREATE TABLE t (n identity, text text, at timestamptz DEFAULT 0 CHECK (at > 0), UNIQUE (text, at));\n"
            "-- without rowid\nCREATE TABLE u (id uuid PRIMARY KEY);\n"
            "INSERT INTO t (text, at) VALUES ('boolean {now}', {now});\n")}).read("migrations.c")
        sqlite, postgres = text.split(".postgres =")
        self.assertIn("(n INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT, at INTEGER DEFAULT 0 "
                      "CHECK (at > 0), UNIQUE (text, at)) STRICT;", sqlite)
        self.assertIn("CREATE TABLE u (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;", sqlite)
        self.assertIn("('boolean {now}', CAST((julianday('now')", sqlite)
        self.assertIn("(n bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT t_n PRIMARY KEY, "
                      'text text COLLATE \\"C\\", '
                      "at timestamptz DEFAULT 0", postgres)
        self.assertNotIn("STRICT", postgres)
        self.assertIn("('boolean {now}', now());", postgres)

    def test_functions_are_typed(self):
        repository = self.made(
            "-- name: a :one\n-- in: name text\n-- in: hash key32\n-- out: struct user: id\n"
            "SELECT id FROM users WHERE name = $1 AND photo = $2;\n"
            "-- name: b :count\n-- in: struct user: name.shown, photo:bytes\n"
            "UPDATE users SET name = $1, photo = $2 WHERE id = '1';\n"
            "-- name: c :last\n-- in: name text, id id\nUPDATE users SET name = $1 WHERE id = $2;\n")
        header, source = repository.read("queries.h"), repository.read("queries.c")
        self.assertIn("enum err q_a(struct tx *tx, struct str name, const struct key32 *hash, "
                      "struct user *ret);", header)
        self.assertIn("enum err q_b(struct tx *tx, const struct user *user, int64_t *ret_changed);", header)
        self.assertIn("return statement_last(tx, &c_statement, values);", source)
        self.assertIn('#include "model/user.h"', source)
        self.assertIn('"SELECT id FROM users WHERE name = ?1 AND photo = ?2"', source)
        self.assertIn('"SELECT id FROM users WHERE name = $1 AND photo = $2"', source)
        self.assertIn("value_bytes(user->photo)", source)
        self.assertIn("VALUE(user->name.shown)", source)

    def with_tables(self, tables, schema=TABLES):
        return {"0001_first.sql": schema, "TABLES": tables}

    def test_a_table_that_no_row_speaks_of_is_refused(self):
        self.refused("the table users is in no row", migrations=self.with_tables("# nothing\n"))

    def test_rows_of_tables_are_checked(self):
        self.refused("TABLES:1: expected 'NAME kept|void WHY'", migrations=self.with_tables("users kept\n"))
        self.refused("TABLES:1: there is no table user", migrations=self.with_tables("user kept why\n"))
        self.refused("TABLES:2: there is no table users, or it has a row",
                     migrations=self.with_tables("users kept why\nusers void why\n"))

    def test_parents_stand_before_their_children(self):
        schema = TABLES + "CREATE TABLE pets (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id));\n"
        self.refused("TABLES:1: pets refers to users, which has to stand before it",
                     migrations=self.with_tables("pets kept why\nusers kept why\n", schema))
        self.made(migrations=self.with_tables("users kept why\npets kept why\n", schema))

    def test_what_could_not_be_carried_is_refused(self):
        self.refused("t has no key that orders its rows",
                     migrations=self.with_tables("t kept why\n", "CREATE TABLE t (id uuid NOT NULL);\n"))

    def test_a_key_may_compare_what_is_missing_as_something(self):
        made = self.made(migrations=self.with_tables("t kept why\n", "CREATE TABLE t (id uuid NOT NULL, at uuid);\n"
                                                     "CREATE UNIQUE INDEX t_id ON t (id, coalesce(at, 'none'));\n"))
        self.assertIn("(id, coalesce(at, 'none')) > ($1, coalesce($2, 'none'))", made.read("queries.c"))

    def test_a_number_that_may_be_missing_says_so_beside_it(self):
        made = self.made(migrations=self.with_tables(
            "t kept why\n", "CREATE TABLE t (id uuid PRIMARY KEY, n bigint, m bigint NOT NULL);\n")).read("queries.c")
        self.assertIn("SELECT id, n, m, n IS NULL FROM t ORDER BY id LIMIT $1", made)
        self.assertIn('{"n", VALUE_BOOL, 1 * sizeof(struct value) + offsetof(struct value, none)}', made)
        self.assertIn(".row_size = 3 * sizeof(struct value)", made)

    def test_a_column_that_is_added_later_is_carried(self):
        made = self.made(migrations=self.with_tables("users void why\n") |
                         {"0002_more.sql": "ALTER TABLE users ADD COLUMN more jsonb;\n"}).read("queries.c")
        self.assertIn("SELECT id, name, born, photo, more FROM users ORDER BY id LIMIT $1", made)
        self.assertIn('{"more", VALUE_JSON, 4 * sizeof(struct value) + offsetof(struct value, text)}', made)
        self.assertIn(".is_void = true", made)

    def test_the_depfile_names_every_input_and_its_folder(self):
        repository = self.made()
        text = (repository.store / "made.d").read_text()
        for name in ("migrations/0001_first.sql", "sql/x.sql", "sql "):
            self.assertIn(str(repository.store / name).rstrip(), text)


if __name__ == "__main__":
    unittest.main()
