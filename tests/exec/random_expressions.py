"""Machines of random expressions: what the two forms of the engine must agree on.

cases(n, seed) gives {name: case} as tests/exec/run.py knows them.  Each machine evaluates a row of
expressions, one a state, each in a Parallel of its own whose catcher keeps the error; its output is what
every expression gave.  The expressions are of the kinds that the native form computes in straight lines,
and a little beyond, over values of all kinds.
"""
import random

NAMES = ["a", "b", "list", "s", "n", "t", "z", "o"]
TEXTS = ["", "a", "text", "1", "true", "\u00e9\u4e2d", "x'y\"", "a\\b", "0"]


def value(r, depth=0):
    kind = r.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return r.choice([0, 1, -1, 5, 42, 999999999999999, 1000000000000000, -7])
    if kind == 1:
        return r.choice([0.5, -2.25, 1e21, 1e-7, 3.0, 1e300])
    if kind in (2, 3):
        return r.choice(TEXTS)
    if kind == 4:
        return r.choice([True, False])
    if kind == 5:
        return None
    if kind == 6:
        return [value(r, depth + 1) for _ in range(r.randrange(4))]
    return {r.choice(NAMES): value(r, depth + 1) for _ in range(r.randrange(5))}


def literal(r):
    return r.choice(["1", "0", "2.5", "100", "'a'", "''", "'text'", "true", "false", "null", "'1'"])


def path(r):
    root = r.choice(["$states.input", "$v", "$w", "$states.input"])
    return root + "".join("." + r.choice(NAMES) for _ in range(r.randrange(4)))


def expression(r, depth=0):
    kind = r.randrange(14) if depth < 4 else r.randrange(2)
    sub = lambda: expression(r, depth + 1)
    if kind == 0:
        return literal(r)
    if kind in (1, 2):
        return path(r)
    if kind == 3:
        return "(%s %s %s)" % (sub(), r.choice(["=", "!="]), sub())
    if kind == 4:
        return "(%s %s %s)" % (sub(), r.choice(["<", "<=", ">", ">="]), sub())
    if kind == 5:
        return "(%s %s %s)" % (sub(), r.choice(["and", "or"]), sub())
    if kind == 6:
        return "(%s %s %s)" % (sub(), r.choice(["+", "-", "*", "/"]), sub())
    if kind == 7:
        return "(%s & %s & %s)" % (sub(), sub(), sub())
    if kind == 8:
        return "(%s ? %s : %s)" % (sub(), sub(), sub())
    if kind == 9:
        return "(%s ? %s)" % (sub(), sub())
    if kind == 10:
        return "%s(%s)" % (r.choice(["$exists", "$not"]), sub())
    if kind == 11:
        keys = r.sample(NAMES, r.randrange(4))
        return "{%s}" % ", ".join("'%s': %s" % (k, sub()) for k in keys)
    if kind == 12:
        return "[%s]" % ", ".join(sub() for _ in range(r.randrange(4)))
    return "(%s in ['a', 'text', '1'])" % sub()


def machine(r, count):
    states = {"Start": {"Type": "Pass", "Next": "E0",
                        "Assign": {"v": "{% $states.input.v %}", "w": value(r)}}}
    for i in range(count):
        states["E%d" % i] = {
            "Type": "Parallel",
            "Branches": [{"StartAt": "P%d" % i, "States": {"P%d" % i: {
                "Type": "Pass", "Output": "{%% %s %%}" % expression(r), "End": True}}}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"r%d" % i: "{% $states.errorOutput %}"},
                       "Output": "{% $states.input %}", "Next": "E%d" % (i + 1)}],
            "Assign": {"r%d" % i: "{% $states.result %}"}, "Output": "{% $states.input %}",
            "Next": "E%d" % (i + 1)}
    states["E%d" % count] = {"Type": "Succeed",
                             "Output": ["{%% $r%d %%}" % i for i in range(count)]}
    return {"QueryLanguage": "JSONata", "StartAt": "Start", "States": states}


def cases(count, seed):
    out = {}
    for i in range(count):
        r = random.Random(seed * 1000003 + i)
        runs = []
        for _ in range(12):
            one = value(r)
            runs.append({"input": dict(one, v=value(r)) if isinstance(one, dict) else {"v": one},
                         "history": False})
        out["random_%d_%d" % (seed, i)] = {"definition": machine(r, 25), "runs": runs}
    return out
