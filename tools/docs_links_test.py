#!/usr/bin/env python3
import unittest

from fixture import CheckTest


class DocsLinksTest(CheckTest):
    check = "docs_links"
    sound = {"README.md": "# Signet\n\n[a](docs/a.md) [b](docs/a.md#part-two-more) [c](#signet) [d](https://example.org/x)\n"
                          "`[e](gone.md)`\n",
             "docs/a.md": "## Part two, more\n\n[up](../README.md)\n"}

    def test_links_that_lead_somewhere(self):
        self.accepts()

    def test_a_file_that_is_not_there(self):
        self.refuses({"docs/b.md": "\n[x](README.md)\n"}, "docs/b.md:2: README.md does not exist")

    def test_a_heading_that_is_not_there(self):
        self.refuses({"docs/b.md": "[x](a.md#part-three)\n"}, "docs/b.md:1", "#part-three")
        self.refuses({"docs/b.md": "[x](#nothing)\n"}, "no heading #nothing")

    def test_what_others_wrote_is_left_alone(self):
        self.accepts({"tests/node_modules/x/README.md": "[x](gone.md)\n"})


if __name__ == "__main__":
    unittest.main()
