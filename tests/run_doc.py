#!/usr/bin/env python3
r"""Documentation tests: every example on a page of doc/diag does what the page says.

    run_doc.py PROGRAM [ARG...] -- PAGE...

A page (doc/diag/A150.md) holds fenced blocks whose info string is a file type and a verdict:
    ```json fails     PROGRAM reports the page's code
    ```json passes    PROGRAM does not report it
    ```json fails latin-1   the same, with \xNN in the block as the byte NN
    ```json fails --express   with further arguments of PROGRAM
    ```crud fails 100 times   the block as often, each % in it replaced by a number that counts from 1
A page needs one of each at least.  Blocks of a type that PROGRAM can't read are another runner's.
"""
import os
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w+) (fails|passes)( latin-1)?(?: (\d+) times)?((?: --?\S+)*)\n(.*?)^```$", re.M | re.S)


def check(program, kinds, page):
    code = os.path.splitext(os.path.basename(page))[0]
    blocks = FENCE.findall(open(page, encoding="utf-8").read())
    verdicts = {block[1] for block in blocks}
    wrong = [f"has no example that {v}" for v in ("fails", "passes") if v not in verdicts]
    ran = 0
    for kind, verdict, latin, times, extra, text in blocks:
        if kind not in kinds:
            continue
        ran += 1
        if times:
            text = "".join(text.replace("%", str(i + 1)) for i in range(int(times)))
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "example." + kind)
            if latin:
                data = re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), text).encode("latin-1")
            else:
                data = text.encode("utf-8")
            with open(name, "wb") as f:
                f.write(data)
            p = subprocess.run(program + extra.split() + [name], capture_output=True, text=True, timeout=60)
        reported = f"[{code}]" in p.stdout + p.stderr
        if reported != (verdict == "fails") or p.returncode not in (0, 1):
            wrong.append(f"the example that {verdict} gives exit code {p.returncode} and\n"
                         f"{p.stdout}{p.stderr}")
    return ran, wrong


def main():
    args = sys.argv[1:]
    split = args.index("--")
    program = [os.path.abspath(args[0])] + args[1:split]
    kinds = (("json",) if "asl_check" in args[0] else
             ("crud",) if "crud_check" in args[0] else ("json", "crud"))
    passed = failed = skipped = 0
    for page in sorted(args[split + 1:]):
        ran, wrong = check(program, kinds, page)
        failed += bool(wrong)
        passed += bool(ran and not wrong)
        skipped += not ran and not wrong
        for text in wrong:
            print(f"FAIL {page}: {text}")
    print(f"doc: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed != 0)


main()
