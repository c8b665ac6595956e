"""What tools/sqlgen.py makes of STORE_DIR/migrations/TABLES: how every table is read and written in whole.

A line of TABLES is `NAME RULE WHY`, parents before their children. The rules:

    kept   a backup holds its rows, and a restore brings them back
    void   a backup leaves its rows out: what lets somebody in must not come back from the past

A table that the migrations make and TABLES does not name stops the build; so does one whose rows have no order.
"""
import re

KINDS = {"uuid": "id", "timestamptz": "moment", "bytea": "bytes", "boolean": "bool", "jsonb": "json",
         "text": "text", "bigint": "int", "integer": "int", "smallint": "int", "identity": "int"}
MEMBERS = {"id": "id", "bytes": "text", "json": "text", "text": "text"}  # of struct value; else the number
SELDOM_NULL = ("int", "bool")  # no value of theirs means none, so a column that may be NULL says so beside it
RULES = ("kept", "void")
MOST_PARAMETERS, MOST_ROWS = 255, 64


class TableRefusal(Exception):
    """What is wrong, in plain words, and where."""


class Table:
    def __init__(self, database, name, rule, words):
        self.name, self.is_void = name, rule == "void"
        rows = list(database.execute("SELECT * FROM pragma_table_info(?) ORDER BY cid", [name]))
        self.columns = [self.column(words, row[1]) for row in rows]
        self.identity = next((row[1] for row in rows if words.get((name, row[1])) == "identity"), None)
        self.key = self.find_key(database, rows)
        self.seeded = database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] > 0
        self.unset = [(column, place) for place, ((column, kind), row) in enumerate(zip(self.columns, rows))
                      if kind in SELDOM_NULL and not row[3] and not row[5]]

    def column(self, words, name):
        if words.get((self.name, name)) not in KINDS:
            raise TableRefusal(f"no migration says which type {self.name}.{name} has")
        return name, KINDS[words[self.name, name]]

    def find_key(self, database, rows):
        """What the rows are ordered by: the primary key, else a unique index in which nothing is NULL. Of
        each column its name, and what it is compared as."""
        if primary := [row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5]]:
            return [(name, "{}") for name in primary]
        never_null = {row[1] for row in rows if row[3]}
        for index in database.execute("SELECT s.sql FROM pragma_index_list(?) i JOIN sqlite_schema s ON s.name = i.name "
                                      'WHERE i."unique" AND NOT i.partial AND s.sql IS NOT NULL', [self.name]):
            items = re.search(r"\((.*)\)$", index[0].strip(), re.S).group(1)
            parts = re.findall(r"coalesce\((\w+), ('[^']*')\)|(\w+)", items)
            key = [(plain, "{}") if plain else (name, f"coalesce({{}}, {instead})") for name, instead, plain in parts]
            if all(name in never_null or form != "{}" for name, form in key):
                return key
        raise TableRefusal(f"{self.name} has no key that orders its rows: give it a primary key")

    def kind(self, name):
        return dict(self.columns)[name]

    def statements(self):
        """(suffix, SQLite's SQL, PostgreSQL's SQL, kinds of its parameters, columns) of each."""
        names = ", ".join(name for name, _ in self.columns)
        order = ", ".join(form.format(name) for name, form in self.key)
        after = ", ".join(form.format(f"${i}") for i, (_, form) in enumerate(self.key, 1))
        last = len(self.key) + 1
        whole = [(name, kind, f"{i} * sizeof(struct value) + offsetof(struct value, {MEMBERS.get(kind, 'number')})")
                 for i, (name, kind) in enumerate(self.columns)]
        whole += [(name, "bool", f"{place} * sizeof(struct value) + offsetof(struct value, none)")
                  for name, place in self.unset]
        read = names + "".join(f", {name} IS NULL" for name, _ in self.unset)
        number = [("number", "int", "0")]
        yield self.both("first", f"SELECT {read} FROM {self.name} ORDER BY {order} LIMIT $1", ["int"], whole)
        yield self.both("next", f"SELECT {read} FROM {self.name} WHERE ({order}) > ({after}) "
                                f"ORDER BY {order} LIMIT ${last}", [self.kind(name) for name, _ in self.key] + ["int"], whole)
        yield self.insert("insert", 1)
        yield self.insert("fill", self.many)
        yield self.both("count", f"SELECT count(*) FROM {self.name}", [], number)
        yield self.both("clear", f"DELETE FROM {self.name}", [], [])
        if self.identity:
            yield ("mark", f"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{self.name}'), 0)",
                   f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {self.name}_{self.identity}_seq",
                   [], number)
            yield ("move", "REPLACE INTO sqlite_sequence (rowid, name, seq) "
                   f"SELECT (SELECT rowid FROM sqlite_sequence WHERE name = '{self.name}'), '{self.name}', $1",
                   f"SELECT setval(pg_get_serial_sequence('{self.name}', '{self.identity}'), $1)", ["int"], [])

    @property
    def many(self):
        return min(MOST_ROWS, MOST_PARAMETERS // len(self.columns))

    @staticmethod
    def both(suffix, sql, kinds, columns):
        return suffix, sql, sql, kinds, columns

    def insert(self, suffix, rows):
        width = len(self.columns)
        values = ", ".join("(" + ", ".join(f"${row * width + i}" for i in range(1, width + 1)) + ")"
                           for row in range(rows))
        head = f"INSERT INTO {self.name} (" + ", ".join(name for name, _ in self.columns) + ")"
        own = " OVERRIDING SYSTEM VALUE" if self.identity else ""
        return (suffix, f"{head} VALUES {values}", f"{head}{own} VALUES {values}",
                [kind for _, kind in self.columns] * rows, [])


def read_tables(folder, database, words):
    """The tables in the order of TABLES; none of them when a store has no such file."""
    path = folder / "TABLES"
    made = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                                               "name NOT LIKE 'sqlite_%' ORDER BY rowid")]
    if not path.exists():
        return []
    tables = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            tables.append(read_line(database, made, [t.name for t in tables], line, words))
        except TableRefusal as refusal:
            raise TableRefusal(f"{path}:{number}: {refusal}") from None
    for name in made:
        if name not in [table.name for table in tables]:
            raise TableRefusal(f"{path}: the table {name} is in no row: say whether a backup keeps it")
    return tables


