#!/usr/bin/env python3
"""Writes the typed C functions of the store from its SQL files.

Usage: tools/sqlgen.py STORE_DIR OUT_DIR [--depfile FILE]

STORE_DIR/migrations/NNNN_name.sql make the schema, in order. They are written once, with PostgreSQL's
words for types; SQLite's are put in their place, and the present in that of {now}. On PostgreSQL text is
compared byte by byte as SQLite does it, and a primary key is named TABLE_COLUMN after its first column.
What one engine alone has stands in {sqlite: …} or {postgres: …}. STORE_DIR/sql/*.sql hold the statements:

    -- name: user_by_login :one
    -- in: key text
    -- out: struct user: id, username.shown, email, created
    SELECT id, username, email, created_at FROM users WHERE username_key = $1 OR email_key = $1;

    name  NAME KIND: the function is q_NAME; the kinds are
          :one     the first row, ERR_MISSING when there is none
          :many    all rows, in the unit's arena
          :run     no result, any number of rows changed
          :count   the number of rows changed
          :change  ERR_MISSING when no row was changed
          :last    run when the unit is kept, after all else in it; where it changes no row, the unit is run
                   again (ERR_STORE_RETRY). For an UPDATE that meets no unique key
    in    the parameters $1, $2, … in order; several lines follow on one another:
          `name kind, …` with the kinds text bytes json int bool id moment key32 enum, or
          `struct user: member, blob:bytes, more:json, …`: one parameter, whose members are bound
    out   the columns in order: `struct user: member, …` fills a struct of the model, `row: name kind, …`
          one that is made for this statement, struct NAME_row
    scan  why the statement may read a whole table; without it, none may

What several statements give in the same columns is said once, before the first of them in the same folder:

    -- row: user
    -- is: struct user: id, username.shown, …
    -- of: id, username, …

and is `-- out: {user}` and `SELECT {user} FROM …` from there on.

Every statement is prepared against the migrated schema, so that a slip stops the build. What is made for
STORE_DIR/migrations/TABLES is told in tools/sqltables.py.
"""
import argparse
import hashlib
import pathlib
import re
import sqlite3
import sys

import sqltables

KINDS = {"text": "struct str ", "bytes": "struct str ", "json": "struct str ", "int": "int64_t ", "bool": "bool ",
         "id": "struct id ", "moment": "struct moment ", "key32": "const struct key32 *",
         "enum": "unsigned int "}
ROW_KINDS = KINDS | {"key32": "struct key32 "}
SHAPES = ("one", "many", "run", "count", "change", "last")
SQLITE_TYPES = {"uuid": "TEXT", "timestamptz": "INTEGER", "bytea": "BLOB", "boolean": "INTEGER",
                "jsonb": "TEXT", "text": "TEXT", "bigint": "INTEGER", "integer": "INTEGER",
                "smallint": "INTEGER", "identity": "INTEGER PRIMARY KEY AUTOINCREMENT"}
POSTGRES_TYPES = {"identity": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
                  "text": 'text COLLATE "C"'}
SQLITE_NOW = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
POSTGRES_NOW = "now()"
TABLE_RULES = ("constraint", "primary", "unique", "foreign", "check")
ENGINES = ("sqlite", "postgres")
WORD = r"[a-z][a-z0-9_]*"
MADE = "/* Made by tools/sqlgen.py from the files in {}: edit those. */\n"


class Refusal(Exception):
    """What is wrong, in plain words, and where."""

    def __init__(self, path, line, text):
        super().__init__(f"{path}:{line}: {text}" if line else f"{path}: {text}")


def pieces(sql):
    """Splits SQL into (is_code, text): strings and comments are not code."""
    for match in re.finditer(r"('(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*)|([^'\"-]+|[-'\"])", sql):
        yield match.group(1) is None, match.group(0)


def masked(sql):
    """The same text, same length, with strings and comments blanked out."""
    return "".join(text if code else re.sub(r"[^\n]", " ", text) for code, text in pieces(sql))


