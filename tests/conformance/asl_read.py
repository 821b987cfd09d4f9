#!/usr/bin/env python3
"""Reads every public machine of the conformance data and counts what the reader says.

    asl_read.py asl_check

An error in one of the folders asl, asl-embedded, asl-localstack must stand in asl_errors.txt with its
reason, and everything in there must still be an error.  Of the probes, no `good--` may have an error.
The other folders are second opinions: their counts are printed, nothing more.
The data is read where it is: ASLC_CONFORMANCE, default ../shared/conformance beside the checkout.
"""
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.environ.get("ASLC_CONFORMANCE", os.path.join(HERE, "../../../shared/conformance"))
# what stands in the data for a name that its tests fill in
BLANK = re.compile(r'"(_+tbd_+|%[A-Z_]+%)"', re.I)


def read_folder(program, folder):
    """Gives {file name: [diagnostic]} for every file of the folder."""
    found = {}
    with tempfile.TemporaryDirectory() as work:
        for path in sorted(glob.glob(os.path.join(DATA, folder, "*.json"))):
            name = os.path.basename(path)
            with open(path, encoding="utf-8") as f:
                text = BLANK.sub('"${blank}"', f.read())
            with open(os.path.join(work, name), "w", encoding="utf-8") as f:
                f.write(text)
            found[name] = []
        p = subprocess.run([program, "--format", "json"] + sorted(found), cwd=work, capture_output=True,
                           text=True, timeout=120)
        if p.returncode not in (0, 1):
            sys.exit(f"FAIL {folder}: exit code {p.returncode}\n{p.stderr}")
    for d in json.loads(p.stdout)["diagnostics"]:
        found[d["range"]["filename"]].append(d)
    return found


def errors(diagnostics):
    return sorted({d["code"] for d in diagnostics if d["severity"] == "error"})


def expected():
    """Lines "folder/file CODE,CODE  reason"."""
    table = {}
    with open(os.path.join(HERE, "asl_errors.txt"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, codes, _ = line.split(None, 2)
                table[name] = sorted(codes.split(","))
    return table


def main():
    program = os.path.abspath(sys.argv[1])
    if not os.path.isdir(os.path.join(DATA, "asl")):
        print("SKIP conformance/asl_read: no conformance data (set ASLC_CONFORMANCE)")
        sys.exit(77)
    table = expected()
    passed = failed = 0
    for folder in ("asl", "asl-embedded", "asl-localstack", "asl-valid", "asl-invalid", "probes",
                   "verify-cases"):
        found = read_folder(program, folder)
        codes = collections.Counter(d["code"] for ds in found.values() for d in ds)
        bad = {name: errors(ds) for name, ds in found.items() if errors(ds)}
        print(f"{folder}: {len(found)} read, {len(bad)} with errors; "
              + ", ".join(f"{c} {n}" for c, n in sorted(codes.items())))
        for name, ds in found.items():
            if folder in ("asl", "asl-embedded", "asl-localstack"):
                want = table.get(f"{folder}/{name}", [])
            elif folder == "probes" and name.startswith("good--"):
                want = []
            else:
                continue
            ok = bad.get(name, []) == want
            passed += ok
            failed += not ok
            if not ok:
                print(f"FAIL {folder}/{name}: errors {bad.get(name, [])}, expected {want}")
                for d in ds:
                    print(f"     {d['range']['start']['line']}: {d['code']} {d['summary']}")
    print(f"conformance/asl_read: {passed} passed, {failed} failed, 0 skipped")
    sys.exit(failed != 0)


main()
