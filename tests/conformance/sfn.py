#!/usr/bin/env python3
"""Runs the executions and TestState calls that were recorded from the service, and compares everything.

usage: sfn.py [--batch COMMAND | --native [--sample N]] [--category NAME] [--case SUBSTRING] [-v]

The cases are those of $ASLC_CONFORMANCE/sfn (README.md there has the format and the masking rules);
without them it says SKIP.  COMMAND answers requests, one a line: `aslc batch` unless said.  --native makes
C of the executions' machines instead, fifty in a translation unit, and runs them as one program.
Services are what the recorded tests set up (tables, queues, objects) or, where that is not in the data,
what they answered.  Prints the figures by category; the last line is the sum.  "Not yet" is what the engine
refuses to run (A930) or what needs a service that nothing stands for here.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
# What no emulation can have: metadata of HTTP, traces of a Python runtime.
VOLATILE = {"SdkHttpMetadata", "SdkResponseMetadata", "stackTrace", "requestId", "roleArn", "RoleArn",
            "RedriveCount", "LogResult", "MD5OfMessageBody"}
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
WORDS = {"date", "datetime", "timestamp", "uuid", "start-date", "stop-date", "start-time",
         "entered-time", "snf_role_arn", "sfn_role_arn", "RandomNumberGenerated", "generated-uuid",
         "execution-arn", "state-machine-arn", "activity_arn", "executionSucceededEventDetails.output"}


# What the side actors of recorded tests sent back.
TOKENS = {
    "callback__callback.sqs_wait_for_task_token.json": [{"after": 1, "success": "test_message_txt"}],
    "callback__callback.sqs_failure_in_wait_for_task_tok_no_error_field_SQS_WAIT_FOR_TASK_TOKEN_CATCH."
    "json": [{"after": 1, "failure": {}}],
}
# Machines that are started by single cases.
CHILDREN = {
    # in the recording a third machine takes the token from a queue
    "callback__callback.sync_with_task_token.json": {
        "StartAt": "Send", "States": {"Send": {
            "Type": "Task", "End": True, "Resource": "arn:aws:states:::aws-sdk:sfn:sendTaskSuccess",
            "Parameters": {"TaskToken.$": "$.TaskToken", "Output": '"SQS_SEND_MESSAGE_AND_WAIT"'}}}},
}


def skipped_keys(case):
    """The last names of the JSONPaths that the recorder's own test did not compare."""
    keys = set(VOLATILE)
    for path in case.get("localstack_skips") or []:
        keys.add(re.split(r"[.\[\]]", path)[-1].strip("'\""))
    return keys


def parsed(text):
    """A string that is JSON of an object or array, as that; else the string."""
    if isinstance(text, str) and text[:1] in "{[":
        try:
            return json.loads(text)
        except ValueError:
            pass
    return text