def read_line(database, made, before, line, words):
    part = line.split(None, 2)
    if len(part) != 3 or part[1] not in RULES:
        raise TableRefusal(f"expected 'NAME {'|'.join(RULES)} WHY', not '{line}'")
    if part[0] not in made or part[0] in before:
        raise TableRefusal(f"there is no table {part[0]}, or it has a row already")
    for (parent,) in database.execute('SELECT "table" FROM pragma_foreign_key_list(?)', [part[0]]).fetchall():
        if parent not in before:
            raise TableRefusal(f"{part[0]} refers to {parent}, which has to stand before it")
    return Table(database, part[0], part[1], words)


def numbered(sql):
    return re.sub(r"\$(\d+)", r"?\1", sql)


def c_text(sql):
    """Split, as a line of C has an end."""
    parts = [sql[at:at + 90] for at in range(0, len(sql), 90)]
    return "\n                ".join(f'"{part}"' for part in parts)


def statement(database, table, number, parts):
    suffix, sqlite, postgres, kinds, columns = parts
    name = f"table_{table.name}_{suffix}"
    program = database.execute("EXPLAIN " + numbered(sqlite), [None] * len(kinds)).fetchall()
    writes = any(row[1] == "Transaction" and row[3] for row in program)
    text = ""
    if kinds:
        text += f"static const enum value_kind {name}_kinds[] = {{{', '.join('VALUE_' + k.upper() for k in kinds)}}};\n"
    if columns:
        rows = "".join(f'    {{"{column}", VALUE_{kind.upper()}, {offset}}},\n' for column, kind, offset in columns)
        text += f"static const struct column {name}_columns[] = {{\n{rows}}};\n"
    whole = columns and columns[0][2] != "0"
    size = f"{len(table.columns)} * sizeof(struct value)" if whole else "sizeof(int64_t)"
    members = [f'.name = "{name}"', f".sqlite = {c_text(numbered(sqlite))}", f".postgres = {c_text(postgres)}",
               f".number = {number}", f".parameters = {len(kinds)}", f".writes = {'true' if writes else 'false'}"]
    members += [f".kinds = {name}_kinds"] if kinds else []
    members += [f".columns = {name}_columns", f".column_count = {len(columns)}", f".row_size = {size}"] if columns else []
    text += f"static const struct statement {name}_statement = {{\n"
    return name, text + "".join(f"    {member},\n" for member in members) + "};\n\n"


def tables_source(database, tables, number):
    """The C text of all of it, and the names of the statements, numbered from `number` on."""
    text, names, rows = "", [], ""
    for table in tables:
        members = [f'.name = "{table.name}"', f".is_void = {'true' if table.is_void else 'false'}",
                   f".seeded = {'true' if table.seeded else 'false'}", f".column_count = {len(table.columns)}",
                   f".columns = table_{table.name}_first_columns", f".key_count = {len(table.key)}",
                   f".key = table_{table.name}_key", f".many = {table.many}"]
        for parts in table.statements():
            name, made = statement(database, table, number + len(names), parts)
            names.append(name)
            members.append(f".{parts[0]} = &{name}_statement")
            text += made
        places = [[column for column, _ in table.columns].index(name) for name, _ in table.key]
        text += f"static const uint8_t table_{table.name}_key[] = {{{', '.join(map(str, places))}}};\n\n"
        rows += "    {\n" + "".join(f"        {member},\n" for member in members) + "    },\n"
    text += f"const struct store_table store_tables[] = {{\n{rows or '    {0},' + chr(10)}}};\n"
    return text + f"const size_t store_table_count = {len(tables)};\n\n", names
