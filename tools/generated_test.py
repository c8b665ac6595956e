#!/usr/bin/env python3
"""tools/generated tells drift: run in a copy of the tree whose settings page was changed by hand."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIGNET = sys.argv.pop()


class Generated(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name)
        for name in ("tools", "docs", "etc"):
            (self.top / name).mkdir()
        shutil.copy(ROOT / "tools" / "generated", self.top / "tools")
        shutil.copy(ROOT / "docs" / "security.md", self.top / "docs")

    def run_tool(self, *arguments):
        return subprocess.run([self.top / "tools" / "generated", *arguments, SIGNET],
                              stdout=subprocess.PIPE, text=True)

    def test_what_it_wrote_has_not_drifted(self):
        self.assertEqual(self.run_tool().returncode, 0)
        self.assertEqual(self.run_tool("--check").returncode, 0)

    def test_a_missing_file_and_a_changed_one_have(self):
        self.assertEqual(self.run_tool("--check").returncode, 1)
        self.run_tool()
        page = self.top / "docs" / "settings.md"
        page.write_text(page.read_text().replace("`10s`", "`11s`"))
        told = self.run_tool("--check")
        self.assertEqual(told.returncode, 1)
        self.assertIn("settings.md", told.stdout)
        self.assertIn("-| `header_timeout` | `11s`", told.stdout)
        self.assertNotIn("signet.conf.example", told.stdout)

    def test_so_has_a_part_of_a_page_and_no_other_part_is_touched(self):
        self.run_tool()
        page = self.top / "docs" / "security.md"
        made = page.read_text()
        page.write_text("By hand.\n" + made.replace("| `wait4`, `waitid` |", "| `wait4` |"))
        told = self.run_tool("--check")
        self.assertEqual(told.returncode, 1)
        self.assertIn("+| `wait4`, `waitid` |", told.stdout)
        self.run_tool()
        self.assertEqual(page.read_text(), "By hand.\n" + made)

    def test_a_page_without_the_marks_is_told(self):
        self.run_tool()
        page = self.top / "docs" / "security.md"
        page.write_text(page.read_text().replace("<!-- end of confinement -->", ""))
        self.assertEqual(self.run_tool("--check").returncode, 1)


unittest.main()
