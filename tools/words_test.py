#!/usr/bin/env python3
import unittest

from fixture import CheckTest

OPEN_NOTE = "TO" + "DO"


class WordsTest(CheckTest):
    check = "words"
    sound = {"src/base/a.c": 'void *a = malloc(1); /* goto, free(x) */\nchar *t = "goto; free(a) mkXXXXXX";\n',
             "src/store/b.c": 'const char *s = "SELECT a FROM b";\n',
             "src/domain/c.c": 'void release(void);\nconst char *s = "select one, delete the other";\n'}

    def test_comments_and_strings_are_free_to_say_anything(self):
        self.accepts()

    def test_goto(self):
        self.refuses({"src/base/b.c": "\n    goto out;\n"}, "src/base/b.c:2: goto")

    def test_memory_where_the_arena_rules(self):
        for call in ("malloc(1)", "calloc(1, 1)", "free (x)", "strdup(s)", "realloc(p, 1)"):
            self.refuses({"src/domain/d.c": f"void *p = {call};\n"}, "src/domain/d.c:1")
        self.refuses({"src/api/edge/d.c": "x = malloc(1);\n"}, "src/api/edge/d.c:1")

    def test_a_file_that_keeps_something_is_listed(self):
        self.accepts({"src/domain/standing.c": "x = malloc(1);\n"})

    def test_sql_outside_the_store(self):
        for sql in ("SELECT a FROM b", "insert into b values (1)", "UPDATE b SET a = 1", "DELETE FROM b",
                    "PRAGMA foreign_keys", "CREATE UNIQUE INDEX a", "BEGIN IMMEDIATE"):
            self.refuses({"src/domain/d.c": f'const char *s =\n    "{sql}";\n'}, "src/domain/d.c:2", "SQL")

    def test_an_open_note(self):
        self.refuses({"src/base/b.h": f"/* {OPEN_NOTE}: later */\n"}, "src/base/b.h:1", OPEN_NOTE)

    def test_an_included_source_file(self):
        self.refuses({"src/base/b_test.c": '#include "base/a.c"\n'}, "src/base/b_test.c:1")


if __name__ == "__main__":
    unittest.main()
