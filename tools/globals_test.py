#!/usr/bin/env python3
import subprocess
import unittest

from fixture import CheckTest

CONSTANT = """
extern int puts(const char *);
static const char *const words[] = {"a", "b"};
static const struct { const char *name; int (*call)(const char *); } rows[] = {{"puts", puts}};
const char *word(int i) { return rows[0].call(words[i]) ? rows[i].name : words[i]; }
"""


class GlobalsTest(CheckTest):
    check = "globals"

    def compile(self, source, name="a"):
        folder = self.root / "src" / "base" / "libbase.a.p"
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cc", "-fPIE", "-x", "c", "-c", "-o", folder / f"{name}.c.o", "-"],
                       input=source, text=True, check=True)

    def test_constant_tables_pass(self):
        self.compile(CONSTANT)
        self.accepts()

    def test_writable_symbols(self):
        for source in ("int counter = 1;", "static int counter; int *f(void) { return &counter; }",
                       "int *f(void) { static int counter; return &counter; }",
                       "_Thread_local int counter;", "_Thread_local int counter = 1;"):
            self.compile(source)
            self.refuses({}, "a.c.o: counter", "writable and global")

    def test_the_closed_list_holds_for_one_file_alone(self):
        self.compile("_Thread_local int *lent;", "hash_memory")
        self.accepts()
        self.compile("_Thread_local int *lent;", "hasher")
        self.refuses({}, "hasher.c.o: lent")

    def test_what_tests_keep_is_their_own(self):
        self.compile(CONSTANT)
        self.compile("int counter;", "a_test")
        self.accepts()

    def test_an_empty_build_proves_nothing(self):
        self.refuses({}, "build first")


if __name__ == "__main__":
    unittest.main()
