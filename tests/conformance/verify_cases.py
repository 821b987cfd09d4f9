#!/usr/bin/env python3
"""The verifier against machines whose defect is known.

    verify_cases.py PROGRAM [ARG...]

Reads in place, from ASLC_CONFORMANCE or ../shared/conformance beside the checkout:
    verify-cases/CODE.json   found when PROGRAM reports a code whose row in diag_codes.def names CODE
PROGRAM answers as `aslc check --format json` does, and takes --express (tests/tools/asl_check
--verify).  What lies in data flow, concurrency, IAM or
unbounded Maps is listed as "later" and does not fail.  Exit: 0 all found, 1 not, 77 no data (skipped).
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LATER = {"C001": "races", "C002": "races", "C003": "races", "C004": "races",
         "D001": "data flow", "D002": "data flow", "D003": "data flow", "D004": "data flow",
         "D005": "data flow", "D006": "data flow", "D007": "data flow", "D008": "data flow",
         "D009": "data flow", "L002": "bounds of a Map over the input", "X001": "secrets",
         "X002": "endpoints"}
EXPRESS = {"L001", "Q002"}  # only a defect of an Express machine


def rows():
    """Gives {code: set of the catalogue's codes that it answers}."""
    text = open(os.path.join(ROOT, "compiler/base/diag_codes.def"), encoding="utf-8").read()
    string = r'"((?:[^"\\]|\\.)*)"'
    row = re.compile(r"DIAG\(\w+,\s*" + string + r",\s*\w+,\s*" + string + r",\s*" + string + r",\s*"
                     + string + r",\s*" + string + r"\)")
    return {m[1]: set(m[4].split()) for m in row.finditer(text)}


def check(program, path, *args):
    """Gives the diagnostics of one file."""
    p = subprocess.run(program + ["--format", "json", *args, path], capture_output=True, timeout=60)
    if p.returncode not in (0, 1):
        raise SystemExit(f"{path}: exit code {p.returncode}\n{p.stderr.decode('utf-8', 'replace')}")
    return json.loads(p.stdout)["diagnostics"]


def files(folder, prefix=""):
    return sorted(os.path.join(folder, f) for f in os.listdir(folder)
                  if f.startswith(prefix) and f.endswith(".json"))


def cases(program, folder):
    refs = rows()
    found, missed, later = [], [], []
    for path in files(folder):
        case = os.path.splitext(os.path.basename(path))[0]
        answered = set()
        for d in check(program, path, *(["--express"] if case in EXPRESS else [])):
            answered |= refs.get(d["code"], set())
        if case in answered:
            found.append(case)
        elif case in LATER:
            later.append(f"{case} ({LATER[case]})")
        else:
            missed.append(case)
    print("verify-cases found:", " ".join(found))
    print("verify-cases later:", ", ".join(later) or "none")
    print("verify-cases missed:", " ".join(missed) or "none")
    return len(found), len(missed), len(later)


def main():
    program = [os.path.abspath(sys.argv[1])] + sys.argv[2:]
    data = os.environ.get("ASLC_CONFORMANCE", os.path.join(os.path.dirname(ROOT), "shared/conformance"))
    if not os.path.isdir(os.path.join(data, "verify-cases")):
        print(f"SKIP conformance/verify-cases: no data in {data} (set ASLC_CONFORMANCE)")
        return 77
    found, missed, later = cases(program, os.path.join(data, "verify-cases"))
    print(f"conformance/verify-cases: {found} passed, {missed} failed, {later} skipped")
    return 1 if missed else 0


sys.exit(main())
