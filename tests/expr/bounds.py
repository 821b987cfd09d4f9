#!/usr/bin/env python3
"""What no expression may do: run for ever, or take the memory or the stack of the process.

Usage: bounds.py RUNNER.  Each row has an expression, a dialect and the error that it must end with
(a code, and a piece of the message); every one has to end within the seconds below, however slow the
build is, and the process has to live on.
"""
import json
import subprocess
import sys
import time

SECONDS = 60
DEEP = "nested too deeply"
LONG = "too many operators in a row"
MEMORY = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
STACK = "Stack overflow error"
TIME = "timeout"
N = 100000

BOTH = [
    ("(" * N + "1" + ")" * N, "U1001", DEEP),
    ("[" * N + "]" * N, "U1001", DEEP),
    ("[" * N, "U1001", DEEP),
    ("-" * N + "1", "U1001", DEEP),
    ('{"a":' * N + "1" + "}" * N, "U1001", DEEP),
    ("$f(" * N, "U1001", DEEP),
    ("function($x){" * N, "U1001", DEEP),
    ("true?" * N, "U1001", DEEP),
    ("a." * N + "a", "U1001", LONG),
    ("1+" * N + "1", "U1001", LONG),
    ("1" + "[0]" * N, "U1001", LONG),
    ("a~>$b" * N, "U1001", LONG),
    ("/" + "(" * N + ")" * N + "/", "", "Regular expression"),
    ("[1..10000001]", "D2014", "must not exceed"),
    ("($f := function($x){1 + $f($x)}; $f(1))", "U1001", STACK),
    ("$match($pad('', 40, 'a') & 'b', /(a+)+$/)", "U1001", TIME),
    ("$contains($pad('', 40, 'a') & 'b', /^(a|a)*$/)", "U1001", TIME),
    ("$replace($pad('', 60, 'a') & 'b', /(?:a+a+)+[cd]/, '')", "U1001", TIME),
    ("($f := function($s, $n){$n = 0 ? $s : $f($s & $s, $n - 1)}; $f('a', 100))", None, ""),
]
SERVICE = [
    ("[1..10000000]", "U1001", MEMORY),
    ("$count([1..873783])", "U1001", MEMORY),
    ("$count([1..873782])", "none", ""),
    ("($p := function($s, $n){$n = 0 ? $s : $p($s & $s, $n - 1)}; $length($p('x', 23)))", "U1001", MEMORY),
    ("($p := function($s, $n){$n = 0 ? $s : $p($s & $s, $n - 1)}; $length($p('x', 22)))", "none", ""),
    ("[[1..873782], [1..873782], [1..873782]]", "U1001", MEMORY),
    ("($f := function($x){$f($x)}; $f(1))", "U1001", ""),
    ("$pad('', 100000000)", "U1001", MEMORY),
    ("$pad('x', -100000000, 'yz')", "U1001", MEMORY),
    ("$split($pad('', 8000000, 'a'), '')", "U1001", MEMORY),
    ("$map([1..10000000], function($x){$x})", "U1001", MEMORY),
    ("$string([1..9999999])", "U1001", MEMORY),
    ("$sort([1..800000], function($a, $b){$a < $b})", "U1001", ""),
]


def main():
    runner = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    failed = passed = 0

    def check(request, code, piece, name):
        nonlocal failed, passed
        start = time.monotonic()
        runner.stdin.write(json.dumps(request).encode() + b"\n")
        runner.stdin.flush()
        line = runner.stdout.readline()
        if not line:
            print("FAIL %s: the process ended with %s" % (name, runner.wait()))
            sys.exit(1)
        error = json.loads(line).get("error", {"code": "none", "message": line[:80].decode()})
        good = (code is None or error["code"] == code) and piece in error.get("message", "")
        if good and time.monotonic() - start < SECONDS:
            passed += 1
        else:
            failed += 1
            print("FAIL %s: %.1f s, %s" % (name, time.monotonic() - start, json.dumps(error)[:200]))

    for expr, code, piece in BOTH:
        for dialect in ("plain", "asl"):
            check({"expr": expr, "dialect": dialect, "timeLimitMs": 30000}, code, piece,
                  "%s (%s)" % (expr[:50], dialect))
    for expr, code, piece in SERVICE:
        check({"expr": expr, "dialect": "asl"}, code, piece, expr[:50])
    huge = "a" * 100000000  # as an input it is borrowed; only what is made of it counts
    for expr, code in (("$length($states.input)", None), ("$states.input & 'x'", "U1001"),
                       ("$uppercase($states.input)", "U1001"),
                       ("$match($states.input, /a+/)", "U1001"),
                       ("$split($states.input, 'a')", "U1001")):
        check({"expr": expr, "dialect": "asl", "bindings": {"states": {"input": huge}}}, code, "",
              "100 MB: " + expr)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)


main()
