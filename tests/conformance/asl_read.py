#!/usr/bin/env python3
"""Checks every public machine of the conformance data: what the reader and the verifier say.

    asl_read.py asl_check

An error in one of the folders asl, asl-embedded, asl-localstack must stand in asl_errors.txt with its
reason, and everything in there must still be an error.  Of the probes, no `good--` may have an error, and
each `bad--` and `smell--` must have the code of probes.txt.  In asl-valid and asl-invalid, where four
linters contradict each other, lint_peers.txt holds the files that we deliberately answer otherwise than the
folder's name says; doc/lint-conformance.md argues all of them.
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
        p = subprocess.run([program, "--verify", "--format", "json"] + sorted(found), cwd=work,
                           capture_output=True, text=True, timeout=120)
        if p.returncode not in (0, 1):
            sys.exit(f"FAIL {folder}: exit code {p.returncode}\n{p.stderr}")
    for d in json.loads(p.stdout)["diagnostics"]:
        found[d["range"]["filename"]].append(d)
    return found


def errors(diagnostics):
    return sorted({d["code"] for d in diagnostics if d["severity"] == "error"})


def table_of(name):
    """Lines "file CODE,CODE  reason" as {file: [code]}; "-" stands for no code."""
    table = {}
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                file, codes = line.split(None, 2)[:2]
                table[file] = [] if codes == "-" else sorted(codes.split(","))
    return table


def wanted(folder, name, tables):
    """What is expected of a file: (its errors or None, a code that must be among its diagnostics or None)."""
    if folder in ("asl", "asl-embedded", "asl-localstack"):
        return tables["asl_errors.txt"].get(f"{folder}/{name}", []), None
    if folder == "probes" and name.startswith("good--"):
        return [], None
    if folder == "probes":
        codes = tables["probes.txt"].get(name, ["?"])
        return None, codes[0] if codes else None
    if folder in ("asl-valid", "asl-invalid"):
        named = tables["lint_peers.txt"].get(f"{folder}/{name}")
        if named is not None:
            return named, None
        return ([], None) if folder == "asl-valid" else (None, "error")
    return None, None


def agrees(diagnostics, want, code):
    if want is not None and errors(diagnostics) != want:
        return False
    if code == "error":
        return bool(errors(diagnostics))
    return code is None or code in {d["code"] for d in diagnostics}


def main():
    program = os.path.abspath(sys.argv[1])
    if not os.path.isdir(os.path.join(DATA, "asl")):
        print("SKIP conformance/asl_read: no conformance data (set ASLC_CONFORMANCE)")
        sys.exit(77)
    tables = {name: table_of(name) for name in ("asl_errors.txt", "probes.txt", "lint_peers.txt")}
    passed = failed = skipped = 0
    for folder in ("asl", "asl-embedded", "asl-localstack", "asl-valid", "asl-invalid", "probes"):
        found = read_folder(program, folder)
        codes = collections.Counter(d["code"] for ds in found.values() for d in ds)
        warnings = sum(d["severity"] == "warning" for ds in found.values() for d in ds)
        bad = sum(bool(errors(ds)) for ds in found.values())
        print(f"{folder}: {len(found)} read, {bad} with errors, {warnings / len(found):.1f} warnings a machine; "
              + ", ".join(f"{c} {n}" for c, n in sorted(codes.items())))
        for name, ds in found.items():
            want, code = wanted(folder, name, tables)
            if want is None and code is None:
                print(f"skipped {folder}/{name}: for a later analysis")
                skipped += 1
                continue
            ok = agrees(ds, want, code)
            passed += ok
            failed += not ok
            if not ok:
                print(f"FAIL {folder}/{name}: errors {errors(ds)}, expected {want if want is not None else code}")
                for d in ds:
                    print(f"     {d['range']['start']['line']}: {d['code']} {d['summary']}")
    print(f"conformance/asl_read: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