class Comparison:
    def __init__(self, skip):
        self.skip = skip
        self.difference = None

    def fail(self, where, expected, actual):
        if self.difference is None:
            self.difference = "%s: expected %s, got %s" % (
                where, json.dumps(expected)[:700], json.dumps(actual)[:700])
        return False

    def text(self, where, expected, actual):
        if expected == actual or expected in WORDS:
            return True
        a, b = parsed(expected), parsed(actual)
        if not isinstance(a, str) and not isinstance(b, str):
            return self.value(where, a, b)
        actual = ISO_DATE.sub("date", actual).replace("123456789012", "111111111111")
        pattern = "".join(".*" if part.startswith("<") else re.escape(part)
                          for part in re.split(r"(<[^<>]*(?:<[^<>]+>)?[^<>]*>)", expected))
        return bool(re.fullmatch(pattern, actual, re.S)) or self.fail(where, expected, actual)

    def value(self, where, expected, actual):
        if isinstance(expected, str):
            return (self.text(where, expected, actual) if isinstance(actual, str)
                    else expected in WORDS or expected[:1] + expected[-1:] == "<>"
                    or self.fail(where, expected, actual))
        if isinstance(actual, str):
            actual = parsed(actual)
        if isinstance(expected, dict):
            if not isinstance(actual, dict):
                return self.fail(where, expected, actual)
            keys = {k for k in set(expected) | set(actual) if k not in self.skip}
            for key in sorted(keys):
                if key not in actual or key not in expected:
                    return self.fail(where + "/" + key, expected.get(key), actual.get(key))
                if "timestamp" in key.lower():
                    continue
                if not self.value(where + "/" + key, expected[key], actual[key]):
                    return False
            return True
        if isinstance(expected, list):
            if not isinstance(actual, list) or len(expected) != len(actual):
                return self.fail(where, expected, actual)
            return all(self.value("%s[%d]" % (where, i), e, a)
                       for i, (e, a) in enumerate(zip(expected, actual)))
        if type(expected) is bool or type(actual) is bool or expected is None or actual is None:
            return expected is actual or self.fail(where, expected, actual)
        return expected == actual or self.fail(where, expected, actual)

    def events(self, expected, actual):
        """Events in order; those of Parallel branches (id [0]) in any order."""
        if len(expected) != len(actual) and not any(isinstance(e["id"], list) for e in expected):
            return self.fail("events", [e["type"] for e in expected], [e["type"] for e in actual])
        left = list(actual)
        for e in expected:
            if isinstance(e["id"], list):
                probe = {k: v for k, v in e.items() if k not in ("id", "previousEventId")}
                found = None
                for a in left:
                    one = {k: v for k, v in a.items() if k not in ("id", "previousEventId")}
                    if Comparison(self.skip).value("", probe, one):
                        found = a
                        break
                if found is None:
                    return self.fail("events", e, [a["type"] for a in left])
                left.remove(found)
                continue
            same = [a for a in left if a["id"] == e["id"]]
            if not same:
                return self.fail("events", e, [a["id"] for a in left])
            if not self.value("events[%d]" % (e["id"] - 1), e, same[0]):
                return False
            left.remove(same[0])
        # the recorder drops the events that end a Parallel
        rest = [a["type"] for a in left
                if a["type"] not in ("ParallelStateSucceeded", "ParallelStateFailed",
                                     "ParallelStateExited")]
        return not rest or self.fail("events", [], rest)


def function_of(behaviour):
    """What stands for a recorded Lambda function, or None."""
    if behaviour == "return event":
        return {"echo": True}
    raised = re.match(r"raise (\w+)\((.*)\)$", behaviour or "")
    if raised:
        return {"throw": {"errorType": raised[1], "errorMessage": raised[2].strip("\"'")}}
    slept = re.search(r"sleep[ (](\d+)", behaviour or "")
    if slept:
        return {"sleep": int(slept[1])}
    return {"return": "a" * (257 * 1024)} if behaviour == "large output" else None


def mocks_of(case):
    """The replies of a recorded MockConfigFile.json, by state."""
    for helper in case.get("helpers") or []:
        config = helper.get("mock_config")
        if config:
            machine = next(iter(config["StateMachines"].values()))
            states = next(iter(machine["TestCases"].values()))
            return {state: config["MockedResponses"][name] for state, name in states.items()}
    return {}


def tables_of(case):
    """The tables that the recorded test made."""
    tables = {}
    for call in case.get("setup") or []:
        if call.get("svc") == "dynamodb" and call.get("op") == "create_table":
            params = call["params"]
            tables[params["table_name"]] = {"key": params.get("partition_key", "id")}
    return tables


def objects_of(case):
    """The buckets and objects that the recorded test made."""
    buckets, objects = [], {}
    for call in case.get("setup") or []:
        params = call.get("params") or {}
        if call.get("svc") == "s3" and call.get("op") == "create_bucket":
            buckets.append(params["Bucket"])
        if call.get("svc") == "s3" and call.get("op") == "put_object":
            body = params.get("Body", "")
            bytes_text = re.fullmatch(r"(?:bytearray\()?b'(.*)'\)?", body)
            objects[params["Bucket"] + "/" + params["Key"]] = bytes_text[1] if bytes_text else body
    return buckets, objects


