#!/usr/bin/env python3
"""Writes the passwords that everybody tries first as a C table, from the lists of python3-zxcvbn.

These are the passwords that leaked most often. What is also a name or a word of English is not among
them but on a list of its own, so the most frequent of those are taken too.

The lists themselves are nowhere in this repository nor in the program: of each password stands there
only a hash of its outline, sorted. An outline is the password as passwords are compared (NFKC, case
folded), with the signs that are written for a letter turned into that letter; the program's
domain/guessable.c makes the outline of what it looks up with the same table.
Usage: commonwords.py OUTPUT [--depfile FILE] [--list FILE]
"""
import argparse
import importlib.util
import pathlib
import sys
import unicodedata

LIST = "/usr/lib/python3/dist-packages/zxcvbn/frequency_lists.py"
# Of what is at least eight long, the program cuts off at most five signs and looks up the rest.
LEAST, LEAST_WHOLE = 3, 8
# Of the lists of names and words: so long, and so many of each. More would cost more room than it finds.
LEAST_WORD, MOST_WORDS = 6, 2000
ENOUGH = 3000  # of LEAST_WHOLE and more: ASVS 6.2.4
# The password of `signet dev`, which stands in documents that everybody can read.
PUBLISHED = {"your_password"}
LETTERS = {"@": "a", "4": "a", "3": "e", "1": "l", "!": "l", "|": "l", "i": "l", "0": "o", "5": "s", "$": "s", "7": "t"}
OUTLINE = str.maketrans(LETTERS)


def lists(path):
    """Each begins with what is most frequent."""
    spec = importlib.util.spec_from_file_location("frequency_lists", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.FREQUENCY_LISTS


def selection(listed):
    for name, entries in listed.items():
        least, most = (LEAST, None) if name == "passwords" else (LEAST_WORD, MOST_WORDS)
        yield from (entry for entry in list(entries)[:most] if len(entry) >= least)


def outline(password):
    compared = unicodedata.normalize("NFKC", password).casefold()
    return unicodedata.normalize("NFC", compared).translate(OUTLINE)


def fnv1a(text):
    """64 bits of FNV-1a: nobody gains by a collision, which could only refuse a password too many."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def table(passwords):
    """The hashes in order; two outlines with one hash would do no harm, but are the sign of a mistake."""
    found = set(map(outline, passwords))
    hashes = sorted(map(fnv1a, found))
    if len(set(hashes)) != len(found):
        sys.exit("commonwords: two outlines have one hash")
    if sum(len(word) >= LEAST_WHOLE for word in found) < ENOUGH:
        sys.exit(f"commonwords: the lists have fewer than {ENOUGH} passwords of {LEAST_WHOLE} and more characters")
    return hashes


def source(hashes):
    letters = [ord(LETTERS.get(chr(code), chr(code))) for code in range(128)]
    yield "/* Made by tools/commonwords.py. */"
    yield '#include "domain/common_words.h"'
    yield "const char common_letters[128] = {"
    yield from ("    " + " ".join(f"{letter}," for letter in letters[at:at + 16]) for at in range(0, 128, 16))
    yield "};"
    yield f"const size_t common_word_count = {len(hashes)};"
    yield "const uint64_t common_words[] = {"
    yield from ("    " + " ".join(f"0x{value:016x}," for value in hashes[at:at + 4]) for at in range(0, len(hashes), 4))
    yield "};"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--depfile", type=pathlib.Path)
    parser.add_argument("--list", type=pathlib.Path, default=LIST)
    given = parser.parse_args()
    try:
        passwords = set(selection(lists(given.list))) | PUBLISHED
    except FileNotFoundError:
        sys.exit(f"commonwords: {given.list} is missing; Debian has it in python3-zxcvbn (tools/packages)")
    given.output.write_text("\n".join(source(table(passwords))) + "\n")
    if given.depfile:
        given.depfile.write_text(f"{given.output}: {given.list}\n")


if __name__ == "__main__":
    main()