def for_engine(sql, engine):
    """The text with what stands in {engine: …}, and without what is another's; lines are kept."""
    code = masked(sql)
    for part in reversed(list(re.finditer(r"\{(" + "|".join(ENGINES) + r"):\s*([^{}]*)\}", code))):
        inner = sql[part.start(2):part.end(2)].rstrip()
        kept = inner if part.group(1) == engine else ""
        lines = "\n" * (part.group(0).count("\n") - kept.count("\n"))
        sql = sql[:part.start()] + kept + lines + sql[part.end():]
    return sql


# Migrations

class Migration:
    def __init__(self, path):
        self.path, self.name, self.source = path, path.stem, path.read_text()
        self.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        whole, self.words = self.source, {}  # (table, column): its type as it is written
        self.source = for_engine(whole, "sqlite")
        self.check()
        self.sqlite = self.translate(SQLITE_TYPES, SQLITE_NOW, self.table_options)
        self.source = for_engine(whole, "postgres")
        self.check()
        self.postgres = self.name_keys(self.translate(POSTGRES_TYPES, POSTGRES_NOW, lambda start: ""))

    def refuse(self, at, text):
        return Refusal(self.path, self.source.count("\n", 0, at) + 1, text)

    def check(self):
        code = masked(self.source)
        if late := re.search(r"\bdeferr(able|ed)\b", code, re.I):
            raise self.refuse(late.start(), "a deferred constraint would fail the commit of other "
                                            "units too; constraints are checked at once here")
        if code.strip() and not code.rstrip().endswith(";"):
            raise self.refuse(len(code.rstrip()) - 1, "the last statement has no ';' at its end")

    def table_options(self, start):
        """What SQLite is told behind CREATE TABLE (…), which begins at `start`."""
        line_before = self.source[:start].rstrip().rsplit("\n", 1)[-1].strip().lower()
        return " STRICT, WITHOUT ROWID" if line_before == "-- without rowid" else " STRICT"

    def translate(self, types, now, options):
        """The text with its column types, and {now}, put into an engine's words."""
        code = masked(self.source)
        edits = [(match.start(), match.end(), now) for match in re.finditer(r"\{now\}", code)]
        for table in re.finditer(r"\bcreate\s+table\s+[^(]*\(", code, re.I):
            for begin, end in self.columns(code, table.end()):
                edits += self.column_edit(code, begin, end, types)
                self.note_word(table.group(0), code[begin:end])
            close = end
            edits.append((close + 1, close + 1, options(table.start())))
        for added in re.finditer(r"\b(alter\s+table\s+\w+)\s+add\s+(?:column\s+)?([^;,]*)", code, re.I):
            if added.group(2).split()[:1] != ["constraint"]:
                edits += self.column_edit(code, added.start(2), added.end(2), types)
                self.note_word(added.group(1), added.group(2))
        text = self.source
        for begin, end, word in sorted(edits, reverse=True):
            text = text[:begin] + word + text[end:]
        return text

    def note_word(self, table, column):
        name = re.search(r"(\w+)\s*\(?$", table.strip()).group(1)
        self.words[(name, *column.split()[:1])] = (column.split() + [None, None])[1]

    def name_keys(self, text):
        """Names the primary keys, that a conflict is told in the same words by both engines."""
        code, edits = masked(text), []
        for table in re.finditer(r"\bcreate\s+table\s+(\w+)\s*\(", code, re.I):
            for begin, end in self.columns(code, table.end()):
                item = code[begin:end]
                if key := re.search(r"\bprimary\s+key\b(?:\s*\(\s*(\w+))?", item, re.I):
                    column = key.group(1) or re.match(r"\s*(\w+)", item).group(1)
                    edits.append((begin + key.start(), f"CONSTRAINT {table.group(1)}_{column} "))
        for at, word in reversed(edits):
            text = text[:at] + word + text[at:]
        return text

    def columns(self, code, at):
        """Where each item between the parentheses begins and ends; `at` is behind the first one."""
        depth, begin = 1, at
        while at < len(code):
            depth += {"(": 1, ")": -1}.get(code[at], 0)
            if depth == 0 or (depth == 1 and code[at] == ","):
                yield begin, at
                begin = at + 1
            if depth == 0:
                return
            at += 1
        raise self.refuse(begin, "CREATE TABLE has no closing parenthesis")

    def column_edit(self, code, begin, end, types):
        item = re.match(r"\s*(\w+)(?:\s+(\w+))?", code[begin:end])
        if not item:
            raise self.refuse(begin, "a column is missing here")
        if item.group(1).lower() in TABLE_RULES:
            return []
        word = item.group(2)
        if word not in SQLITE_TYPES and not (types is POSTGRES_TYPES and word == "xid8"):
            raise self.refuse(begin + item.start(1), f"the column {item.group(1)} has the type "
                              f"{word or '(none)'}, which is none of {' '.join(SQLITE_TYPES)}")
        return [(begin + item.start(2), begin + item.end(2), types.get(word, word))]


