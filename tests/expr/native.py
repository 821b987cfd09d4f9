#!/usr/bin/env python3
"""Expressions as generated C beside the evaluator: the same bytes, or no answer.

Usage: native.py BUILD-FOLDER SOURCE-FOLDER [FILE...]
Without files: random expressions of the kinds that C is generated for, over random inputs, from a
fixed seed (ASLC_SEED), and every expression of the published suite when its data is there.  A FILE has
NDJSON lines as tests/expr/jsonata_runner takes them.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

build, source = (os.path.abspath(p) for p in sys.argv[1:3])
files = sys.argv[3:]
COUNT = int(os.environ.get("ASLC_NATIVE_COUNT", "120"))
INPUTS = 6
PIECE = 400  # expressions in one translation unit
sys.path.insert(0, os.path.join(source, "tests", "expr"))
NAMES = ["a", "b", "c", "d", "e f"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def value(self, depth):
        r = self.r.random()
        if depth == 0 or r < 0.35:
            return self.r.choice([0, 1, 2, -1, 2.5, 10, 100, "", "x", "y", "abc", True, False, None, 0.1])
        if r < 0.6:
            return [self.value(depth - 1) for _ in range(self.r.randrange(4))]
        return {n: self.value(depth - 1) for n in self.r.sample(NAMES, self.r.randrange(1, 5))}

    def input(self):
        return {n: self.value(4) for n in NAMES}

    def name(self):
        n = self.r.choice(NAMES)
        return "`%s`" % n if " " in n else n

    def path(self, depth, head=None):
        steps = [head] if head else []
        for _ in range(self.r.randrange(1, 4)):
            step = self.name()
            r = self.r.random()
            if r < 0.12:
                step += "[%d]" % self.r.choice([0, 0, 1, -1, 2])
            elif r < 0.35 and depth > 0:
                step += "[%s]" % self.condition(depth - 1)
            steps.append(step)
        if self.r.random() < 0.2 and depth > 0:
            steps.append(self.r.choice(["(%s)" % self.any(depth - 1), self.object(depth - 1)]))
        return ".".join(steps)

    def variable(self):
        return self.r.choice(["$v", "$w", "$"])

    def condition(self, depth):
        r = self.r.random()
        if depth > 0 and r < 0.2:
            return "%s %s %s" % (self.condition(depth - 1), self.r.choice(["and", "or"]), self.condition(depth - 1))
        if r < 0.3:
            return self.path(0)
        if r < 0.38:
            return "$%s(%s)" % (self.r.choice(["not", "exists"]), self.path(0))
        if r < 0.46:
            return '%s in ["x", "abc"]' % self.path(0)
        return "%s %s %s" % (self.scalar(depth), self.r.choice(["=", "!=", "<", "<=", ">", ">="]), self.scalar(depth))

    def scalar(self, depth):
        r = self.r.random()
        if r < 0.3:
            return self.r.choice(["1", "0", "2.5", "10", '"x"', '"abc"', "true", "null"])
        if depth > 0 and r < 0.5:
            return "(%s %s %s)" % (self.scalar(depth - 1), self.r.choice("+-*/&"), self.scalar(depth - 1))
        return self.path(0)

    def object(self, depth):
        return "{%s}" % ", ".join('"k%d": %s' % (i, self.any(depth)) for i in range(self.r.randrange(0, 3)))

    def lambda_of(self, depth):
        body = self.r.choice([self.path(0, "$p"), "$p.%s > 1" % self.name(), "$p.%s + 1" % self.name(),
                              '{"q": $p.%s}' % self.name(), "$p", self.any(max(0, depth - 1))])
        return self.r.choice(["function($p){%s}", "function($p, $i){%s}", "function($p, $i){$i > 0 and (%s)}"]) % body

    def any(self, depth):
        r = self.r.random()
        if depth <= 0 or r < 0.3:
            return self.path(depth)
        if r < 0.4:
            return self.condition(depth)
        if r < 0.5:
            return self.scalar(depth)
        if r < 0.57:
            return self.object(depth - 1)
        if r < 0.64:
            return "[%s]" % ", ".join(self.any(depth - 1) for _ in range(self.r.randrange(0, 4)))
        if r < 0.7:
            return "(%s ? %s : %s)" % (self.condition(depth - 1), self.any(depth - 1), self.any(depth - 1))
        if r < 0.78:
            return "$%s(%s)" % (self.r.choice(["sum", "count", "exists", "not"]), self.any(depth - 1))
        if r < 0.9:
            return "$%s(%s, %s)" % (self.r.choice(["map", "filter"]), self.any(depth - 1), self.lambda_of(depth))
        if r < 0.95:
            return "$reduce(%s, function($p, $q){%s})" % (
                self.any(depth - 1), self.r.choice(["$p + $q", "$p & $q", "$p.a + $q.a", '{"r": $p, "s": $q.a}']))
        return self.path(depth, self.variable())


def random_requests():
    maker = Maker(int(os.environ.get("ASLC_SEED", "1")))
    for _ in range(COUNT):
        expr = maker.any(3)
        for _ in range(INPUTS):
            yield {"expr": expr, "input": maker.input(), "bindings": {"v": maker.value(3), "w": maker.input()}}


def suite_requests():
    import conformance
    root = os.environ.get("ASLC_CONFORMANCE") or os.path.join(source, "..", "shared", "conformance")
    root = os.path.join(root, "jsonata")
    if not os.path.isdir(root):
        return
    datasets = {}
    for case in conformance.cases_of(root, set()):
        yield conformance.request_of(root, case[3], False, datasets)


def run(work, number, requests):
    """Generates, compiles and runs one piece; gives the numbers of functions and of answers."""
    lines = "".join(json.dumps(r) + "\n" for r in requests).encode()
    path = os.path.join(work, "native_%d" % number)
    made = subprocess.run([os.path.join(build, "tests/expr/native_generate")], input=lines, stdout=subprocess.PIPE, check=True)
    with open(path + ".c", "wb") as f:
        f.write(made.stdout)
    flags = os.environ.get("SAN_CFLAGS", "").split()
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Werror", *flags,
                    "-I" + os.path.join(source, "include"), "-I" + source, "-o", path, path + ".c",
                    os.path.join(source, "tests/expr/native_compare.c"),
                    *(os.path.join(build, ".libs", "lib%s.a" % n) for n in ("engine", "store", "ddb", "expr", "catalog", "base")),
                    "-lpcre2-16", "-lpcre2-8", "-lm"], check=True)
    done = subprocess.run([path], input=lines, stdout=subprocess.PIPE, check=False)
    text = done.stdout.decode(errors="replace").splitlines()
    if done.returncode != 0:
        print("\n".join(text[:40]))
        sys.exit("%s: exit code %d" % (path, done.returncode))
    words = text[-1].split()
    return int(words[0]), int(words[2])


def main():
    requests = []
    for name in files:
        with open(name, encoding="utf-8") as f:
            requests += [json.loads(line) for line in f]
    if not files:
        requests = list(suite_requests())
        requests += random_requests()
    functions = answers = 0
    with tempfile.TemporaryDirectory() as work:
        for i in range(0, len(requests), PIECE):  # requests of the same expression stand together
            f, a = run(work, i // PIECE, requests[i:i + PIECE])
            functions += f
            answers += a
    print("%d requests, %d with a function, %d answered by it: the evaluator's bytes" % (len(requests), functions, answers))
    if not files and answers < COUNT:
        sys.exit("too few answers")


main()
