#!/usr/bin/env python3
"""Random machines that the verifier calls clean: none may get stuck or fail inside, in either form of the engine,
and a catcher that is taken away must be missed by the verifier and by a run.

usage: random_machines.py [--count N] [--seed S] [--native-every K] [--cc COMPILER]

Every machine comes from a number: states in a row, with ways forward only, but for loops that a variable ends;
Choice, Parallel, Map, Wait, Pass with Assign, Tasks with Retry and Catch, in both query languages, nested two
deep.  Machines that `aslc check` has anything to say about are left out.  Of the others
- each runs on three inputs, its tasks mocked, some to fail at first: it must succeed, or fail in one of its own
  Fail states ("Handled"), whatever comes of it in the table form and in generated C must be the same bytes,
  history and all;
- one of its tasks throws "Fault.Injected" until the end: a catcher takes it.  Without that catcher the coverage of
  errors that `aslc check` finds is smaller, and the run fails with that error.
"""
import argparse
import collections
import copy
import json
import os
import random
import subprocess
import sys
import tempfile

import run

ASLC = os.environ.get("ASLC", os.path.join(run.BUILD, "aslc"))
CHUNK = 250  # machines in one process of the verifier, and in one program of generated C
INPUTS = [{"n": 0, "s": "a", "list": [], "flag": False},
          {"n": 7, "s": "text", "list": [1, 2, 3], "flag": True},
          {"n": -12, "s": "", "list": [5, 5, 5, 5, 5, 5, 5, 5], "flag": True}]
FAULT = "Fault.Injected"
TRANSIENT = ["Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.ServiceException",
             "Lambda.TooManyRequestsException"]


