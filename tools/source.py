"""What the shape checks share: the files of the tree, and C text without comments and strings."""
import pathlib
import re
import sys

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def root():
    return pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")


def files(top, *patterns):
    """(path inside `top`, text) of every file under src that matches, in order."""
    found = {path for pattern in patterns for path in (top / "src").rglob(pattern)}
    return [(path.relative_to(top), path.read_text()) for path in sorted(found)]


def blank(match):
    """Comments go; a string leaves its quotes. Line ends stay, so that line numbers hold."""
    text = match.group()
    if text[0] in "\"'":
        return text[0] + " " * (len(text) - 2) + text[0]
    return re.sub(r"[^\n]", " ", text)


def code_of(text):
    return TOKEN.sub(blank, text)


def strings_of(text):
    """(line number, string) of every string in C text."""
    for match in TOKEN.finditer(text):
        if match.group()[0] == '"':
            yield text.count("\n", 0, match.start()) + 1, match.group()[1:-1]


def floor_of(path):
    """src/api/edge/routes.c is of the floor api/edge, src/base/buf.c of base."""
    parts = path.parts[1:]
    return "/".join(parts[:2]) if parts[0] == "api" and len(parts) > 2 else parts[0]


def is_test(text):
    """Tests and what they stand on all begin with cmocka, which base/check.h brings."""
    return '#include "base/check.h"' in text


def report(name, faults, praise):
    print("\n".join(faults) or f"{name}: {praise}")
    sys.exit(bool(faults))
