#!/usr/bin/env python3
"""engine.py BUILD-FOLDER SOURCE-FOLDER: how fast machines run here, beside npm's aws-local-stepfunctions.

    (a)  Pass, Choice, Pass, Pass, Pass       in executions a second
    (b)  Map of 1,000 items with one Pass     in items a second
    (c)  Task with Retry, the first try fails in executions a second

An execution is: input text parsed, run, output text written, in process and in one thread.  The table engine and
generated C (bench/bench_engine.c), each with the history off and on, a program that does (a) by hand with the
library's reader and writer, and the peer (bench/peers/engine.mjs, on npm's node@22).  Rates are per second of
processor time, medians of rounds in which all take turns, so that a busy machine matters little.
Writes bench/RESULTS-engine.md with the date and the machine; prints the same.
"""
import collections
import datetime
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys

build, source = (os.path.abspath(p) for p in sys.argv[1:3])
ROUNDS = int(os.environ.get("ASLC_BENCH_ROUNDS", "3"))
PROGRAM = [os.path.join(build, "bench", "bench_engine"), os.path.join(source, "bench", "engine_machines.ndjson")]
NAMES = {"bench_choice": "(a) Pass, Choice, Pass, Pass, Pass: executions", "bench_map": "(b) Map of 1,000 × Pass: items",
         "bench_map_output": "(b) with an Output in each Pass: items", "bench_retry": "(c) Task with payload and Output, Retry, first try fails: executions",
         "bench_retry_bare": "(c) the same without payload and Output: executions"}


def peer_folder():
    """The folder with the peer, or None with the reason printed."""
    folder = os.path.join(build, "bench-work", "npm")
    node = os.path.join(folder, "node_modules", "node", "bin", "node")
    if not os.path.exists(node) or not os.path.exists(os.path.join(folder, "node_modules", "aws-local-stepfunctions")):
        os.makedirs(folder, exist_ok=True)
        try:
            subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "node@22",
                            "aws-local-stepfunctions@3.0.0"], cwd=folder, check=True)
        except (OSError, subprocess.CalledProcessError):
            print("SKIP: npm does not get the peer; only our own figures follow")
            return None
    shutil.copy(os.path.join(source, "bench", "peers", "engine.mjs"), folder)
    return folder


def measure(folder):
    """{(machine, form, history): [units a second, one a round]}"""
    rates = collections.defaultdict(list)
    for _ in range(ROUNDS):
        for line in subprocess.run(PROGRAM, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
            machine, form, history, rate = line.split()
            rates[machine, form, history].append(float(rate))
        if folder:
            node = os.path.join(folder, "node_modules", "node", "bin", "node")
            said = subprocess.run([node, "engine.mjs"], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
            for machine, rate in json.loads(said).items():
                rates[machine, "peer", "off"].append(float(rate))
    return {key: statistics.median(all_of_them) for key, all_of_them in rates.items()}


def memory(count):
    held, peak = subprocess.run(PROGRAM + ["memory", str(count)], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return "%s bytes held, %s KiB at most" % (format(int(held), ","), format(int(peak), ","))


def processor():
    with open("/proc/cpuinfo") as f:
        found = re.search(r"model name\s*: (.*)", f.read())
    return found[1] if found else platform.machine()


def table(rates):
    columns = [("table", "off"), ("table", "on"), ("generated", "off"), ("generated", "on"), ("hand", "off"), ("peer", "off")]
    yield "| a second | table | table, history | generated C | generated C, history | by hand | peer | generated / peer |"
    yield "|---|---|---|---|---|---|---|---|"
    for machine, words in NAMES.items():
        cells = [format(round(rates[machine, *c]), ",") if (machine, *c) in rates else "-" for c in columns]
        peer = rates.get((machine, "peer", "off"))
        ratio = "%.0f×" % (rates[machine, "generated", "off"] / peer) if peer else "-"
        yield "| %s | %s | %s |" % (words, " | ".join(cells), ratio)


def goals(rates):
    """The project's goals, each with what was met."""
    generated = {m: rates[m, "generated", "off"] for m in NAMES}
    limit = rates["bench_choice", "hand", "off"] / generated["bench_choice"]
    yield "(a) ≥ 1,000,000 a second generated", generated["bench_choice"] >= 1e6, format(round(generated["bench_choice"]), ",")
    yield "(a) within 5 times of the program by hand", limit <= 5, "%.1f times" % limit
    yield "(b) ≥ 5,000,000 items a second", generated["bench_map"] >= 5e6, format(round(generated["bench_map"]), ",")
    for machine, words in (("bench_retry", ""), ("bench_retry_bare", ", without payload and Output")):
        peer = rates.get((machine, "peer", "off"))
        if peer:
            ratio = generated[machine] / peer
            yield "(c) ≥ 50 times the peer" + words, ratio >= 50, "%.0f times" % ratio


def main():
    folder = peer_folder()
    rates = measure(folder)
    lines = ["# The engine's last figures", "",
             "Written by `make bench-engine`: units a second of processor time, medians of %d rounds. An execution is: input" % ROUNDS,
             "text parsed, run, output text written, in process, in one thread.", "",
             "%s, %s, %d cores, Linux %s; load of the machine at the end %.1f" %
             (datetime.date.today(), processor(), os.cpu_count(), platform.release(), os.getloadavg()[0]), "",
             *table(rates), "", "Memory of (a), generated: after 1 execution %s;" % memory(1),
             "after 1,000,000 %s." % memory(1000000), "", "| goal | met | figure |", "|---|---|---|"]
    lines += ["| %s | %s | %s |" % (words, "yes" if met else "no", figure) for words, met, figure in goals(rates)]
    lines += ["", "Peer: aws-local-stepfunctions 3.0.0 on node 22, the same machines in JSONPath." if folder else "The peer was not there."]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    with open(os.path.join(source, "bench", "RESULTS-engine.md"), "w", encoding="utf-8") as f:
        f.write(text)


main()
