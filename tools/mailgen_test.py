#!/usr/bin/env python3
"""Tests of tools/mailgen.py: what it refuses."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

MAILGEN = pathlib.Path(__file__).with_name("mailgen.py")
HEADER = 'X(TEMPLATE_LINK, "link") X(TEMPLATE_BRAND, "brand")\n'
RIGHT = {"en/layout.txt": "{{content}}\n{{brand}}\n", "en/layout.html": "<body>{{content}}</body>\n",
         "en/hi.txt": "Subject: Hello {{brand}}\n\nSee {{link}}\n", "en/hi.html": '<a href="{{link}}">{{brand}}</a>\n'}


def generate(changes):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "template.h").write_text(HEADER)
        for path, text in (RIGHT | changes).items():
            if text is not None:
                (folder / path).parent.mkdir(exist_ok=True)
                (folder / path).write_text(text)
        done = subprocess.run([sys.executable, MAILGEN, folder, folder / "template.h", folder / "out.c"],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stderr, (folder / "out.c").read_text() if done.returncode == 0 else ""


class Generated(unittest.TestCase):
    def refused(self, words, changes):
        code, said, _ = generate(changes)
        self.assertEqual(code, 1, said)
        self.assertIn(words, said)

    def test_what_is_right_becomes_a_table(self):
        code, said, made = generate({})
        self.assertEqual(code, 0, said)
        self.assertIn('{"en", "hi"', made)
        self.assertIn("{NULL, 0, TEMPLATE_LINK}", made)

    def test_values_are_known(self):
        self.refused("no value {{name}}", {"en/hi.txt": "Subject: Hello\n\n{{name}}\n"})

    def test_braces_match(self):
        self.refused("braces", {"en/hi.txt": "Subject: Hello\n\n{{link}\n"})

    def test_a_letter_has_a_subject(self):
        self.refused("Subject", {"en/hi.txt": "Hello\n\n{{link}}\n"})

    def test_a_letter_has_both_parts(self):
        self.refused("hi.html", {"en/hi.html": None})

    def test_languages_have_the_same_letters(self):
        self.refused("not the same letters", {"fr/layout.txt": "{{content}}", "fr/layout.html": "{{content}}"})

    def test_a_letter_fetches_nothing(self):
        for html in ('<img alt="">', "<p style=\"background:url(x)\">", '<a href="https://x.example">x</a>',
                     "<script>1</script>", '<p onclick="x">'):
            self.refused("fetches nothing", {"en/hi.html": html})

    def test_a_value_in_a_tag_stands_in_quotes(self):
        self.refused("without quotes", {"en/hi.html": "<a href={{link}}>x</a>"})


if __name__ == "__main__":
    unittest.main()
