#!/usr/bin/env python3
import unittest

from fixture import CheckTest

# What a program says of itself, as a program.
SIGNET = "#!/bin/sh\nprintf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' \\\n"
GOOD = ["edge GET /open anyone none now any", "edge POST /things admins:write late hash any", "self GET /livez anyone none now any"]
PUBLIC = "# face\tmethod\tpath\twhy\nedge\tGET\t/open\tit is a door\nself\tGET\t/livez\tit beats\n"
MATRIX = "face\tmethod\tpath\tnobody\nedge\tGET\t/open\t200\nedge\tPOST\t/things\t401\nself\tGET\t/livez\t200\n"
PAGE = "| route | who | what |\n|---|---|---|\n| `GET /open` | anyone | opens |\n| `POST /things` | admins:write | makes |\n"


def program(routes):
    return SIGNET + " ".join(routes) + "\n"


class RoutesTest(CheckTest):
    check = "routes"
    sound = {"signet": program(GOOD), "tests/matrix/public.tsv": PUBLIC, "tests/matrix/matrix.tsv": MATRIX,
             "docs/faces/edge.md": PAGE}

    def arguments(self):
        (self.root / "signet").chmod(0o755)
        return [self.root / "signet", self.root]

    def test_a_sound_tree(self):
        self.accepts()

    def test_a_route_that_nothing_is_written_of(self):
        self.refuses({"signet": program(GOOD + ["edge PUT /new signed-in late hash any"])},
                     "edge PUT /new is missing in tests/matrix/matrix.tsv",
                     "edge PUT /new is missing in docs/faces/edge.md")

    def test_an_open_route_that_nobody_has_given_a_reason_for(self):
        self.refuses({"signet": program(GOOD + ["self GET /door anyone none now any"])},
                     "self GET /door is missing in tests/matrix/public.tsv")
        self.refuses({"tests/matrix/public.tsv": PUBLIC.replace("it beats", "")}, "no reason for self GET /livez")

    def test_rows_of_routes_that_are_gone(self):
        self.refuses({"signet": program(GOOD[1:])}, "tests/matrix/public.tsv has edge GET /open",
                     "tests/matrix/matrix.tsv has edge GET /open", "docs/faces/edge.md has edge GET /open")

    def test_a_page_that_says_something_else(self):
        self.refuses({"docs/faces/edge.md": PAGE.replace("admins:write", "signed-in")},
                     "says 'signed-in' of edge POST /things")

    def test_a_face_without_a_page(self):
        (self.root / "docs/faces/edge.md").unlink()
        self.refuses({}, "docs/faces/edge.md is missing")

    def test_the_one_read_that_a_document_has_write(self):
        row = "GET /api/v1/auth/verify-email anyone write store link"
        self.refuses({"signet": program(GOOD + ["edge " + row])}, "only reads")
        files = {"signet": program(GOOD + ["corporate " + row]), "docs/faces/corporate.md": "| `GET /api/v1/auth/verify-email` | anyone | |\n",
                 "tests/matrix/public.tsv": PUBLIC + "corporate\tGET\t/api/v1/auth/verify-email\tso\n",
                 "tests/matrix/matrix.tsv": MATRIX + "corporate\tGET\t/api/v1/auth/verify-email\t400\n"}
        self.accepts(files)

    def test_rows_that_cannot_be_right(self):
        for route, words in (("edge GET /open anyone write store any", "only reads"),
                             ("edge GET /open anyone read now any", "I/O thread"),
                             ("edge GET /open '' none now any", "not said"),
                             ("edge GET /open anyone none now any " + "edge GET /open anyone none now any", "twice")):
            self.refuses({"signet": program([route] + GOOD[1:])}, words)
        self.refuses({"signet": program([GOOD[0], "edge POST /things admins:write late store login", GOOD[2]])}, "lets somebody in outside")


if __name__ == "__main__":
    unittest.main()