class Machine:
    """One random machine, and what is known about it."""

    def __init__(self, number):
        self.r = random.Random(number)
        self.number = number
        self.count = 0         # of names
        self.mocks = {}        # by state, for mockedResponses
        self.open_tasks = []   # tasks whose errors no catcher further out would take
        self.jsonata = self.r.random() < 0.5
        self.definition = self.scope(0, False)
        if self.jsonata:
            self.definition["QueryLanguage"] = "JSONata"

    def name(self, word):
        self.count += 1
        return "%s%d" % (word, self.count)

    def scope(self, depth, guarded):
        """A States block; `guarded`: a catcher around it takes what it lets through."""
        row = [self.r.choice(["Pass", "Choice", "Wait", "Task", "Task", "Assign", "Loop"] +
                             (["Parallel", "Map"] if depth < 2 else []))
               for _ in range(self.r.randrange(2, 6 - depth))]
        names = [self.name(word) for word in row]
        failure = self.name("Failure")
        last = self.name("Last")
        states = {}
        for i, (word, name) in enumerate(zip(row, names)):
            ahead = names[i + 1:] + [last]
            getattr(self, "add_" + word.lower())(states, name, ahead, failure, depth, guarded)
        states[last] = {"Type": "Succeed"} if self.r.random() < 0.5 else {"Type": "Pass", "End": True}
        if any('"%s"' % failure in json.dumps(s) for s in states.values()):
            states[failure] = {"Type": "Fail", "Error": "Handled"}
        return {"StartAt": names[0], "States": states}

    # ---- what differs between the query languages ----

    def keep(self, state, key, jsonata, jsonpath):
        """The state's result, or something of it, beside its input."""
        if self.jsonata:
            state["Output"] = "{%% $merge([$states.input, {'%s': %s}]) %%}" % (key, jsonata)
        else:
            state.update(jsonpath)
            state["ResultPath"] = "$." + key

    def condition(self, depth=0):
        r = self.r
        kind = r.randrange(9 if depth < 2 else 6)
        if self.jsonata:
            leaf = ["$states.input.n > %d" % r.randrange(-20, 20), "$states.input.n <= %d" % r.randrange(-20, 20),
                    "$states.input.s = '%s'" % r.choice(["a", "text", "z"]), "$states.input.flag",
                    "$exists($states.input.none%d)" % r.randrange(9), "$count($states.input.list) > %d" % r.randrange(5)]
            if kind < 6:
                return leaf[kind]
            if kind == 6:
                return "$not(%s)" % self.condition(depth + 1)
            return "(%s %s %s)" % (self.condition(depth + 1), "and" if kind == 7 else "or", self.condition(depth + 1))
        leaf = [{"Variable": "$.n", "NumericGreaterThan": r.randrange(-20, 20)},
                {"Variable": "$.n", "NumericLessThanEquals": r.randrange(-20, 20)},
                {"Variable": "$.s", r.choice(["StringEquals", "StringMatches"]): r.choice(["a", "t*", "z"])},
                {"Variable": "$.flag", "BooleanEquals": r.random() < 0.5},
                {"Variable": "$.none%d" % r.randrange(9), "IsPresent": r.random() < 0.5},
                {"Variable": "$.list[%d]" % r.randrange(5), "IsPresent": True}]
        if kind < 6:
            return leaf[kind]
        if kind == 6:
            return {"Not": self.condition(depth + 1)}
        return {"And" if kind == 7 else "Or": [self.condition(depth + 1), self.condition(depth + 1)]}

    def rule(self, target):
        condition = self.condition()
        return {"Condition": "{% " + condition + " %}", "Next": target} if self.jsonata else \
            dict(condition, Next=target)

    # ---- one function a kind of state ----

    def add_pass(self, states, name, ahead, failure, depth, guarded):
        states[name] = {"Type": "Pass", "Next": ahead[0]}
        self.keep(states[name], "k" + name, "$states.input.n * 2 & '!'",
                  self.r.choice([{"Result": {"v": [1, "x", None]}}, {"Parameters": {"n.$": "$.n", "f.$": "States.Format('{}-{}', $.s, $.n)"}}]))

    def add_assign(self, states, name, ahead, failure, depth, guarded):
        variable = "v" + name
        states[name] = {"Type": "Pass", "Next": ahead[0],
                        "Assign": {variable: "{% $states.input.n + 1 %}"} if self.jsonata else {variable + ".$": "$.n"}}

    def add_choice(self, states, name, ahead, failure, depth, guarded):
        others = ahead[1:] or [failure]
        rules = [self.rule(self.r.choice(others)) for _ in range(self.r.randrange(1, 4))]
        states[name] = {"Type": "Choice", "Choices": rules, "Default": ahead[0]}

    def add_wait(self, states, name, ahead, failure, depth, guarded):
        r = self.r
        state = states[name] = {"Type": "Wait", "Next": ahead[0]}
        kind = r.randrange(3)
        if kind == 0:
            state["Seconds"] = r.randrange(1, 100000)
        elif kind == 1:
            state["Timestamp"] = "2026-0%d-01T00:00:00Z" % r.randrange(1, 9)
        elif self.jsonata:
            state["Seconds"] = "{% $abs($states.input.n) %}"
        else:
            state["Seconds"] = r.randrange(10)

    def add_loop(self, states, name, ahead, failure, depth, guarded):
        """Init -> Step -> More -> Step ... -> ahead"""
        step, more, i = self.name("Step"), self.name("More"), "i" + name
        times = self.r.randrange(1, 6)
        states[name] = {"Type": "Pass", "Assign": {i: 0}, "Next": step}
        states[step] = {"Type": "Pass", "Next": more,
                        "Assign": {i: "{%% $%s + 1 %%}" % i} if self.jsonata else
                        {i + ".$": "States.MathAdd($%s, 1)" % i}}
        again = {"Condition": "{%% $%s < %d %%}" % (i, times)} if self.jsonata else \
            {"Variable": "$" + i, "NumericLessThan": times}
        states[more] = {"Type": "Choice", "Choices": [dict(again, Next=step)], "Default": ahead[0]}

    def handlers(self, state, ahead, failure):
        """Retry and Catch, the last catcher for everything."""
        r = self.r
        if state["Type"] == "Task" or r.random() < 0.3:
            errors = TRANSIENT + ["Busy"] if state["Type"] == "Task" else ["States.ALL"]
            state["Retry"] = [{"ErrorEquals": errors, "IntervalSeconds": 2, "MaxAttempts": r.randrange(1, 4), "BackoffRate": r.choice([1, 2.5]),
                               **({"JitterStrategy": "FULL"} if r.random() < 0.3 else {}),
                               **({"MaxDelaySeconds": 5} if r.random() < 0.3 else {})}]
        catcher = {"ErrorEquals": ["States.ALL"], "Next": r.choice(ahead + [failure])}
        if self.jsonata:
            catcher["Output"] = "{% $merge([$states.input, {'caught': $states.errorOutput.Error}]) %}"
        else:
            catcher["ResultPath"] = "$.caught"
        state["Catch"] = [catcher]
        if state["Type"] == "Task" and r.random() < 0.3:
            first = dict(catcher, ErrorEquals=["Known"], Next=r.choice(ahead))
            state["Catch"].insert(0, first)

    def add_task(self, states, name, ahead, failure, depth, guarded):
        state = states[name] = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": ahead[0],
                                "TimeoutSeconds": self.r.randrange(5, 60)}
        if self.jsonata:
            state["Arguments"] = {"FunctionName": "f", "Payload": {"n": "{% $states.input.n %}"}}
        else:
            state["Parameters"] = {"FunctionName": "f", "Payload": {"n.$": "$.n"}}
        self.keep(state, "r" + name, "$states.result.Payload", {"ResultSelector": {"p.$": "$.Payload"}})
        self.handlers(state, ahead, failure)
        answers = {}
        thrown = [self.r.choice(["Busy", "Known", "Unknown"]) for _ in range(self.r.randrange(3))]
        for i, error in enumerate(thrown):
            answers[str(i)] = {"Throw": {"Error": error, "Cause": "c"}}
        answers["%d-9999" % len(thrown)] = {"Return": {"Payload": self.r.choice([1, "x", {"a": []}]), "StatusCode": 200}}
        self.mocks[name] = answers
        if not guarded:
            self.open_tasks.append(name)

    def add_parallel(self, states, name, ahead, failure, depth, guarded):
        state = states[name] = {"Type": "Parallel", "Next": ahead[0]}
        caught = self.r.random() < 0.5
        state["Branches"] = [self.scope(depth + 1, guarded or caught) for _ in range(self.r.randrange(1, 4))]
        self.keep(state, "p" + name, "$count($states.result)", {"ResultSelector": {"first.$": "$[0].n"}})
        if caught:
            self.handlers(state, ahead, failure)

    def add_map(self, states, name, ahead, failure, depth, guarded):
        state = states[name] = {"Type": "Map", "Next": ahead[0]}
        caught = self.r.random() < 0.5
        if self.jsonata:
            state["Items"] = "{% $states.input.list %}"
            state["ItemSelector"] = {"n": "{% $states.context.Map.Item.Value %}", "s": "item", "flag": True,
                                     "list": [1, 2]}
        else:
            state["ItemsPath"] = "$.list"
            state["ItemSelector"] = {"n.$": "$$.Map.Item.Value", "s": "item", "flag": True, "list": [1, 2]}
        if self.r.random() < 0.5:
            state["MaxConcurrency"] = self.r.randrange(1, 4)
        state["ItemProcessor"] = self.scope(depth + 1, guarded or caught)
        self.keep(state, "m" + name, "$count($states.result)", {"ResultSelector": {"count.$": "States.ArrayLength($)"}})
        if caught:
            self.handlers(state, ahead, failure)

    # ---- runs ----

    def requests(self):
        return [{"input": i, "seed": self.number % 1000, "mockedResponses": self.mocks, "maxEvents": 100000} for i in INPUTS]

    def fault_request(self, task):
        mocks = dict(self.mocks, **{task: {"0-9999": {"Throw": {"Error": FAULT, "Cause": "for the test"}}}})
        return {"input": INPUTS[1], "mockedResponses": mocks, "maxEvents": 100000}

    def without_catcher(self, task):
        definition = copy.deepcopy(self.definition)
        del find_state(definition, task)["Catch"]
        return definition


