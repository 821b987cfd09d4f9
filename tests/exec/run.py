#!/usr/bin/env python3
"""Runs the machines of tests/exec/cases in both forms, and compares.

usage: run.py [--native] [--cc COMPILER] [--random N [--seed S]] [CASE...]

A case is cases/NAME.json: {"definition": ASL, "type"?, "runs": [requests without definition]}; beside it
stands cases/NAME.out, one reply a line, as the table engine gave it (ASLC_BLESS=1 writes it).  With
--native the machines are also generated as C, compiled into one program with the flags of a strict
project, and must give the same bytes, event for event.
"""
import argparse
import glob
import json
import os
import random_expressions
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
BUILD = os.environ.get("builddir", ".")
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1"]


def c_name(path):
    """The machine's name in C."""
    return "case_" + re.sub(r"\W", "_", os.path.splitext(os.path.basename(path))[0])


def children_of(name, case):
    """The machines that runs of a case start, by the names that they have in C."""
    found = {}
    for i, run in enumerate(case["runs"]):
        for key, child in run.get("machines", {}).items():
            if "definition" in child:
                child["machine"] = "%s_%d_%s" % (name, i, re.sub(r"\W", "_", key))
                found[child["machine"]] = {"definition": child["definition"], "runs": []}
    return found


def requests_of(name, case, first):
    """The run requests of a case, with ids counted from `first`."""
    out = []
    for i, run in enumerate(case["runs"]):
        request = {"id": first + i, "op": "run", "machine": name, "definition": case["definition"],
                   "history": True}
        if "type" in case:
            request["type"] = case["type"]
        request.update(run)
        out.append(request)
    return out