def read_migrations(folder):
    migrations = []
    for path in sorted(folder.glob("*.sql")):
        number = re.match(rf"(\d{{4}})_{WORD}$", path.stem)
        if not number or int(number.group(1)) != len(migrations) + 1:
            raise Refusal(path, 0, f"expected a migration called {len(migrations) + 1:04}_name.sql")
        migrations.append(Migration(path))
    check_released(folder, {m.path.name: m.sha256 for m in migrations})
    return migrations


def check_released(folder, hashes):
    """migrations/RELEASED lists `SHA-256 FILE` of what is out in the world."""
    path = folder / "RELEASED"
    lines = path.read_text().splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        sha256, _, name = line.partition(" ")
        if hashes.get(name.strip()) != sha256:
            raise Refusal(path, number, f"{name.strip()} was released and must not change or go; "
                                        "write a new migration")


def migrate(migrations):
    database = sqlite3.connect(":memory:", isolation_level=None)
    for migration in migrations:
        try:
            database.executescript(migration.sqlite)
        except sqlite3.Error as error:
            raise Refusal(migration.path, first_bad_line(migrations, migration), str(error)) from None
    return database


def first_bad_line(migrations, bad):
    """Runs the statements one by one, to say where it goes wrong."""
    database, at, text = sqlite3.connect(":memory:", isolation_level=None), 0, bad.sqlite
    for migration in migrations[:migrations.index(bad)]:
        database.executescript(migration.sqlite)
    for end in (match.end() for match in re.finditer(";", masked(text))):
        try:
            database.execute(text[at:end])
        except sqlite3.Error:
            return text.count("\n", 0, at + len(text[at:end]) - len(masked(text[at:end]).lstrip())) + 1
        at = end
    return 0


# Statements

class Statement:
    def __init__(self, path, line, name, shape):
        self.path, self.line, self.name, self.shape = path, line, name, shape
        self.inputs, self.struct, self.columns, self.scan, self.sql = [], None, [], None, []

    def refuse(self, text):
        return Refusal(self.path, self.line, f"{self.name}: {text}")

    def lines(self, engine):
        return [line for line in for_engine("\n".join(self.sql), engine).split("\n") if line.strip()]

    @property
    def values(self):
        """The parameters one by one: (C text, struct or None)."""
        return [value for group in self.inputs for value in group["values"]]


class Rows:
    """What `-- row:` says: a name for the columns of a struct, in C and in SQL."""

    def __init__(self, folder):
        self.members, self.columns = {}, {}
        for path in sorted(folder.glob("*.sql")):
            for match in re.finditer(rf"^-- row: ({WORD})\n-- is: (.+)\n-- of: (.+)$", path.read_text(), re.M):
                name, self.members[name], self.columns[name] = match.group(1), *match.group(2, 3)

    def fill(self, text, table):
        return re.sub(rf"\{{({WORD})\}}", lambda match: table.get(match.group(1), match.group(0)), text)