def recorded_tasks(case, state_events):
    """(state, details) of the events of those types: what a service answered in the recording."""
    state = None
    for event in case["expected"].get("events") or []:
        if event["type"] == "TaskStateEntered":
            state = event["stateEnteredEventDetails"]["name"]
        for kind in state_events:
            if event["type"] == kind:
                yield state, event[kind[0].lower() + kind[1:] + "EventDetails"]


def machines_of(case):
    """Stand-ins for the machines that the recorded one started, by what became of them."""
    arns = re.findall(r"arn:[^\"]*:stateMachine:[^\"]*", json.dumps([case["definition"], case["input"]]))
    how = {"return": {}}
    for _, task in recorded_tasks(case, ["TaskFailed", "TaskSucceeded"]):
        end = parsed(task.get("cause") or task.get("output"))
        if isinstance(end, dict) and end.get("Status") in ("FAILED", "TIMED_OUT"):
            how = {"throw": {k.lower(): end[k] for k in ("Error", "Cause") if k in end}}
        elif isinstance(end, dict) and "Output" in end:
            how = {"return": parsed(end["Output"])}
    return {arn: how for arn in arns}


def targets_of(case):
    """Queues and topics: those that the test made exist, those that the recording misses don't."""
    text = json.dumps([case["definition"], case["input"]])
    queues = {url: {} for url in re.findall(r'"([^"]*sqs[-_]queue[-_]url[^"]*)"', text)}
    topics = {arn: {} for arn in re.findall(r'"(arn:[^"]*:sns:[^"]*)"', text)}
    for _, task in recorded_tasks(case, ["TaskFailed"]):
        for url in queues:
            if task.get("error") == "SQS.SdkClientException":
                queues[url]["missing"] = True
        for arn in topics:
            if task.get("error") == "SNS.NotFoundException":
                topics[arn]["missing"] = True
    for call in case.get("setup") or []:
        if call.get("op") == "create_topic" and "FifoTopic" in json.dumps(call):
            for arn in topics:
                topics[arn]["fifo"] = True
    return queues, topics


def request_of(number, case, name=""):
    request = {"id": number, "op": "run", "definition": case["definition"], "history": True,
               "input": case["input"] if case.get("input") is not None else {}}
    if "input" in case and case["input"] is None:
        request["input"] = None
    if (case.get("state_machine_type") or case.get("type")) == "EXPRESS":
        request["type"] = "EXPRESS"
    functions = {name: function_of(f.get("behaviour")) for name, f in (case.get("lambdas") or {}).items()}
    request["functions"] = {k: v for k, v in functions.items() if v is not None}
    if "relative_time" in (case.get("flags") or []):  # made when the cases were extracted
        request["startTime"] = "2026-11-24T00:33:51Z"
    request["tables"] = tables_of(case)
    request["buckets"], request["objects"] = objects_of(case)
    if "s3" in (case.get("needs") or []):
        request["buckets"].append("bucket-name")
    request["queues"], request["topics"] = targets_of(case)
    request["buses"] = ["default"]
    request["machines"] = machines_of(case)
    if name in CHILDREN:
        request["machines"] = {arn: {"definition": CHILDREN[name]} for arn in request["machines"]}
    for _, task in recorded_tasks(case, ["TaskFailed"]):
        if task.get("error") == "Lambda.ResourceNotFoundException":
            missing = re.search(r":function:([^: ]*)", task["cause"])[1]
            request["functions"][missing] = {"missing": True}
    # whoever sent the token back in the recorded test; the message's text came back
    request["tokens"] = TOKENS.get(name, [])
    if "activity_arn" in json.dumps(case["expected"]):
        request["activities"] = {"arn:aws:states:us-east-1:111111111111:activity:activity_name": [
            {"worker": "BASE_ID_ACTIVITY_CONSUMER", "after": 2, "heartbeat": True},
            {"worker": "BASE_ID_ACTIVITY_CONSUMER", "after": 4, "success": case["input"]}]}
    mocks = mocks_of(case)
    if "secretsmanager" in (case.get("needs") or []):  # an API that nothing stands for
        mocks = {state: {"0": {"Throw": {"Error": task["error"], "Cause": task["cause"]}}}
                 for state, task in recorded_tasks(case, ["TaskFailed"])}
    if mocks:
        request["mockedResponses"] = mocks
    return request


