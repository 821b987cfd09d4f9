#!/usr/bin/env python3
"""doc/language.md is the reference: it names everything that the tables have, and its examples check;
so do the samples.

    crud-language.py PROGRAM SRCDIR

Words come from compiler/front/*.def: types, words of the language, settings, annotations, functions,
errors and groups.  Each must stand in the page in code style.  Every ```crud block and every
file of samples must pass PROGRAM without a word, and be printed by `PROGRAM --fmt` as it stands.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

TABLES = {  # file: row, and the column that holds the word
    "types.def": (r'^TYPE\(\w+, "(\w+)"', "{}"),
    "settings.def": (r'^SETTING\(\w+, "(\w+)"', "{}"),
    "annotations.def": (r'^ANNOTATION\(\w+, "(\w+)"', "@{}"),
    "builtins.def": (r'^BUILTIN\(\w+, "(\w+)"', "{}("),
    "errors.def": (r'^(?:ERROR|GROUP)\("(\w+)"', "{}"),
    "words.def": (r'^WORD\(\w+, "(\w+)"', "{}"),
}


def missing_words(top, page):
    code = " ".join(re.findall(r"`+([^`]+)`+", page.replace("\n", " ")))
    for name, (row, form) in TABLES.items():
        text = open(os.path.join(top, "compiler/front", name), encoding="utf-8").read()
        for word in re.findall(row, text, re.M):
            wanted = form.format(word)
            if not re.search(r"(?<!\w)" + re.escape(wanted) + r"(?!\w)", code) and not (
                    wanted.endswith("(") and wanted in code):
                yield f"{name}: '{wanted}' is not on the page"


def wrong_file(program, name):
    """What is wrong with one file, or None."""
    said = subprocess.run([program, "--unsupported", name], capture_output=True, text=True)
    printed = subprocess.run([program, "--fmt", name], capture_output=True, text=True)
    if said.returncode != 0 or said.stdout:
        return said.stdout + said.stderr
    if printed.stdout != open(name, encoding="utf-8").read():
        return f"not in canonical form:\n{printed.stdout}"
    return None


def wrong_examples(program, top, page):
    for number, text in enumerate(re.findall(r"^```crud\n(.*?)^```$", page, re.M | re.S), 1):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "example.crud")
            with open(name, "w", encoding="utf-8") as f:
                f.write(text)
            wrong = wrong_file(program, name)
        if wrong is not None:
            yield f"example {number}: {wrong}"
    for name in sorted(glob.glob(os.path.join(top, "samples/*.crud"))):
        wrong = wrong_file(program, name)
        if wrong is not None:
            yield f"{name}: {wrong}"


def main():
    program, top = os.path.abspath(sys.argv[1]), sys.argv[2]
    page = open(os.path.join(top, "doc/language.md"), encoding="utf-8").read()
    wrong = list(missing_words(top, page)) + list(wrong_examples(program, top, page))
    for text in wrong:
        print(f"FAIL {text}")
    print(f"language.md and samples: {len(wrong)} mistakes")
    sys.exit(bool(wrong))


main()
