#!/usr/bin/env python3
"""Tests of tools/commonwords.py: what it takes up, in which order, and what it refuses."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import commonwords

TOOL = pathlib.Path(__file__).with_name("commonwords.py")
MANY = [f"listed-{number}" for number in range(commonwords.ENOUGH - len(commonwords.PUBLISHED))]
TAKEN = [*MANY, *commonwords.PUBLISHED]


class CommonWordsTest(unittest.TestCase):
    def made_of(self, listed, **others):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            if listed is not None:
                (folder / "list.py").write_text(f"FREQUENCY_LISTS = {dict(passwords=listed, **others)!r}\n")
            run = subprocess.run([sys.executable, TOOL, folder / "made.c", "--depfile", folder / "made.d",
                                  "--list", folder / "list.py"], capture_output=True, text=True, check=False)
            made = folder / "made.c"
            depends = (folder / "made.d").read_text() if run.returncode == 0 else ""
            return run, made.read_text() if made.exists() else "", depends

    def test_the_table_is_sorted_and_says_how_long_it_is(self):
        run, made, depends = self.made_of(MANY)
        self.assertEqual(run.returncode, 0, run.stderr)
        hashes = [int(value, 16) for value in re.findall(r"0x[0-9a-f]{16}", made)]
        self.assertEqual(hashes, sorted(map(commonwords.fnv1a, map(commonwords.outline, TAKEN))))
        self.assertIn(f"common_word_count = {len(TAKEN)};", made)
        self.assertRegex(depends, r"made\.c: .*list\.py\n")

    def test_the_list_is_not_in_what_is_written(self):
        self.assertNotIn("listed", self.made_of(MANY)[1])

    def test_the_hash_is_fnv_1a(self):
        self.assertEqual(commonwords.fnv1a(""), 0xCBF29CE484222325)
        self.assertEqual(commonwords.fnv1a("foobar"), 0x85944171F73967E8)

    def test_passwords_with_one_outline_stand_there_once(self):
        alike = ["Passw0rd", "p@$$word", "\uff50assword", "PASSWORD"]
        self.assertEqual(set(map(commonwords.outline, alike)), {"password"})
        self.assertIn(f"common_word_count = {len(TAKEN) + 1};", self.made_of(MANY + alike)[1])

    def test_of_words_and_names_the_long_and_frequent_ones_are_taken(self):
        words = ["short", *(f"word-{number}" for number in range(commonwords.MOST_WORDS))]
        chosen = set(commonwords.selection({"passwords": ["ab", "abc"], "words": words}))
        self.assertEqual(chosen, {"abc", *words[1:-1]})

    def test_a_list_that_is_too_short_does_not_build(self):
        for listed in (MANY[1:], [*MANY[1:], "short"], MANY[1:] + MANY[1:]):
            run, made, _ = self.made_of(listed)
            self.assertEqual((run.returncode, made), (1, ""))
            self.assertIn("fewer than", run.stderr)

    def test_without_the_list_it_says_what_to_install(self):
        run, _, _ = self.made_of(None)
        self.assertEqual(run.returncode, 1)
        self.assertIn("python3-zxcvbn", run.stderr)


if __name__ == "__main__":
    unittest.main()