def native_program(folder, requests):
    """Generates C for the machines of run requests and their children, and builds it."""
    sys.path.insert(0, os.path.join(HERE, "..", "exec"))
    import run  # the engine's test bench
    lines, names = "", []
    for request in requests:
        for i, r in enumerate([request] + list((request.get("machines") or {}).values())):
            if "definition" not in r:
                continue
            r["machine"] = "case_%d_%d" % (request["id"], i)
            names.append(r["machine"])
            lines += json.dumps({"name": r["machine"], "definition": r["definition"],
                                 "type": r.get("type")}) + "\n"
    left_out = subprocess.run([run.tool("generate"), folder], input=lines.encode(), check=True,
                              stdout=subprocess.PIPE).stdout.decode().split()
    run.FLAGS[run.FLAGS.index("-O1")] = "-O0"  # speed of compiling counts here
    return run.compile_native(os.environ.get("CC", "cc"), folder,
                              [n for n in names if n not in left_out], 50)


def test_state_request(number, case, name):
    """The TestState call of a case.  The service wants a role for tasks that it calls."""
    request = {"id": number, "op": "test_state", "definition": case["definition"],
               "input": case.get("input"), **(case.get("params") or {})}
    if "no_role_arn" not in name:
        request["roleArn"] = "arn:aws:iam::111111111111:role/r"
    functions = {name: function_of(f.get("behaviour")) for name, f in (case.get("lambdas") or {}).items()}
    for task in [case["definition"]] if "Type" in case["definition"] else []:
        # functions whose source was not recorded: what they answered was
        output = parsed(case["expected"].get("output"))
        if task.get("Resource", "").startswith("arn:aws:lambda:"):
            functions.setdefault(task["Resource"].split(":")[-1], {"return": json.loads(case["expected"]["output"])})
        if task.get("Resource") == "arn:aws:states:::lambda:invoke" and isinstance(output, dict):
            functions.setdefault(case["input"].get("FunctionName"), {"return": output.get("Payload")})
    if functions:
        request["functions"] = {k: v for k, v in functions.items() if v is not None and k}
    return request


def compare_test_state(case, reply):
    expected, c = case["expected"], Comparison(skipped_keys(case))
    if expected["raised"]:
        said = (reply.get("exception") or {}).get("message", "")
        want = expected.get("message") or expected["exception_value"].partition("operation: ")[2]
        if expected.get("exception_typename") == "ParamValidationError":
            return ("passed" if said else "failed"), "the client refuses it, and so must we"
        return ("passed" if said == want else "failed"), "expected %s, got %s" % (want, reply)
    if "status" not in reply:
        return "failed", json.dumps(reply)
    for key in ("status", "output", "error", "cause", "nextState", "inspectionData"):
        want, got = expected.get(key), reply.get(key)
        if (want is None) != (got is None) or (want is not None and not c.value(key, want, got)):
            c.fail(key, want, got)
            return "failed", c.difference
    return "passed", ""


