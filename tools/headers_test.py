#!/usr/bin/env python3
import unittest

from fixture import CheckTest

EXPLAINED = "/* The role. */\n#pragma once\n\n/* What it promises. */\nint a_one(int a);\nint a_two(void);\n"


class HeadersTest(CheckTest):
    check = "headers"
    sound = {"src/base/a.h": EXPLAINED, "src/base/a.c": "", "src/base/a_test.c": '#include "base/a.h"\n',
             "src/web/w.h": '#include "base/a.h"\n#include "base/b.h"\n#include "http/b.h"\n'}

    def test_an_explained_and_tested_header(self):
        self.accepts()

    def test_a_comment_behind_a_function_counts(self):
        self.accepts({"src/base/a.h": "int a_one(int a); /* one more */\n"})

    def test_a_group_shares_the_comment_above_it(self):
        self.accepts({"src/base/a.h": EXPLAINED + "\nint a_three(int a);\n"})

    def test_the_comment_of_the_file_speaks_for_its_first_function(self):
        self.accepts({"src/base/a.h": "/* The role. */\n#pragma once\n\n#include \"b/b.h\"\n\nstruct a;\n\nint a_one(int a);\n"})

    def test_a_function_without_a_word(self):
        self.refuses({"src/base/a.h": EXPLAINED + "\nint a;\n\nenum err a_three(int a,\n             int b);\n"},
                     "src/base/a.h:10: a_three")
        self.refuses({"src/base/a.h": "/* The role. */\n\nstruct a {\n    int b;\n};\n\nint a_one(int a);\n"},
                     "src/base/a.h:7: a_one")

    def test_a_header_without_a_test(self):
        self.refuses({"src/base/b.h": EXPLAINED}, "src/base/b.h:1: no test of base")

    def test_a_test_on_another_floor_does_not_count(self):
        self.refuses({"src/base/b.h": EXPLAINED, "src/web/b_test.c": '#include "base/b.h"\n'}, "src/base/b.h")

    def test_plain_data_needs_no_test(self):
        self.accepts({"src/base/b.h": "struct b {\n    int (*call)(int a);\n};\n"})

    def test_what_only_its_own_floor_includes_needs_none(self):
        self.accepts({"src/base/c.h": EXPLAINED, "src/base/a.c": '#include "base/c.h"\n'})

    def test_a_floor_without_code_has_nothing_to_test(self):
        self.accepts({"src/http/b.h": EXPLAINED})

    def test_a_reason_excuses(self):
        self.accepts({"src/base/b.h": EXPLAINED, "tools/untested": "# why\nsrc/base/b.h it ends the process\n"})

    def test_a_reason_that_no_longer_holds(self):
        self.refuses({"tools/untested": "src/base/a.h once\n"}, "is tested by now")
        self.refuses({"tools/untested": "src/base/gone.h once\n"}, "is no contract")


if __name__ == "__main__":
    unittest.main()