def read_statements(folder):
    statements, names, rows = [], {}, Rows(folder)
    for path in sorted(folder.glob("*.sql")):
        statements += read_file(path, rows)
    for statement in statements:
        if statement.name in names:
            raise statement.refuse(f"the name is taken at {names[statement.name]}")
        names[statement.name] = f"{statement.path}:{statement.line}"
    return statements


def read_file(path, rows):
    statements, current = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        header = re.match(r"--\s*(name|in|out|scan):\s*(.*?)\s*$", line)
        if header and header.group(1) == "name":
            current = begin_statement(path, number, header.group(2))
            statements.append(current)
        elif header and current and not current.sql:
            read_header(current, header.group(1), rows.fill(header.group(2), rows.members))
        elif header:
            raise Refusal(path, number, f"'{header.group(1)}:' belongs between '-- name:' and the SQL")
        elif line.strip() and not line.startswith("--"):
            if not current or (current.sql and current.sql[-1].endswith(";")):
                raise Refusal(path, number, "SQL without a '-- name:' line above it")
            if any(text.startswith("--") for _, text in pieces(line)):
                raise Refusal(path, number, "a comment stands on a line of its own")
            current.sql.append(rows.fill(line.strip(), rows.columns))
    for statement in statements:
        if not statement.sql or not statement.sql[-1].endswith(";"):
            raise statement.refuse("the SQL has no ';' at its end")
        statement.sql[-1] = statement.sql[-1][:-1]
    return statements


def begin_statement(path, line, text):
    match = re.fullmatch(rf"({WORD})\s+:(\w+)", text)
    if not match:
        raise Refusal(path, line, f"expected '-- name: statement_name :kind', not '{text}'")
    if match.group(2) not in SHAPES:
        raise Refusal(path, line, f":{match.group(2)} is unknown; the kinds of statement are "
                                  + " ".join(":" + shape for shape in SHAPES))
    return Statement(path, line, *match.groups())


def read_header(statement, key, text):
    if key == "scan":
        statement.scan = text
        if not text:
            raise statement.refuse("'-- scan:' gives no reason")
    elif key == "in":
        statement.inputs.append(read_input(statement, text))
    elif statement.columns:
        raise statement.refuse("has two '-- out:' lines")
    else:
        read_output(statement, text)


def read_pairs(statement, text):
    pairs = [item.split() for item in text.split(",")]
    for pair in pairs:
        if len(pair) != 2 or not re.fullmatch(WORD, pair[0]):
            raise statement.refuse(f"'{' '.join(pair)}' is not of the form 'name kind'")
        if pair[1] not in KINDS:
            raise statement.refuse(f"the kind '{pair[1]}' of {pair[0]} is unknown; the kinds are "
                                   + " ".join(KINDS))
    return pairs


def read_members(statement, text):
    """(member.path, the kind it is forced to or None) of each."""
    members = []
    for item in (item.strip() for item in text.split(",")):
        match = re.fullmatch(rf"({WORD}(?:\.{WORD})*)(?::(bytes|json))?", item)
        if not match:
            raise statement.refuse(f"'{item}' is not a member, nor member:bytes, nor member:json")
        members.append(match.groups())
    return members


def read_input(statement, text):
    match = re.fullmatch(rf"struct ({WORD}):\s*(.*)", text)
    if not match:
        pairs = read_pairs(statement, text)
        return {"struct": None, "parameters": [KINDS[kind] + name for name, kind in pairs],
                "values": [f"value_{kind}({'*' if kind == 'key32' else ''}{name})"
                           for name, kind in pairs],
                "kinds": [f"VALUE_{kind.upper()}" for _, kind in pairs]}
    name, members = match.group(1), read_members(statement, match.group(2))
    return {"struct": name, "parameters": [f"const struct {name} *{name}"],
            "values": [f"{'value_' + kind if kind else 'VALUE'}({name}->{member})"
                       for member, kind in members],
            "kinds": [f"VALUE_{kind.upper()}" if kind else f"KIND(struct {name}, {member})"
                      for member, kind in members]}