def find_state(scope, name):
    for key, state in scope["States"].items():
        if key == name:
            return state
        for inner in state.get("Branches", []) + ([state["ItemProcessor"]] if "ItemProcessor" in state else []):
            found = find_state(inner, name)
            if found is not None:
                return found
    return None


def check(definitions):
    """For each definition: what the verifier says (a list of codes), and the coverage of errors in percent."""
    found = []
    for start in range(0, len(definitions), CHUNK):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for i, definition in enumerate(definitions[start:start + CHUNK]):
                paths.append(os.path.join(folder, "m%d.asl.json" % i))
                with open(paths[-1], "w", encoding="utf-8") as f:
                    json.dump(definition, f)
            done = subprocess.run([ASLC, "check", "--format", "json", "--coverage", *paths], stdout=subprocess.PIPE, timeout=600)
            if done.returncode not in (0, 1):
                sys.exit("aslc check ended with %d" % done.returncode)
            answer = json.loads(done.stdout)
            codes = collections.defaultdict(list)
            for d in answer["diagnostics"]:
                codes[d["range"]["filename"]].append(d["code"])
            percents = {c["machine"]: c["percent"] for c in answer["coverage"]}
            found += [(codes[p], percents["m%d" % i]) for i, p in enumerate(paths)]
    return found


