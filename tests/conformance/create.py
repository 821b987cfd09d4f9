#!/usr/bin/env python3
"""Create errors and validations that were recorded from the real service, against ours.

    create.py ASLC

Sends each case of $ASLC_CONFORMANCE/sfn of the kinds create_error and validate to `aslc batch` and
compares code, text and location; each definition that the service took in a recorded execution, TestState or
trace must be taken.  measured.ndjson beside this file holds what users of the service have
measured and published (code, text, location of each diagnostic), documented.ndjson what the specification and
the guide refuse, with our text where nobody has published the service's: both are compared first, and
always.  The last line is the sum; what is skipped is named with its reason.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# botocore's exception has the service's text behind this
PREFIX = re.compile(r"^An error occurred \(\w+\) when calling the \w+ operation: ")
# what the emulator that was being tested said, not the service: a Python exception
EMULATOR = re.compile(r"^Error=\w+ Args=")


def folder():
    data = os.environ.get("ASLC_CONFORMANCE", os.path.join(HERE, "../../../shared/conformance"))
    return os.path.join(data, "sfn")


def request_of(case, number):
    request = {"id": number, "op": "validate" if case["kind"] == "validate" else "create", **case["params"]}
    definition = case["definition"]
    request["definition"] = definition if isinstance(definition, str) else json.dumps(definition)
    if case["expected"].get("code") == "StateMachineAlreadyExists":
        request["name"] = "machine"
        request["existing"] = [{"name": "machine", "definition": request["definition"] + " "}]
    if "log-group" in json.dumps(request) and "not found" in case["expected"].get("message", ""):
        request["logGroups"] = []
    return request


def matches(expected, actual):
    """<masks> stand for anything; the recorder's account is not ours."""
    pattern = "".join(".*" if part.startswith("<") else re.escape(part)
                      for part in re.split(r"(<[^<>]*>)", expected))
    return re.fullmatch(pattern, actual.replace("123456789012", "111111111111"), re.S) is not None


def compare(case, reply):
    """Gives what differs, or None; and whether the text was compared."""
    expected = case["expected"]
    if case["kind"] == "validate":
        answer = {k: v for k, v in reply.items() if k != "id"}
        return None if answer == expected else f"{answer}\n  expected {expected}", True
    exception = reply.get("exception", {})
    if exception.get("code") != expected["code"]:
        return f"{reply}\n  expected {expected}", True
    message = PREFIX.sub("", expected["message"])
    if EMULATOR.match(message):
        return None, False
    return None if matches(message, exception["message"]) else f"{exception}\n  expected {expected}", True


def recorded():
    cases = []
    for row in json.load(open(os.path.join(folder(), "index.json"), encoding="utf-8")):
        if row["kind"] in ("create_error", "validate"):
            case = json.load(open(os.path.join(folder(), row["file"]), encoding="utf-8"))
            cases.append((row["file"], case))
    return cases


def ask(program, requests):
    """Gives the replies of `aslc batch`."""
    lines = "".join(json.dumps(r) + "\n" for r in requests)
    done = subprocess.run([program, "batch"], input=lines, capture_output=True, text=True, timeout=60)
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    if len(replies) != len(requests):
        sys.exit(f"FAIL {len(requests)} requests, {len(replies)} replies\n{done.stderr}")
    return replies


def measured(program, file):
    """Compares measured.ndjson or documented.ndjson; gives how many passed and failed."""
    with open(os.path.join(HERE, file), encoding="utf-8") as f:
        cases = [json.loads(line) for line in f]
    replies = ask(program, [{"op": op, "definition": json.dumps(case["definition"])}
                            for case in cases for op in ("validate", "create")])
    failed = 0
    for i, case in enumerate(cases):
        said, created = replies[2 * i], replies[2 * i + 1]
        found = [[d["code"], d["message"], d.get("location")] for d in said["diagnostics"]]
        words = ", ".join(f"{c}: {m} at {w if w else 'null'}" for c, m, w in case["diagnostics"])
        refusal = {"code": "InvalidDefinition", "message": f"Invalid State Machine Definition: '{words}'"}
        want = {"exception": refusal} if words else {"result": "OK"}
        if found != case["diagnostics"] or created != {"id": None, **want}:
            failed += 1
            print(f"FAIL {case['name']}: {found}, {created}\n  expected {case['diagnostics']}")
    return len(cases) - failed, failed


def definitions(case):
    """The definitions in a case that the service took, each with the type of the machine."""
    if case["kind"] == "api_trace":
        for step in case["steps"]:
            params = step.get("params", {})
            if step["op"] in ("create_state_machine", "update_state_machine") and "definition" in params \
                    and not step.get("raises"):
                yield params["definition"], params.get("type", "STANDARD")
    elif case["kind"] in ("execution", "test_state") and not case["expected"].get("raised"):
        definition = case["definition"]
        if isinstance(definition, dict) and "States" in definition:  # TestState takes single states too
            yield definition, case.get("state_machine_type") or case.get("type") or "STANDARD"


def taken(program):
    """Every definition that the service took: gives how many we take, and how many not."""
    requests, names = [], []
    for row in json.load(open(os.path.join(folder(), "index.json"), encoding="utf-8")):
        case = json.load(open(os.path.join(folder(), row["file"]), encoding="utf-8"))
        for definition, kind in definitions(case):
            requests.append({"op": "create", "definition": definition, "type": kind})
            names.append(row["file"])
    refused = 0
    for name, reply in zip(names, ask(program, requests)):
        if reply.get("result") != "OK":
            refused += 1
            print(f"FAIL {name}: {reply}")
    return len(names) - refused, refused


def main():
    program = os.path.abspath(sys.argv[1])
    wrong = 0
    for file in ("measured.ndjson", "documented.ndjson"):
        passed, failed = measured(program, file)
        wrong += failed
        print(f"conformance/{file[:-7]}: {passed} passed, {failed} failed, 0 skipped")
    if not os.path.isdir(folder()):
        print("SKIP conformance/create: no conformance data (set ASLC_CONFORMANCE)")
        sys.exit(wrong != 0)
    accepted, refused = taken(program)
    print(f"conformance/taken: {accepted} passed, {refused} failed, 0 skipped")
    skipped = 0
    cases = []
    for name, case in recorded():
        if case.get("op") == "update_state_machine":
            print(f"skipped {name}: an update, which `aslc batch` does not answer")
            skipped += 1
        else:
            cases.append((name, case))
    replies = ask(program, [request_of(case, i) for i, (_, case) in enumerate(cases)])
    failed = code_only = 0
    for i, (name, case) in enumerate(cases):
        difference, whole = compare(case, replies[i])
        code_only += not whole and difference is None
        failed += difference is not None
        if difference is not None:
            print(f"FAIL {name}: {difference}")
    if code_only:
        print(f"{code_only} of them by code only: their recorded text is the emulator's Python exception")
    print(f"conformance/create: {len(cases) - failed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed + wrong + refused != 0)


main()