def read_output(statement, text):
    match = re.fullmatch(rf"(?:struct ({WORD})|(row)):\s*(.*)", text)
    if not match:
        raise statement.refuse("expected '-- out: struct NAME: member, …' or '-- out: row: name kind, …'")
    if match.group(1):
        statement.struct = match.group(1)
        statement.columns = read_members(statement, match.group(3))
        statement.row = None
    else:
        statement.struct = statement.name + "_row"
        statement.row = read_pairs(statement, match.group(3))
        statement.columns = [(name, kind if kind == "bytes" else None)
                             for name, kind in statement.row]


# Checks against the schema

def check_statement(database, statement):
    for engine in ENGINES:
        check_parameters(statement, engine)
    text = numbered(" ".join(statement.lines("sqlite")))
    nothing = [None] * len(statement.values)
    try:
        program = database.execute("EXPLAIN " + text, nothing).fetchall()
        plan = database.execute("EXPLAIN QUERY PLAN " + text, nothing).fetchall()
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise statement.refuse(str(error)) from None
    statement.writes = any(row[1] == "Transaction" and row[3] for row in program)
    check_columns(statement, {row[3] for row in program if row[1] == "ResultRow"})
    check_scans(statement, [row[3] for row in plan])


def check_parameters(statement, engine):
    used = []
    for number in re.findall(r"\$(\d+)", masked("\n".join(statement.lines(engine)))):
        if int(number) not in used:
            used.append(int(number))
    if used != list(range(1, len(used) + 1)):
        raise statement.refuse("the parameters first appear in the order "
                               + ", ".join(f"${n}" for n in used) + "; it must be $1, $2, …")
    if len(used) != len(statement.values):
        raise statement.refuse(f"the SQL has {len(used)} parameters, '-- in:' names "
                               f"{len(statement.values)}")


def check_columns(statement, counts):
    if statement.shape in ("one", "many") and not statement.columns:
        raise statement.refuse(f":{statement.shape} needs an '-- out:' line")
    if statement.shape not in ("one", "many") and statement.columns:
        raise statement.refuse(f":{statement.shape} has no result, so no '-- out:' line")
    if statement.shape in ("run", "count", "change", "last") and not statement.writes:
        raise statement.refuse(f":{statement.shape} is for statements that change something")
    real = max(counts, default=0)
    if real != len(statement.columns):
        raise statement.refuse(f"the statement has {real} columns, '-- out:' names "
                               f"{len(statement.columns)}")


def scans(statement, plan):
    """The steps of the plan that read a whole table, or a whole index without a LIMIT."""
    code = masked("\n".join(statement.lines("sqlite")))
    made_here = set(re.findall(r"(\w+)\s*(?:\([^()]*\))?\s+as\s*\(", code, re.I))
    limited = re.search(r"\blimit\b", code, re.I)
    for step in plan:
        name = re.match(r"SCAN (?!CONSTANT|\d+ CONSTANT|\(|SUBQUERY)(\S+)", step)
        by_index = re.search(r"USING (COVERING )?INDEX", step) and limited
        if (name and name.group(1) not in made_here and not by_index) or "AUTOMATIC" in step:
            yield step


def check_scans(statement, plan):
    found = list(scans(statement, plan))
    if found and not statement.scan:
        raise statement.refuse(f"reads a whole table ({'; '.join(found)}); give it an index, or say why "
                               "that is right in a line '-- scan: why'")
    if statement.scan and not found:
        raise statement.refuse("has a '-- scan:' line but reads no whole table")


def numbered(sql):
    """With SQLite's ?1 for $1, whose number does not hang on where it stands."""
    return "".join(re.sub(r"\$(\d+)", r"?\1", text) if code else text for code, text in pieces(sql))


# C

