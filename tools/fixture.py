"""For the tests of the checks: a small tree in a temporary place, and a check run over it.

Each check is run as the build runs it, over a tree that it must accept and trees that it must not:
a check that cannot fail is worth nothing.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).parent


class CheckTest(unittest.TestCase):
    check = ""   # the script's name under tools/
    sound = {}   # path -> text: the least tree that the check accepts

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name)
        self.write(self.sound)

    def write(self, tree):
        for path, text in tree.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)

    def arguments(self):
        return [self.root]

    def run_check(self):
        done = subprocess.run([sys.executable, TOOLS / self.check, *self.arguments()],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def accepts(self, tree=None):
        self.write(tree or {})
        status, output = self.run_check()
        self.assertEqual(status, 0, output)

    def refuses(self, tree, *words):
        self.write(tree)
        status, output = self.run_check()
        self.assertEqual(status, 1, output)
        for word in words:
            self.assertIn(word, output)
