#!/usr/bin/env python3
import unittest

from fixture import CheckTest


def function(head, *lines):
    return head + "\n{\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


def nested(levels):
    return function("void deep(int a)", *["while (a) {"] * levels, "a--;", *["}"] * levels)


class ShapeTest(CheckTest):
    check = "shape"
    sound = {"src/base/a.c": function("int five(int a, int (*b)(int, int), int c, int d, int e)",
                                      *["a++;"] * 58)}

    def test_functions_within_the_bounds(self):
        self.accepts({"src/base/b.c": nested(4)})

    def test_a_function_too_long(self):
        self.refuses({"src/base/b.c": "\n" + function("int *long_one(void)", *["a++;"] * 61)},
                     "src/base/b.c:2: long_one has 61 lines")

    def test_a_handler_too_long(self):
        body = function("static enum err post_user(struct call *c)", *["a++;"] * 21)
        self.accepts({"src/web/handlers.c": body})
        self.refuses({"src/api/edge/handlers.c": body}, "post_user has 21 lines, of at most 20")

    def test_too_many_parameters(self):
        self.refuses({"src/base/b.c": function("int six(int a, int b, int c,\n        int d, int e, int f)")},
                     "six has 6 parameters")

    def test_nesting_too_deep(self):
        self.refuses({"src/base/b.c": nested(5)}, "deep has 5 levels of nesting")

    def test_else_and_do_are_blocks(self):
        lines = ["if (a) {", "} else {", "do {", "if (b) {", "switch (c) {", "for (;;) {", "}"]
        self.refuses({"src/base/b.c": function("void f(void)", *lines, "}", "}", "} while (a);", "}")},
                     "f has 5 levels")

    def test_lists_of_values_are_no_blocks(self):
        self.accepts({"src/base/b.c": function("void f(void)", "x = (struct a){{{{{{0}}}}}};",
                                               "int y[] = {{{{{{0}}}}}};", 'puts("{{{{{{{");')})

    def test_a_file_too_long(self):
        self.refuses({"src/base/b.c": "int a;\n" * 601}, "src/base/b.c:1: 601 lines")

    def test_a_long_table_is_no_long_file(self):
        self.accepts({"src/base/b.c": "static const int t[] = {\n" + "    1,\n" * 700 + "};\n"})


if __name__ == "__main__":
    unittest.main()