def talk(program, requests):
    text = "".join(json.dumps(r) + "\n" for r in requests)
    done = subprocess.run(program, input=text.encode(), stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit("%s ended with %d" % (program[0], done.returncode))
    return done.stdout.decode().splitlines()


def tool(name):
    return os.path.join(BUILD, "tests", "exec", name)


def libtool_link(cc, sources, output, flags):
    """Compiles and links with the library as it stands in the build folder."""
    libraries = ["libengine.la", "libstore.la", "libddb.la", "libexpr.la", "libcatalog.la",
                 "libbase.la"]
    command = [os.path.join(BUILD, "libtool"), "--silent", "--tag=CC", "--mode=link"] + cc.split()
    command += flags + ["-I" + TOP, "-I" + os.path.join(TOP, "include"), "-D_GNU_SOURCE"]
    command += ["-o", output] + sources + [os.path.join(BUILD, l) for l in libraries] + ["-lm"]
    subprocess.run(command, check=True)


def build_native(cc, folder, cases, flags=FLAGS):
    """Generates, compiles and links all machines; gives the program and the names left out."""
    lines = "".join(json.dumps({"name": n, "definition": c["definition"], "type": c.get("type")}) +
                    "\n" for n, c in cases.items())
    left_out = subprocess.run([tool("generate"), folder], input=lines.encode(), check=True,
                              stdout=subprocess.PIPE).stdout.decode().split()
    names = [n for n in cases if n not in left_out]
    program = compile_native(cc, folder, names, 1)
    return program, left_out


def compile_native(cc, folder, names, together):
    """Compiles the generated machines, so many in a translation unit, and links the test bench."""
    with open(os.path.join(folder, "machines.c"), "w") as f:
        f.write("#include <aslc/runtime.h>\n")
        f.writelines('#include "%s.h"\n' % n for n in names)
        f.write("struct named_machine { const char *name; const struct aslrt_machine *machine; };\n"
                "extern const struct named_machine generated_machines[];\n"
                "const struct named_machine generated_machines[] = {\n")
        f.writelines('    {"%s", &%s_machine},\n' % (n, n) for n in names)
        f.write("    {0, 0},\n};\n")
    objects = []
    sources = [n + ".c" for n in names]
    if together > 1:
        sources = []
        for i in range(0, len(names), together):
            sources.append("unit%d.c" % i)
            with open(os.path.join(folder, sources[-1]), "w") as f:
                f.writelines('#include "%s.c"\n' % n for n in names[i:i + together])
    running = []
    for source in [os.path.join(folder, s) for s in sources + ["machines.c"]]:
        objects.append(source[:-2] + ".o")
        command = cc.split() + FLAGS + ["-I" + os.path.join(TOP, "include"), "-I" + folder, "-c",
                                        source, "-o", objects[-1]]
        running.append(subprocess.Popen(command))
        if len(running) == 2 and running.pop(0).wait() != 0:
            sys.exit("%s does not compile" % source)
    if any(r.wait() != 0 for r in running):
        sys.exit("generated C does not compile")
    program = os.path.join(folder, "native")
    extra = os.environ.get("SAN_CFLAGS", "").split()
    libtool_link(cc, [os.path.join(HERE, "native_requests.c")] + objects, program,
                 ["-std=c11", "-O1"] + extra)
    return program


def check_headers(folder):
    """The headers as C++."""
    source = os.path.join(folder, "all.cpp")
    headers = sorted(glob.glob(os.path.join(folder, "*.h")))
    with open(source, "w") as f:
        f.writelines('#include "%s"\n' % os.path.basename(h) for h in headers)
    subprocess.run(["c++", "-std=c++11", "-Wall", "-Wextra", "-Werror",
                    "-I" + os.path.join(TOP, "include"), "-I" + folder, "-fsyntax-only", source],
                   check=True)


def golden(reply):
    """A reply as text to read: the outcome on a line, each event on one of its own."""
    events = reply.pop("events", [])
    reply.pop("id")
    lines = [json.dumps(reply, ensure_ascii=False)]
    lines += ["  " + json.dumps(e, ensure_ascii=False) for e in events]
    return "\n".join(lines) + "\n"


def first_difference(a, b):
    for i, (x, y) in enumerate(zip(a, b)):
        if x != y:
            start = max(0, i - 150)
            return "...%s\n  but\n...%s" % (a[start:i + 200], b[start:i + 200])
    return "%s\n  but\n%s" % (a[-200:], b[-200:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--native", action="store_true")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    parser.add_argument("--random", type=int, default=0, help="so many machines of random expressions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("cases", nargs="*")
    args = parser.parse_args()
    paths = args.cases or sorted(glob.glob(os.path.join(HERE, "cases", "*.json")))
    cases = {c_name(p): json.load(open(p)) for p in paths}
    if args.random:
        cases.update(random_expressions.cases(args.random, args.seed))
        paths += ["random.json"] * (len(cases) - len(paths))
    requests, where = [], []
    for (name, case), path in zip(cases.items(), paths):
        requests += requests_of(name, case, len(requests) + 1)
        where += [(name, path[:-5] + ".out")] * len(case["runs"])
    for name, case in cases.items():
        children_of(name, case)
    replies = talk([tool("requests")], requests)
    failed = 0
    if args.native:
        with tempfile.TemporaryDirectory() as folder:
            machines = dict(cases)
            for name, case in cases.items():
                machines.update(children_of(name, case))
            program, left_out = build_native(args.cc, folder, machines)
            check_headers(folder)
            native = talk([program], requests)
        for (name, _), table, other in zip(where, replies, native):
            if name not in left_out and table != other:
                failed += 1
                print("FAIL %s: the table says\n%s" % (name, first_difference(table, other)))
        print("%d runs compared, %d differ" % (len(replies), failed))
        return 1 if failed else 0
    for path in dict.fromkeys(out for _, out in where):
        # ids count over all cases; a golden file must not depend on the others
        mine = [json.loads(r) for (_, out), r in zip(where, replies) if out == path]
        text = "".join(golden(r) for r in mine)
        if os.environ.get("ASLC_BLESS"):
            open(path, "w", encoding="utf-8").write(text)
        elif not os.path.exists(path) or open(path, encoding="utf-8").read() != text:
            failed += 1
            old = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
            print("FAIL %s:\n%s" % (path, first_difference(old, text)))
    print("%d cases, %d runs, %d failed" % (len(cases), len(replies), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
