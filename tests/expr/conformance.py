#!/usr/bin/env python3
"""Runs the JSONata suite (ASLC_CONFORMANCE/jsonata) on the engine and counts, group by group.

Usage: conformance.py RUNNER [-v] [--group NAME] [--traps FILE]
RUNNER is the program jsonata_runner.  Every case runs in the mode of 2.0.6; the cases that
delta-2.0.6.json lists run in the mode of 2.2, whose results the suite has.  function-eval is run
too, but not counted: the service has no $eval.
"""
import json
import math
import os
import subprocess
import sys


def cases_of(root, delta):
    groups = os.path.join(root, "groups")
    for group in sorted(os.listdir(groups)):
        folder = os.path.join(groups, group)
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".json"):
                continue
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                content = json.load(f)
            for i, case in enumerate(content if isinstance(content, list) else [content]):
                if "expr-file" in case:
                    with open(os.path.join(folder, case["expr-file"]), encoding="utf-8") as f:
                        case["expr"] = f.read()
                yield group, name, i, case, (group, name, i) in delta


def request_of(root, case, newer, datasets):
    request = {"expr": case["expr"], "bindings": case.get("bindings", {}),
               "now": 1700000000000}
    if "dataset" in case:
        if case["dataset"] is not None:
            path = os.path.join(root, "datasets", case["dataset"] + ".json")
            if path not in datasets:
                with open(path, encoding="utf-8") as f:
                    datasets[path] = json.load(f)
            request["input"] = datasets[path]
    elif "data" in case:
        request["input"] = case["data"]
    if "timelimit" in case:
        request["timeLimitMs"] = case["timelimit"]
    if "depth" in case:
        request["maxDepth"] = case["depth"]
    if newer:
        request["version"] = "2.2"
    return request


def same(a, b, unordered=False):
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or math.isclose(a, b, rel_tol=0, abs_tol=0)
    if isinstance(a, list) and isinstance(b, list):
        if unordered:
            a, b = sorted(a, key=json.dumps), sorted(b, key=json.dumps)
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and a == b


def passes(case, reply):
    if "error" in case or "code" in case:
        want = case.get("error", case)
        got = reply.get("error")
        if got is None or got.get("code", "") != want.get("code", ""):
            return False
        if "token" in want and got.get("token") != want["token"]:
            return False
        return "message" not in want or got.get("message") == want["message"]
    if case.get("undefinedResult"):
        return "undefined" in reply
    return "result" in reply and same(case["result"], reply["result"], case.get("unordered"))


def ask(runner, requests):
    lines = "".join(json.dumps(r) + "\n" for r in requests)
    done = subprocess.run([runner], input=lines.encode(), stdout=subprocess.PIPE, check=False)
    replies = [json.loads(line) for line in done.stdout.decode().splitlines()]
    if len(replies) != len(requests):
        bad = requests[len(replies)]["expr"] if len(replies) < len(requests) else ""
        print("the runner ended with %d after %d of %d: %s" %
              (done.returncode, len(replies), len(requests), bad))
        replies += [{}] * (len(requests) - len(replies))
    return replies


def run_traps(runner, path):
    with open(path, encoding="utf-8") as f:
        traps = json.load(f)
    failed = 0
    for version in ("2.0.6", "2.2.2"):
        replies = ask(runner, [{"expr": t["expr"], "now": 1700000000000,
                                **({"version": "2.2"} if version == "2.2.2" else {})}
                               for t in traps])
        for trap, reply in zip(traps, replies):
            want = trap[version]
            if want.startswith("ERR "):
                code = want[4:]
                error = reply.get("error", {})
                good = code in (error.get("code"), error.get("message"))
            elif want == "(undefined)":
                good = "undefined" in reply
            elif want == "(function)" or "_jsonata_function" in want:
                # jsonata-js shows its own object there; a function it is
                good = "function" in reply or reply.get("result") == {}
            else:
                good = "result" in reply and same(json.loads(want), reply["result"])
            if not good:
                failed += 1
                print("trap (%s): %s\n  want %s\n  got  %s" %
                      (version, trap["expr"], want, json.dumps(reply)))
    print("conformance/jsonata-traps: %d passed, %d failed, 0 skipped" %
          (2 * len(traps) - failed, failed))
    return failed


def main():
    args = sys.argv[1:]
    runner = args.pop(0)
    if "--traps" in args:
        sys.exit(1 if run_traps(runner, args[args.index("--traps") + 1]) else 0)
    root = os.environ.get("ASLC_CONFORMANCE") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "conformance")
    root = os.path.join(root, "jsonata")
    if not os.path.isdir(root):
        print("SKIP: no conformance data (set ASLC_CONFORMANCE)")
        sys.exit(77)
    with open(os.path.join(root, "delta-2.0.6.json"), encoding="utf-8") as f:
        delta = {(d["g"], d["f"], d["i"]) for d in json.load(f)}
    only = args[args.index("--group") + 1] if "--group" in args else None
    datasets, cases = {}, [c for c in cases_of(root, delta) if only in (None, c[0])]
    replies = ask(runner, [request_of(root, c[3], c[4], datasets) for c in cases])
    counts, extra = {}, [0, 0]
    for (group, name, i, case, _), reply in zip(cases, replies):
        good = passes(case, reply)
        if group == "function-eval":
            extra[not good] += 1
        else:
            counts.setdefault(group, [0, 0])[not good] += 1
        if not good and ("-v" in args or group != "function-eval"):
            want = {k: case[k] for k in ("result", "undefinedResult", "code", "token", "error")
                    if k in case}
            print("FAIL %s/%s[%d]: %s\n  want %s\n  got  %s" %
                  (group, name, i, case["expr"][:300], json.dumps(want)[:300],
                   json.dumps(reply)[:300]))
    for group, (good, bad) in counts.items():
        print("%-32s %4d passed %4d failed" % (group, good, bad))
    print("%-32s %4d passed %4d failed (not counted)" % ("function-eval", *extra))
    good, bad = (sum(c[k] for c in counts.values()) for k in (0, 1))
    print("conformance/jsonata: %d passed, %d failed, %d skipped" % (good, bad, sum(extra)))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
