#!/usr/bin/env python3
"""ui tests: what the compiler says about a file.

    run_ui.py PROGRAM [ARG...] -- INPUT...

Each INPUT (tests/ui/A150-comment.json) has siblings that hold what PROGRAM prints about it:
    A150-comment.err    the text form; exit code 1 if it has an error, else 0
    A150-comment.sarif, .jsonout, .github   the other forms (any of them may be missing)
    A150-comment.ir     the machine graph as text (may be missing)
    A150-comment.args   further arguments, if any
An input whose name begins with a code must make the program report that code: a blessed golden file
can't hide that it does not.  With ASLC_BLESS=1 in the environment (make bless) the siblings that exist
are rewritten, and .err always.
"""
import os
import re
import subprocess
import sys

FORMS = {".err": ["--format", "text"], ".sarif": ["--format", "sarif"], ".jsonout": ["--format", "json"],
         ".github": ["--format", "github"], ".ir": ["--dump-ir"]}


def run(program, source, form):
    """Gives exit code and output; runs in the input's folder, so that names have no folder."""
    folder, name = os.path.split(source)
    args = []
    args_file = os.path.splitext(source)[0] + ".args"
    if os.path.exists(args_file):
        args = open(args_file, encoding="utf-8").read().split()
    p = subprocess.run(program + form + args + [name], cwd=folder or ".",
                       capture_output=True, timeout=60)
    return p.returncode, p.stdout.decode("utf-8", "replace") + p.stderr.decode("utf-8", "replace")


def expected_exit(text):
    return 1 if re.search(r": error\[A\d{3}\]:", text) else 0


def check(program, source, bless):
    """Gives the list of what is wrong with one input."""
    stem = os.path.splitext(source)[0]
    wrong = []
    for suffix, form in FORMS.items():
        golden = stem + suffix
        if suffix != ".err" and not os.path.exists(golden):
            continue
        code, text = run(program, source, form)
        if suffix == ".err":
            if code != expected_exit(text):
                wrong.append(f"exit code {code}, expected {expected_exit(text)}\n{text}")
            named = re.match(r"A\d{3}", os.path.basename(stem))
            if named and f"[{named.group()}]" not in text:
                wrong.append(f"does not report {named.group()}:\n{text}")
        if bless:
            with open(golden, "w", encoding="utf-8") as f:
                f.write(text)
        elif not os.path.exists(golden):
            wrong.append(f"{golden} is missing; the program says:\n{text}")
        elif open(golden, encoding="utf-8").read() != text:
            wrong.append(f"differs from {golden}; the program says:\n{text}")
    return wrong


def main():
    args = sys.argv[1:]
    bless = os.environ.get("ASLC_BLESS") == "1"
    split = args.index("--")
    program = [os.path.abspath(args[0])] + args[1:split]
    inputs = sorted(args[split + 1:])
    failed = 0
    for source in inputs:
        wrong = check(program, source, bless)
        failed += bool(wrong)
        for text in wrong:
            print(f"FAIL {source}: {text}")
    print(f"ui: {len(inputs) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed != 0 or not inputs)


main()
