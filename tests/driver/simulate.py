#!/usr/bin/env python3
"""aslc run with stand-ins, and executions that stop and go on: --mock, --test-case, --machine, --bucket,
--child, --stop-after, --save, --resume."""
import json
import os
import subprocess
import tempfile

ASLC = os.path.abspath("aslc")
MACHINE = {"QueryLanguage": "JSONata", "StartAt": "Get", "States": {
    "Get": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f"},
            "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 2}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
            "Output": "{% $states.result %}", "Next": "Which"},
    "Which": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n > 2 %}", "Next": "Put"}],
              "Default": "Done"},
    "Put": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
            "Arguments": {"Bucket": "b", "Key": "a/k", "Body": "{% $string($random()) %}"},
            "Next": "Child"},
    "Child": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
              "Arguments": {"StateMachineArn": "inner", "Input": {"n": 20}},
              "Output": "{% $states.result.Output %}", "Next": "Done"},
    "Lost": {"Type": "Fail", "Error": "Lost"},
    "Done": {"Type": "Succeed"}}}
INNER = {"QueryLanguage": "JSONata", "StartAt": "W", "States": {
    "W": {"Type": "Wait", "Seconds": 9, "Next": "P"},
    "P": {"Type": "Pass", "Output": "{% $states.input.n + 1 %}", "End": True}}}
MOCK = {"StateMachines": {"m": {"TestCases": {
            "small": {"Get": "small"}, "busy": {"Get": "busy"}, "lost": {"Get": "gone"}, "bad": {"Get": "x"}}}},
        "MockedResponses": {
            "small": {"0": {"Return": {"n": 1}}},
            "busy": {"0-1": {"Throw": {"Error": "Busy", "Cause": "c"}}, "2": {"Return": {"n": 3}}},
            "gone": {"0": {"Throw": {"Error": "Gone"}}}}}


def write(name, value):
    with open(name, "w", encoding="utf-8") as f:
        json.dump(value, f)


def aslc(*args):
    done = subprocess.run([ASLC, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stdout, done.stderr


def run(test, *more):
    return aslc("run", "m.asl.json", "--mock", "mock.json", "--test-case", test, "--bucket", "b=bucket",
                "--child", "inner=inner.json", *more)


def check(what, found, expected):
    assert found == expected, "%s: %r, expected %r" % (what, found, expected)


def test_mocks():
    check("small", run("small", "--json")[:2], (0, '{"status":"SUCCEEDED","output":{"n":1}}\n'))
    check("busy", run("busy", "--json")[:2], (0, '{"status":"SUCCEEDED","output":21}\n'))
    assert os.path.exists("bucket/a/k")
    check("lost", run("lost", "--json")[:2], (1, '{"status":"FAILED","error":"Lost"}\n'))
    code, _, words = aslc("run", "m.asl.json")
    assert code == 2 and "--mock FILE --test-case NAME" in words, words
    for args, said in ((("bad",), "'MockedResponses' does not have"),
                       (("none",), "it has: 'small', 'busy', 'lost', 'bad'"),
                       (("small", "--machine", "x"), "it has: 'm'"),
                       (("small", "--bucket", "c"), "NAME=DIR"),
                       (("small", "--bucket", "c=nowhere"), "no folder")):
        code, _, words = run(*args)
        assert code == 2 and said in words, words
    code, _, words = aslc("run", "m.asl.json", "--test-case", "small")
    assert code == 2 and "--mock" in words, words


def test_resume():
    whole = run("busy", "--history", "--seed", "7")[1]
    for n in range(5):
        code, out, words = run("busy", "--history", "--seed", "7", "--stop-after", str(n), "--save", "s.json")
        check("stop after %d" % n, (code, out), (0, ""))
        assert "--resume s.json" in words, words
        check("resume after %d" % n, run("busy", "--history", "--resume", "s.json")[1], whole)
    # twice stopped; and an end before the stop
    run("busy", "--seed", "7", "--stop-after", "1", "--save", "s.json")
    run("busy", "--resume", "s.json", "--stop-after", "3", "--save", "s.json")
    check("resumed twice", run("busy", "--history", "--resume", "s.json")[1], whole)
    check("no stop", run("busy", "--history", "--seed", "7", "--stop-after", "9", "--save", "s2.json")[1],
          whole)
    write("m.asl.json", {**MACHINE, "StartAt": "Which"})
    code, _, words = run("busy", "--resume", "s.json")
    assert code == 2 and "another machine" in words, words


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("bucket")
        for name, value in (("m.asl.json", MACHINE), ("inner.json", INNER), ("mock.json", MOCK)):
            write(name, value)
        test_mocks()
        test_resume()
        os.chdir("/")
    print("simulate: 2 passed, 0 failed")


if __name__ == "__main__":
    main()
