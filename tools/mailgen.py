#!/usr/bin/env python3
"""Writes the templates of letters as C tables.

Usage: tools/mailgen.py TEMPLATE_DIR TEMPLATE_H OUT_C [--depfile FILE]

TEMPLATE_DIR/LANGUAGE/NAME.txt begins with a line "Subject: …" and an empty one; beside it stands
NAME.html. Both go into layout.txt and layout.html of their language in the place of {{content}}.
{{…}} is a value of TEMPLATE_TABLE in TEMPLATE_H, which is escaped in HTML. A slip stops the build: an
unknown value, a part that is missing, a language that lacks a letter, anything that a reader's program
would have to fetch, a value where escaping would not help.
"""
import argparse
import pathlib
import re
import sys

VALUE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
FETCHED = re.compile(r"<\s*(img|script|iframe|object|embed|link|form|base)\b|\bsrc\s*=|\burl\s*\(|@import|https?:|"
                     r"\bon\w+\s*=", re.I)
TEXT_WIDTH = 100


class Refusal(Exception):
    pass


def values_of(header):
    """{{name}} -> constant, as the table has them."""
    return {name: constant for constant, name in re.findall(r'X\((TEMPLATE_\w+), "(\w+)"\)', header.read_text())}


def read(path):
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path}: {error}") from None
    if "\r" in text or "\t" in text or "\0" in text:
        raise Refusal(f"{path}: a tab, a carriage return or a NUL")
    return text


def pieces(path, text, values):
    """(literal, None) and (None, constant), in order."""
    found, end = [], 0
    for match in VALUE.finditer(text):
        if match.group(1) not in values:
            raise Refusal(f"{path}: there is no value {{{{{match.group(1)}}}}}; there are " + ", ".join(values))
        found += [(text[end:match.start()], None), (None, values[match.group(1)])]
        end = match.end()
    found.append((text[end:], None))
    literals = "".join(literal or "" for literal, _ in found)
    if "{{" in literals or "}}" in literals:
        raise Refusal(f"{path}: braces that do not match")
    return [piece for piece in found if piece != ("", None)]


def check_html(path, text):
    bare = VALUE.sub("", text)
    if match := FETCHED.search(bare):
        raise Refusal(f"{path}: {match.group(0)!r}: a letter fetches nothing and runs nothing")
    for value in VALUE.finditer(text):
        before = text[:value.start()]
        tag = before.rsplit("<", 1)[-1]
        if ">" not in tag and tag.count('"') % 2 == 0:
            raise Refusal(f"{path}: {value.group(0)} stands in a tag without quotes, where escaping does not help")


def within(path, layout, content):
    if layout.count("{{content}}") != 1:
        raise Refusal(f"{path}: has to name {{{{content}}}} once")
    return layout.replace("{{content}}", content.strip("\n"))


def read_letter(folder, name, values):
    text_path, html_path = folder / f"{name}.txt", folder / f"{name}.html"
    head, blank, body = (read(text_path) + "\n\n").split("\n", 2)
    if not head.startswith("Subject: ") or blank:
        raise Refusal(f"{text_path}: begins with a line 'Subject: …' and an empty one")
    if wide := [line for line in body.splitlines() if len(line) > TEXT_WIDTH]:
        raise Refusal(f"{text_path}: a line of more than {TEXT_WIDTH} characters: {wide[0]!r}")
    text = within(folder / "layout.txt", read(folder / "layout.txt"), body)
    html = within(folder / "layout.html", read(folder / "layout.html"), read(html_path))
    check_html(html_path, html)
    return {"subject": pieces(text_path, head.removeprefix("Subject: ").strip(), values),
            "text": pieces(text_path, text, values), "html": pieces(html_path, html, values)}


def names_in(folder):
    return {path.stem for path in folder.iterdir() if path.suffix in (".txt", ".html")} - {"layout"}


def c_string(text):
    lines = []
    for line in text.splitlines(keepends=True):
        escaped = "".join(c if " " <= c <= "~" and c not in '"\\?' else "\\n" if c == "\n"
                          else "".join(f"\\{byte:03o}" for byte in c.encode()) for c in line)
        lines.append(f'"{escaped}"')
    return " ".join(lines) or '""'


def c_part(label, parts):
    rows = [f"    {{{c_string(literal)}, {len(literal.encode())}, 0}},\n" if literal is not None
            else f"    {{NULL, 0, {constant}}},\n" for literal, constant in parts]
    return f"static const struct template_piece {label}[] = {{\n{''.join(rows)}}};\n"


def generate(top, values):
    parts, table = [], []
    languages = sorted(path for path in top.iterdir() if path.is_dir())
    for folder in languages:
        if missing := names_in(languages[0]) ^ names_in(folder):
            raise Refusal(f"{folder}: not the same letters as {languages[0]}: {', '.join(sorted(missing))}")
        for name in sorted(names_in(folder)):
            label = f"{folder.name}_{name}".replace("-", "_")
            letter = read_letter(folder, name, values)
            parts += [c_part(f"{label}_{part}", letter[part]) for part in ("subject", "text", "html")]
            cells = ", ".join(f"{{{label}_{part}, ARRAY_LEN({label}_{part})}}" for part in ("subject", "text", "html"))
            table.append(f'    {{"{folder.name}", "{name}", {cells}}},\n')
    return ("/* Made by tools/mailgen.py of src/mail/templates: edit those. */\n"
            '#include "mail/template.h"\n\n' + "\n".join(parts) +
            f"\nconst struct template_texts templates[] = {{\n{''.join(table)}    {{0}},\n}};\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("templates", type=pathlib.Path)
    parser.add_argument("header", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--depfile", type=pathlib.Path)
    given = parser.parse_args()
    try:
        given.out.write_text(generate(given.templates, values_of(given.header)))
    except Refusal as refusal:
        sys.exit(f"mailgen: {refusal}")
    if given.depfile:
        sources = [given.header, given.templates, *given.templates.rglob("*")]
        given.depfile.write_text(f"{given.out}: " + " ".join(map(str, sources)) + "\n")


if __name__ == "__main__":
    main()
