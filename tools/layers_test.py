#!/usr/bin/env python3
import unittest

from fixture import CheckTest

PLAN = """# Architecture

## The floors

| folder | may include | may not know |
|---|---|---|
| `base` | base | users |
| `store` | base | HTTP |
| `web` | base | any single face |
| `api/x` | web, base | each other |
| `app` | everything | - |

## Foreign headers

| header | its one including file |
|---|---|
| `sqlite3.h` | `store/sqlite.c` |
"""


class LayersTest(CheckTest):
    check = "layers"
    sound = {
        "ARCHITECTURE.md": PLAN,
        "src/base/buf.h": "#include <stddef.h>\n#include <sys/types.h>\n",
        "src/store/sqlite.c": '#include "base/buf.h"\n\n#include <sqlite3.h>\n',
        "src/web/web.h": '#include "base/buf.h"\n',
        "src/api/edge/face.h": '#include "web/web.h"\n',
        "src/app/main.c": '#include "api/edge/face.h"\n#include "store/store.h"\n',
    }

    def test_the_drawn_arrows_pass(self):
        self.accepts()

    def test_an_arrow_upwards(self):
        self.refuses({"src/base/buf.c": '#include "web/web.h"\n'}, "src/base/buf.c:1", "web/web.h")

    def test_an_arrow_that_is_not_drawn(self):
        self.refuses({"src/api/edge/routes.c": '\n#include "store/store.h"\n'}, "src/api/edge/routes.c:2")

    def test_a_face_that_knows_another(self):
        self.refuses({"src/api/edge/routes.c": '#include "api/gateway/face.h"\n'}, "may not know a face")

    def test_the_wiring_alone_knows_faces(self):
        self.refuses({"src/web/web.c": '#include "api/edge/face.h"\n'}, "src/web/web.c:1")

    def test_a_header_without_its_folder(self):
        self.refuses({"src/base/buf.c": '#include "buf.h"\n'}, "with its folder")

    def test_a_foreign_header_in_a_second_file(self):
        self.refuses({"src/store/pool.c": "#include <sqlite3.h>\n"}, "belongs to src/store/sqlite.c")

    def test_a_foreign_header_that_nobody_listed(self):
        self.refuses({"src/store/pool.c": "#include <curl/curl.h>\n"}, "not in ARCHITECTURE.md")

    def test_a_floor_that_nobody_drew(self):
        self.refuses({"src/util/misc.c": '#include "base/buf.h"\n'}, "util is no floor")

    def test_a_foreign_header_whose_file_does_not_include_it(self):
        self.refuses({"src/store/sqlite.c": '#include "base/buf.h"\n'}, "sqlite3.h", "does not")


if __name__ == "__main__":
    unittest.main()