def clean_machines(count, seed):
    """The first `count` machines of that seed about which the verifier has nothing to say."""
    machines, skipped, number = [], collections.Counter(), seed * 10000019
    while len(machines) < count:
        more = [Machine(number + i) for i in range(CHUNK)]
        number += CHUNK
        for machine, (codes, percent) in zip(more, check([m.definition for m in more])):
            if codes:
                skipped.update(set(codes))
            else:
                machine.percent = percent
                machines.append(machine)
    return machines[:count], skipped


def run_all(programs, cases):
    """Replies of each program to all runs of the cases; a program that hangs ends the test."""
    requests = []
    for name, case in cases.items():
        requests += run.requests_of(name, case, len(requests) + 1)
    return requests, [run.talk([p], requests) for p in programs]


def outcome(reply):
    return reply.get("status"), reply.get("error")


def is_fine(reply):
    return outcome(reply) in (("SUCCEEDED", None), ("FAILED", "Handled"))


def both_forms(machines, cc, native_every):
    failed = compared = 0
    for start in range(0, len(machines), CHUNK):
        cases = {"m%d" % m.number: {"definition": m.definition, "runs": m.requests()} for m in machines[start:start + CHUNK]}
        _, [table] = run_all([run.tool("requests")], cases)
        names = [n for n, c in cases.items() for _ in c["runs"]]
        for name, reply in zip(names, table):
            reply = json.loads(reply)
            reply.pop("events", None)
            if not is_fine(reply):
                failed += 1
                print("FAIL %s ended with %s" % (name, reply))
        chosen = {n: c for i, (n, c) in enumerate(cases.items()) if native_every and i % native_every == 0}
        if not chosen:
            continue
        with tempfile.TemporaryDirectory() as folder:
            program, left_out = run.build_native(cc, folder, chosen, ["-std=c11", "-O0"])
            _, [first, second] = run_all([run.tool("requests"), program], chosen)
        failed += len(left_out)
        compared += len(first)
        for a, b in zip(first, second):
            if a != b:
                failed += 1
                print("FAIL the forms differ: %s" % run.first_difference(a, b))
    print("%d machines, %d runs; %d runs compared with generated C" % (len(machines), len(machines) * len(INPUTS), compared))
    return failed


def one_catcher_less(machines):
    failed = 0
    tries = [(m, task) for m in machines for task in m.open_tasks[:1]]
    before = {"a%d" % i: {"definition": m.definition, "runs": [m.fault_request(t)]} for i, (m, t) in enumerate(tries)}
    after = {"b%d" % i: {"definition": m.without_catcher(t), "runs": [m.fault_request(t)]} for i, (m, t) in enumerate(tries)}
    program = run.tool("requests")
    _, [with_it] = run_all([program], before)
    _, [without] = run_all([program], after)
    verdicts = check([c["definition"] for c in after.values()])
    met = overtaken = 0
    for (m, task), old, new, (_, percent) in zip(tries, with_it, without, verdicts):
        name, old, new = "m%d without the catcher of %s" % (m.number, task), json.loads(old), json.loads(new)
        if percent >= m.percent:
            failed += 1
            print("FAIL %s: the verifier misses nothing (%s %%)" % (name, percent))
        if not is_fine(old):
            failed += 1
            print("FAIL %s: with it, the run ends with %s" % (name, outcome(old)))
        if not any(e["type"] == "TaskFailed" and e["taskFailedEventDetails"]["error"] == FAULT for e in old["events"]):
            continue  # no way leads there with this input
        if outcome(new) == ("FAILED", "Handled") and any(e["type"] == "FailStateEntered" for e in new["events"]):
            overtaken += 1  # a Fail state of a branch beside it came first
            continue
        met += 1
        if outcome(new) != ("FAILED", FAULT):
            failed += 1
            print("FAIL %s: the run ends with %s" % (name, outcome(new)))
    print("%d catchers taken away; %d were met by a run, and %d more together with a failure beside them" %
          (len(tries), met, overtaken))
    if met == 0 or (len(machines) >= 100 and met < len(machines) // 4):
        failed += 1
        print("FAIL hardly any fault was met: the test tests nothing")
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--native-every", type=int, default=10, help="generate C for every K-th machine; 0: none")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    args = parser.parse_args()
    failed = 0
    done, skipped = 0, collections.Counter()
    while done < args.count:  # in parts: ten thousand histories need much room
        part = min(1000, args.count - done)
        machines, more = clean_machines(part, args.seed + done)
        skipped += more
        failed += both_forms(machines, args.cc, args.native_every)
        failed += one_catcher_less(machines)
        done += part
    print("left out for what the verifier says: %s" % (dict(skipped) or "none"))
    print("%d machines, %d failures" % (done, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