def c_string(lines, end, indent):
    """A C string of several lines, with `end` after each but the last."""
    quoted = [line.replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return f'{end}"\n{indent}"'.join(quoted).join('""')


def row_struct(statement):
    members = "".join(f"    {ROW_KINDS[kind]}{name};\n" for name, kind in statement.row)
    return f"struct {statement.struct} {{\n{members}}};\n"


def signature(statement):
    parameters = ["struct tx *tx"] + [p for group in statement.inputs for p in group["parameters"]]
    if statement.shape == "one":
        parameters.append(f"struct {statement.struct} *ret")
    if statement.shape == "many":
        parameters += [f"struct {statement.struct} **ret", "size_t *ret_count"]
    if statement.shape == "count":
        parameters.append("int64_t *ret_changed")
    return f"enum err q_{statement.name}({', '.join(parameters)})"


def function_body(statement):
    call = f"tx, &{statement.name}_statement, " + ("values" if statement.values else "NULL")
    if statement.shape == "one":
        return f"    return statement_one({call}, ret);\n"
    if statement.shape == "many":
        return (f"    void *rows;\n\n    TRY(statement_many({call}, &rows, ret_count));\n"
                "    *ret = rows;\n    return ERR_OK;\n")
    if statement.shape == "count":
        return f"    return statement_run({call}, ret_changed);\n"
    if statement.shape == "last":
        return f"    return statement_last({call});\n"
    if statement.shape == "change":
        return (f"    int64_t changed;\n\n    TRY(statement_run({call}, &changed));\n"
                "    return changed > 0 ? ERR_OK : ERR_MISSING;\n")
    return f"    int64_t changed;\n\n    return statement_run({call}, &changed);\n"


def columns_table(statement):
    rows = "".join(f"    COLUMN{'_BYTES' if kind == 'bytes' else ''}(struct {statement.struct}, {member}),\n"
                   for member, kind in statement.columns)
    return f"static const struct column {statement.name}_columns[] = {{\n{rows}}};\n\n"


def definition(statement, number):
    text, indent = "", " " * 16
    members = [f".name = \"{statement.name}\"",
               f".sqlite = {c_string([numbered(line) for line in statement.lines('sqlite')], ' ', indent)}",
               f".postgres = {c_string(statement.lines('postgres'), ' ', indent)}",
               f".number = {number}", f".parameters = {len(statement.values)}",
               f".writes = {'true' if statement.writes else 'false'}"]
    if statement.values:
        kinds = ", ".join(kind for group in statement.inputs for kind in group["kinds"])
        text = f"static const enum value_kind {statement.name}_kinds[] = {{{kinds}}};\n\n"
        members.append(f".kinds = {statement.name}_kinds")
    if statement.columns:
        text += columns_table(statement)
        members += [f".columns = {statement.name}_columns", f".column_count = {len(statement.columns)}",
                    f".row_size = sizeof(struct {statement.struct})"]
    text += f"static const struct statement {statement.name}_statement = {{\n"
    text += "".join(f"    {member},\n" for member in members) + "};\n\n"
    text += signature(statement) + "\n{\n"
    if statement.values:
        text += "    const struct value values[] = {\n"
        text += "".join(f"        {value},\n" for value in statement.values) + "    };\n"
        text += "\n" if statement.shape in ("one",  "count") else ""
    return text + function_body(statement) + "}\n"


def foreign_structs(statement):
    names = [group["struct"] for group in statement.inputs if group["struct"]]
    if statement.columns and statement.row is None:
        names.append(statement.struct)
    return names


def queries_header(statements):
    structs = sorted({name for s in statements for name in foreign_structs(s)} | {"tx"})
    parts = ["#pragma once\n", '#include "base/err.h"\n#include "base/id.h"\n#include "base/moment.h"\n'
             '#include "base/secret.h"\n#include "base/str.h"\n\n#include <stdint.h>\n',
             "".join(f"struct {name};\n" for name in structs)]
    for s in statements:
        row = row_struct(s) if s.columns and s.row else ""
        parts.append(f"/* {s.path.name} */\n{row}{signature(s)};\n")
    return MADE.format("sql") + "\n".join(parts)


def header_of(statement, name, headers):
    if name not in headers:
        raise statement.refuse(f"there is no 'struct {name} {{' in the headers of the model")
    return headers[name]


def queries_source(statements, header, headers, tables):
    models = {header_of(s, name, headers) for s in statements for name in foreign_structs(s)}
    includes = "".join(f'#include "{name}"\n' for name in sorted(models | {"store/rows.h", "store/statement.h"}))
    parts = [MADE.format("sql"), f'#include "{header}"\n\n{includes}\n#include <stddef.h>\n\n']
    parts += ["/* ISO asks a compiler for no more than 4095 characters in a string; ours take any. */\n"
              '#pragma GCC diagnostic ignored "-Woverlength-strings"\n\n']
    parts += [definition(s, number) + "\n" for number, s in enumerate(statements)]
    made, names = tables(len(statements))
    parts.append(made)
    names = [s.name for s in statements] + names
    table = "".join(f"    &{name}_statement,\n" for name in names) or "    NULL,\n"
    parts.append(f"const struct statement *const statements[] = {{\n{table}}};\n"
                 f"const size_t statement_count = {len(names)};\n")
    return "".join(parts)


def migrations_source(migrations):
    rows = ""
    for m in migrations:
        sqlite, postgres = (c_string(text.rstrip("\n").split("\n"), "\\n", " " * 12)
                            for text in (m.sqlite, m.postgres))
        rows += (f"    {{\n        .name = \"{m.name}\",\n        .sha256 = \"{m.sha256}\",\n"
                 f"        .sqlite =\n            {sqlite},\n"
                 f"        .postgres =\n            {postgres},\n    }},\n")
    return (MADE.format("migrations") + '#include "store/engine.h"\n\n#include <stddef.h>\n\n'
            "/* ISO asks a compiler for no more than 4095 characters in a string; ours take any. */\n"
            '#pragma GCC diagnostic ignored "-Woverlength-strings"\n\n'
            f"const struct migration migrations[] = {{\n{rows or '    {0},' + chr(10)}}};\n"
            f"const int64_t migration_count = {len(migrations)};\n")


def spelled(path):
    """A path as it is written in an #include: from the folder src on."""
    parts = path.resolve().parts
    last = len(parts) - 1 - parts[::-1].index("src")
    return "/".join(parts[last + 1:])


def model_headers(store):
    """Which header brings which struct: the model beside the store, or inside of it for tests."""
    headers = {}
    for folder in (store.parent / "model", store / "model"):
        for path in sorted(folder.glob("*.h")):
            for name in re.findall(rf"^struct ({WORD}) {{", path.read_text(), re.M):
                headers[name] = spelled(path)
    return headers


def write_depfile(path, store, out):
    folders = [store / "migrations", store / "sql", store.parent / "model", store / "model"]
    inputs = [entry for folder in folders if folder.is_dir() for entry in [folder, *folder.iterdir()]]
    path.write_text(f"{out / 'queries.h'}: " + " ".join(str(entry) for entry in inputs) + "\n")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("store", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--depfile", type=pathlib.Path)
    given = parser.parse_args()
    try:
        migrations = read_migrations(given.store / "migrations")
        statements = read_statements(given.store / "sql")
        database = migrate(migrations)
        for statement in statements:
            check_statement(database, statement)
        words = {place: word for m in migrations for place, word in m.words.items()}
        tables = sqltables.read_tables(given.store / "migrations", database, words)
        source = queries_source(statements, spelled(given.out / "queries.h"), model_headers(given.store),
                                lambda number: sqltables.tables_source(database, tables, number))
    except (Refusal, sqltables.TableRefusal) as refusal:
        sys.exit(f"sqlgen: {refusal}")
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "queries.h").write_text(queries_header(statements))
    (given.out / "queries.c").write_text(source)
    (given.out / "migrations.c").write_text(migrations_source(migrations))
    if given.depfile:
        write_depfile(given.depfile, given.store, given.out)


if __name__ == "__main__":
    main()
