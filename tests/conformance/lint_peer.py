#!/usr/bin/env python3
"""Our errors beside those of npm's asl-validator, folder by folder.

    lint_peer.py asl_check NODE_FOLDER

NODE_FOLDER holds node_modules with asl-validator (make npm, or ASLC_NPM).  Prints the table of
doc/lint-conformance.md: machines in which each reports an error, and those that only one does.
"""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from asl_read import DATA, HERE, errors, read_folder  # noqa: E402

ROWS = [("probes, good", "probes", "good--"), ("probes, bad", "probes", "bad--"), ("probes, smell", "probes", "smell--"),
        ("asl-valid", "asl-valid", ""), ("asl-invalid", "asl-invalid", ""), ("asl", "asl", ""),
        ("asl-embedded", "asl-embedded", "")]


def main():
    program, modules = os.path.abspath(sys.argv[1]), sys.argv[2]
    if not os.path.isdir(os.path.join(DATA, "probes")):
        print("SKIP conformance/lint_peer: no conformance data (set ASLC_CONFORMANCE)")
        return
    print("| folder | machines | aslc | asl-validator | both | only aslc | only asl-validator |\n|---|---|---|---|---|---|---|")
    for title, folder, prefix in ROWS:
        ours = read_folder(program, folder)
        names = sorted(n for n in ours if n.startswith(prefix))
        paths = [os.path.join(DATA, folder, n) for n in names]
        p = subprocess.run(["node", os.path.join(HERE, "lint_peer.mjs"), modules], input="\n".join(paths),
                           capture_output=True, text=True, check=True)
        peer = {os.path.basename(path) for path, count in json.loads(p.stdout).items() if count != 0}
        mine = {n for n in names if errors(ours[n])}
        print(f"| {title} | {len(names)} | {len(mine)} | {len(peer)} | {len(mine & peer)} | {len(mine - peer)} | "
              f"{len(peer - mine)} |")


main()
