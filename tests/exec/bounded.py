#!/usr/bin/env python3
"""Long loops and large Maps run in bounded memory.

usage: bounded.py N

A loop of N turns that makes new values in each must not hold more than one of a thousand turns does; an inline Map
over N items may hold each item and each result, the text of the input, and what moving them once takes, and nothing
for an iteration that is over: ITEM bytes an item; a distributed one also its data set, as text and as read.  What is
measured is the largest resident size of the process that runs it (Linux tells it).
"""
import json
import subprocess
import sys

import run

SLACK = 4 << 20  # the arenas' garbage and their blocks: the same whatever N
ITEM = 128
ITEM_READ = 512

LOOP = {"QueryLanguage": "JSONata", "StartAt": "Init", "States": {
    "Init": {"Type": "Pass", "Assign": {"i": 0, "last": {}}, "Next": "Step"},
    "Step": {"Type": "Pass", "Next": "More", "Assign": {
        "i": "{% $i + 1 %}", "last": {"text": "{% 'turn ' & $string($i) %}", "of": ["{% $i %}", "x", None]}}},
    "More": {"Type": "Choice", "Default": "Done", "Choices": [{"Condition": "{% $i < $states.input.n %}", "Next": "Step"}]},
    "Done": {"Type": "Succeed", "Output": ["{% $i %}", "{% $last.text %}"]}}}
LOOP_PATH = {"StartAt": "Init", "States": {
    "Init": {"Type": "Pass", "Assign": {"i": 0, "text": ""}, "Next": "Step"},
    "Step": {"Type": "Pass", "Next": "More",
             "Assign": {"i.$": "States.MathAdd($i, 1)", "text.$": "States.Format('turn {}', $i)"}},
    "More": {"Type": "Choice", "Default": "Done",
             "Choices": [{"Variable": "$i", "NumericLessThanPath": "$.n", "Next": "Step"}]},
    "Done": {"Type": "Pass", "Parameters": {"all.$": "States.Array($i, $text)"}, "OutputPath": "$.all", "End": True}}}
MAP = {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": {
    "Type": "Map", "Items": "{% $states.input.items %}", "End": True,
    "ItemProcessor": {"StartAt": "P", "States": {
        "P": {"Type": "Pass", "Output": {"text": "{% 'item ' & $string($states.input) %}", "n": "{% $states.input %}"},
              "Next": "Q"},
        "Q": {"Type": "Pass", "Output": "{% $states.input.n * 2 %}", "End": True}}},
    "Output": ["{% $count($states.result) %}", "{% $states.result[-1] %}"]}}}
DISTRIBUTED = {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": {
    "Type": "Map", "End": True,
    "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSONL"},
                   "Arguments": {"Bucket": "b", "Key": "k"}},
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                      "StartAt": "P", "States": {"P": {"Type": "Pass", "Output": "{% $states.input.i * 2 %}",
                                                      "End": True}}},
    "Output": ["{% $count($states.result) %}", "{% $states.result[-1] %}"]}}}


def peak(machine, n):
    """Bytes that the process had at most, and the execution's output."""
    request = {"id": 1, "op": "run", "definition": machine, "input": {"n": n}}
    if machine is DISTRIBUTED:
        request["objects"] = {"b/k": "".join('{"i":%d}\n' % (i + 1) for i in range(n))}
    else:
        request["type"] = "EXPRESS"  # no limit of events
    if machine is MAP:  # the service bounds what an expression makes, [1..n] for one
        request["input"]["items"] = list(range(1, n + 1))
    request = json.dumps(request) + "\n"
    with subprocess.Popen([run.tool("requests")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        child.stdin.write(request)
        child.stdin.flush()
        reply = json.loads(child.stdout.readline())
        with open("/proc/%d/status" % child.pid) as f:
            high = next(int(line.split()[1]) for line in f if line.startswith("VmHWM:"))
        child.stdin.close()
    if child.returncode != 0 or reply.get("status") != "SUCCEEDED":
        sys.exit("FAIL: %s" % (reply,))
    return high * 1024, reply["output"]


def main():
    n, failed = int(sys.argv[1]), 0
    for name, machine, last, an_item in (("loop, JSONata", LOOP, "turn %d" % (n - 1), 0),
                                         ("loop, JSONPath", LOOP_PATH, "turn %d" % (n - 1), 0), ("Map", MAP, 2 * n, ITEM),
                                         ("distributed Map", DISTRIBUTED, 2 * n, ITEM_READ)):
        before, _ = peak(machine, 1000)
        bytes_held, output = peak(machine, n)
        limit = before + SLACK + an_item * n
        fine = output == [n, last] and bytes_held <= limit
        failed += not fine
        print("%s%s of %d: %d KiB, of %d KiB allowed; %s" % ("" if fine else "FAIL ", name, n, bytes_held >> 10, limit >> 10,
                                                            output))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