def compare(case, reply):
    """('passed' | 'failed' | 'not yet', why)"""
    if "exception" in reply:
        message = json.dumps(reply["exception"])
        return ("not yet" if "A930" in message else "failed"), message
    if "error" in reply and isinstance(reply["error"], dict):
        code = reply["error"].get("code")
        return ("not yet" if code == "NotMocked" else "failed"), json.dumps(reply["error"])
    c = Comparison(skipped_keys(case))
    expected = case["expected"]
    events = expected.get("events") or []
    if expected.get("status") is None and events and not isinstance(events[-1]["id"], list):
        reply["events"] = reply["events"][:len(events)]  # recorded while it still ran
    for key in ("status", "error", "cause", "output"):
        if expected.get(key) is not None and not c.value(key, expected[key], reply.get(key)):
            return "failed", c.difference
    if events and not c.events(events, reply.get("events") or []):
        return "failed", c.difference
    return "passed", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", default=os.path.join(".", "aslc") + " batch")
    parser.add_argument("--native", action="store_true", help="through generated C")
    parser.add_argument("--sample", type=int, help="about so many cases, spread evenly")
    parser.add_argument("--category")
    parser.add_argument("--case")
    parser.add_argument("--language", help="JSONata or JSONPath: the machine's")
    parser.add_argument("--known", help="file of cases that are known to differ, with the reason")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    folder = os.environ.get("ASLC_CONFORMANCE",
                            os.path.join(HERE, "..", "..", "..", "shared", "conformance"))
    folder = os.path.join(folder, "sfn")
    if not os.path.isdir(folder):
        print("SKIP conformance/sfn: no recorded executions (set ASLC_CONFORMANCE)")
        return 77
    cases = []
    for row in json.load(open(os.path.join(folder, "index.json"))):
        if row["kind"] not in ("execution", "test_state") or (args.category and row["category"] != args.category):
            continue
        if args.case and args.case not in row["file"]:
            continue
        # masks are no names that DynamoDB would take
        text = open(os.path.join(folder, row["file"])).read().replace("<test-table>", "test-table")
        case = json.loads(text)
        if row["kind"] == "test_state" and args.native:
            continue
        language = case["definition"].get("QueryLanguage", "JSONPath")
        if args.language and language != args.language:
            continue
        cases.append((row, case))
    if args.sample:
        cases = cases[::max(1, len(cases) // args.sample)]
    makers = {"execution": request_of, "test_state": test_state_request}
    requests = [makers[row["kind"]](i, case, row["file"]) for i, (row, case) in enumerate(cases)]
    known = {}
    if args.known:
        for line in open(args.known):
            if line.strip() and not line.startswith("#"):
                name, _, reason = line.strip().partition(" ")
                known[name] = reason
    with tempfile.TemporaryDirectory() as folder:
        program = [native_program(folder, requests)] if args.native else args.batch.split()
        lines = "".join(json.dumps(r) + "\n" for r in requests)
        done = subprocess.run(program, input=lines.encode(), stdout=subprocess.PIPE)
    replies = done.stdout.decode().splitlines()
    totals, rows = Counter(), {}
    for i, (row, case) in enumerate(cases):
        reply = json.loads(replies[i]) if i < len(replies) else {"error": {"code": "crashed"}}
        verdict, why = (compare if row["kind"] == "execution" else compare_test_state)(case, reply)
        if row["file"] in known:
            if verdict == "passed":
                verdict, why = "failed", "listed as known to differ, but it passes"
            elif verdict == "failed":
                verdict = "known"
        totals[verdict] += 1
        rows.setdefault(row["category"], Counter())[verdict] += 1
        if verdict == "failed" or (args.verbose and verdict != "passed"):
            print("%s %s: %s" % (verdict, row["file"], why[:1500]))
    for category in sorted(rows):
        r = rows[category]
        print("%-22s %4d passed %4d failed %4d known to differ %4d not yet" % (
            category, r["passed"], r["failed"], r["known"], r["not yet"]))
    print("conformance/sfn%s: %d passed, %d failed, %d skipped (%d known to differ, %d not run)" % (
        " native" if args.native else "", totals["passed"], totals["failed"],
        totals["known"] + totals["not yet"], totals["known"], totals["not yet"]))
    return 1 if totals["failed"] or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
