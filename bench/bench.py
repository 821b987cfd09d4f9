#!/usr/bin/env python3
"""bench.py BUILD-FOLDER SOURCE-FOLDER: the figures that the project promises, side by side with its peers.

    cycle     create, get, update, delete of samples/vehicles.crud as a generated native program, against the
              same steps on npm's aws-local-stepfunctions (on npm's node@22)
    check     `aslc check` over the conformance machines in one process, against npm's asl-validator
    start     `aslc --version`, wall time
    memory    of the native program after few and after many executions

Times are processor time, medians of rounds that take turns, so that a busy machine does not matter much.
Writes bench/RESULTS.md with the date and the machine; prints the same.
"""
import datetime
import glob
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
import uuid

build, source = (os.path.abspath(p) for p in sys.argv[1:3])
ROUNDS = int(os.environ.get("ASLC_BENCH_ROUNDS", "5"))
CYCLES = 5000
work = os.path.join(build, "bench-work")
aslc = os.path.join(build, "aslc")
rows = []


def row(what, ours, peer, ratio, goal):
    rows.append((what, ours, peer, ratio, goal))
    print(" | ".join(rows[-1]), flush=True)


def cpu_of(command, **more):
    """Processor time of a command, in seconds, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, check=more.pop("check", True), capture_output=True, text=True, **more).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output


def npm():
    """The folder with the peers, or None with the reason printed."""
    folder = os.path.join(work, "npm")
    node = os.path.join(folder, "node_modules", "node", "bin", "node")
    if not os.path.exists(node):
        os.makedirs(folder, exist_ok=True)
        try:
            subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "node@22",
                            "aws-local-stepfunctions@3.0.0", "asl-validator@4.0.0"], cwd=folder, check=True)
        except (OSError, subprocess.CalledProcessError):
            print("SKIP: npm does not get the peers; only our own figures follow")
            return None
    for script in glob.glob(os.path.join(source, "bench", "peers", "*.mjs")):
        with open(script) as f, open(os.path.join(folder, os.path.basename(script)), "w") as g:
            g.write(f.read())
    return folder


def native():
    out = os.path.join(work, "native")
    subprocess.run([aslc, "build", os.path.join(source, "samples", "vehicles.crud"), "-o", out, "--emit", "native"], check=True)
    program = os.path.join(work, "vehicles")
    libs = os.path.join(build, ".libs")
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-std=c11", "-I" + os.path.join(source, "include"), "-o", program,
                    os.path.join(out, "vehicles.c"), os.path.join(out, "vehicles_main.c"), "-L" + libs, "-laslrt", "-lpcre2-8",
                    "-lm", "-Wl,-rpath," + libs], check=True)
    return program


def requests(path, cycles):
    with open(path, "w") as f:
        for i in range(cycles):
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, str(i)))
            body = {"id": key, "make": "MINI", "model": "Countryman", "year": 2015, "trim": "JCW All Four"}
            for op, where, sent in (("create", {}, body), ("get", {"id": key}, None), ("update", {"id": key}, {"year": 2016}),
                                    ("delete", {"id": key}, None)):
                f.write(json.dumps({"op": op + "Vehicle", "path": where, "query": {}, "headers": {"if-match": None}, "body": sent,
                                    "caller": {}, "requestId": "r"}, separators=(",", ":")) + "\n")


def bench_cycle(peers):
    program, lines = native(), os.path.join(work, "requests")
    requests(lines, CYCLES)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        with open(lines) as f:
            seconds, output = cpu_of([program, "--batch"], stdin=f)
        good = sum(f'"statusCode":{s}' in line for line, s in zip(output.splitlines(), (201, 200, 200, 204) * CYCLES))
        if good != 4 * CYCLES:
            sys.exit(f"the native program answered {good} of {4 * CYCLES} requests as it should")
        ours.append(4 * CYCLES / seconds)
        if peers:
            node = os.path.join(peers, "node_modules", "node", "bin", "node")
            theirs.append(json.loads(cpu_of([node, "cycle.mjs", "500", "1"], cwd=peers)[1])["executions_per_second"])
    mine = statistics.median(ours)
    peer = statistics.median(theirs) if theirs else None
    row("create, get, update, delete: executions a second", f"{mine:,.0f}", f"{peer:,.0f}" if peer else "-",
        f"{mine / peer:.0f}×" if peer else "-", "≥ 20×")
    memory(program)


def memory(program):
    sizes = []
    for cycles in (1, 250000):
        lines = os.path.join(work, "many")
        requests(lines, cycles)
        with open(lines) as f:
            report = subprocess.run(["/usr/bin/env", "python3", "-c",
                                     "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,check=True);"
                                     "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)", program, "--batch"],
                                    stdin=f, capture_output=True, text=True, check=True).stdout
        sizes.append(int(report))
        os.remove(lines)
    row("memory of the native program after 4 and 1,000,000 executions", f"{sizes[0]:,} and {sizes[1]:,} KiB", "-", "-", "flat")


def bench_check(peers):
    folder = os.environ.get("ASLC_CONFORMANCE", os.path.join(source, "..", "shared", "conformance"))
    files = sorted(glob.glob(os.path.join(folder, "asl", "*.json")))
    if not files:
        print("SKIP: there is no conformance data here (ASLC_CONFORMANCE)")
        return
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(cpu_of([aslc, "check", "--format", "json"] + files, check=False)[0] / len(files))
        if peers:
            node = os.path.join(peers, "node_modules", "node", "bin", "node")
            reply = json.loads(cpu_of([node, "validate.mjs", "1"] + files, cwd=peers)[1])
            theirs += [s / reply["files"] for s in reply["seconds"]]
    mine = statistics.median(ours)
    peer = statistics.median(theirs) if theirs else None
    row(f"check of {len(files)} published machines: a file", f"{mine * 1e6:,.0f} µs", f"{peer * 1e3:,.1f} ms" if peer else "-",
        f"{peer / mine:.0f}×" if peer else "-", "≥ 200×")


def bench_start():
    times = []
    for _ in range(200):
        start = time.perf_counter()
        subprocess.run([aslc, "--version"], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    row("start of aslc --version, starting it included", f"{statistics.median(times) * 1e3:.1f} ms", "-", "-", "< 5 ms")


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}"


def other_sections(path):
    """What other tools have written behind our table."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    return "\n" + text[text.index("<!-- "):] if "<!-- " in text else ""


def main():
    os.makedirs(work, exist_ok=True)
    peers = npm()
    bench_cycle(peers)
    bench_check(peers)
    bench_start()
    results = os.path.join(source, "bench", "RESULTS.md")
    others = other_sections(results)
    with open(results, "w", encoding="utf-8") as f:
        f.write("# The last figures\n\nWritten by `make bench`; medians of "
                f"{ROUNDS} rounds, processor time unless said.\n\n{datetime.date.today()}, {machine()}\n\n"
                "| what | aslc | peer | ratio | goal |\n|---|---|---|---|---|\n")
        for r in rows:
            f.write("| " + " | ".join(r) + " |\n")
        f.write("\nPeers: aws-local-stepfunctions 3.0.0 on node 22, asl-validator 4.0.0.\n" + others)


main()
