#!/usr/bin/env python3
"""docs.py ASLC SRCDIR: the pages of the documentation keep what they promise.

- A link within the repository leads to something that exists.
- A block that follows a comment with a file's name, <!-- samples/x.crud -->, is that file.
- The picture is what is drawn.
- A block of `sh` runs, all blocks of a page one after the other in one folder that has samples/ beside it; a
  block of `text` behind it is what it prints.  `aslc serve` only has to become ready.

ASLC_BLESS=1 rewrites the copies and the picture.  Pages of diagnostics have a runner of their own (run_doc.py).
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

FILE = re.compile(r"^<!-- (\S+) -->\n```(\w*)\n(.*?)^```$", re.M | re.S)
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:```text\n(.*?)^```$)?", re.M | re.S)
LINK = re.compile(r"\]\(([^)#\s]+)")
SERVE = """#!/bin/sh
if [ "$1" = serve ]; then
    shift
    "$ASLC" serve "$@" --port 0 >ready.tmp &
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        [ -s ready.tmp ] && break
        sleep 0.2
    done
    kill $!
    wait $!
    grep -q '^listening on ' ready.tmp || exit 1
    rm -f ready.tmp
    exit 0
fi
exec "$ASLC" "$@"
"""
PKG_CONFIG = """#!/bin/sh
case $1 in
--cflags) echo "-I$SRCDIR/include" ;;
--libs) echo "-L$BUILD/.libs -laslrt -lpcre2-16 -lpcre2-8 -lm -Wl,-rpath,$BUILD/.libs $SAN_CFLAGS" ;;
esac
"""


def script(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, 0o755)


def links(srcdir, page, text):
    for target in LINK.findall(re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)):
        if ":" not in target and not os.path.exists(os.path.join(os.path.dirname(page), target)):
            yield f"the link to {target} leads nowhere"


def copies(srcdir, page, text):
    def copy(match):
        with open(os.path.join(srcdir, match[1]), encoding="utf-8") as f:
            return f"<!-- {match[1]} -->\n```{match[2]}\n{f.read()}```"
    renewed = FILE.sub(copy, text)
    if renewed == text:
        return
    if os.environ.get("ASLC_BLESS") == "1":
        with open(page, "w", encoding="utf-8") as f:
            f.write(renewed)
    else:
        yield "a copy of a file is not what the file is; make bless"


def picture(srcdir, aslc):
    """The README's picture is what aslc draws, where graphviz is the one that drew it."""
    kept = os.path.join(srcdir, "doc", "vehicles.svg")
    with tempfile.TemporaryDirectory() as folder:
        drawn = os.path.join(folder, "vehicles.svg")
        subprocess.run([aslc, "graph", os.path.join(srcdir, "samples", "vehicles.crud"), "-o", drawn], check=True)
        with open(drawn, encoding="utf-8") as f:
            now = f.read()
    if os.environ.get("ASLC_BLESS") == "1":
        with open(kept, "w", encoding="utf-8") as f:
            f.write(now)
        return
    with open(kept, encoding="utf-8") as f:
        before = f.read()
    version = re.compile(r"graphviz version (\S+)")
    if version.search(now)[1] == version.search(before)[1] and now != before:
        yield "doc/vehicles.svg is not what aslc draws; make bless"


def examples(srcdir, page, text, aslc):
    with tempfile.TemporaryDirectory() as folder:
        tools = os.path.join(folder, "tools")
        work = os.path.join(folder, "work")
        os.mkdir(tools)
        os.mkdir(work)
        shutil.copytree(os.path.join(srcdir, "samples"), os.path.join(work, "samples"))
        script(os.path.join(tools, "aslc"), SERVE)
        script(os.path.join(tools, "pkg-config"), PKG_CONFIG)
        script(os.path.join(tools, "cc"), 'exec ${CC:-gcc} "$@"\n')
        env = {**os.environ, "PATH": tools + ":" + os.environ["PATH"], "ASLC": aslc, "LC_ALL": "C",
               "SRCDIR": os.path.abspath(srcdir), "BUILD": os.getcwd()}
        for command, wanted in BLOCK.findall(text):
            done = subprocess.run(["sh", "-euc", command], cwd=work, env=env, capture_output=True, text=True, timeout=300)
            if done.returncode != 0 or (wanted and done.stdout != wanted):
                yield f"{command}exits with {done.returncode} and says\n{done.stdout}{done.stderr}"


def main():
    aslc, srcdir = os.path.abspath(sys.argv[1]), sys.argv[2]
    pages = sorted(glob.glob(os.path.join(srcdir, "*.md")) + glob.glob(os.path.join(srcdir, "doc", "*.md")))
    failed = 0
    for page in pages:
        with open(page, encoding="utf-8") as f:
            text = f.read()
        wrong = [*links(srcdir, page, text), *copies(srcdir, page, text), *examples(srcdir, page, text, aslc)]
        if os.path.basename(page) == "README.md":
            wrong += picture(srcdir, aslc)
        failed += bool(wrong)
        for words in wrong:
            print(f"FAIL {os.path.relpath(page, srcdir)}: {words}")
    print(f"docs: {len(pages) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed != 0 or not pages)


main()
