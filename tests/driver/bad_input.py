#!/usr/bin/env python3
"""Input that nobody should send: each gets a clear error and exit code, and nothing is written.

    ASLC=path/to/aslc bad_input.py [--figures]

Time and memory are bounded; --figures prints what they were.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

ASLC = os.path.abspath(os.environ.get("ASLC", "./aslc"))
# An instrumented or emulated program is slower and larger than what is promised.
SLOW = 10 if os.environ.get("SAN_CFLAGS") else 1
SECONDS, MEGABYTES = 5 * SLOW, 400 * SLOW

ENTITY = """entity E{0} at "/e{0}" {{
  key id: uuid = uuid()
  name: string(1..20)
  create
  get
  update
  delete
}}
"""
ROUND = b'service a { timeout = 20s }\r\n\r\nentity Note at "/notes" {\r\n  key id: uuid = uuid()\r\n  create\r\n}\r\n'


def program():
    with open(ASLC, "rb") as f:
        return f.read()


def entities():
    return "".join(ENTITY.format(i) for i in range(10000)).encode()


def states():
    rows = "".join(f'"S{i}": {{"Type": "Pass", "Next": "S{i + 1}"}},' for i in range(100000))
    return ('{"StartAt": "S0", "States": {' + rows + ' "S100000": {"Type": "Succeed"}}}').encode()


def passing(fields):
    """A machine of one Pass state with further fields."""
    return ('{"StartAt": "A", "States": {"A": {"Type": "Pass", ' + fields + ' "End": true}}}').encode()


def untyped():
    return ('{"StartAt": "A", "States": {' + ",".join(f'"S{i}": {{}}' for i in range(50000)) + "}}").encode()


# name, bytes or what makes them (this process has to stay small: its children begin with its size),
# exit code of check, what it must say
CASES = [
    ("empty.crud", b"", 1, r"empty\.crud:1:1: error\[A113\]: the file declares nothing"),
    ("blank.crud", b" \n\t\n// nothing\n", 1, r"error\[A113\]"),
    ("empty.json", b"", 1, r"empty\.json:1:1: error\[A150\]"),
    ("binary.crud", lambda: bytes(range(256)) * 400, 1, r"error\[A1(08|12)\]"),
    ("binary.json", lambda: bytes(range(256)) * 400, 1, r"error\[A15[02]\]"),
    ("zeros.crud", lambda: b"\0" * 1000000, 1, r"error\[A108\]"),
    ("zeros.json", lambda: b"\0" * 1000000, 1, r"error\[A150\]"),
    ("comment.crud", b"service a { }\n// a\0b\n", 1, r"comment\.crud:2:5: error\[A108\]"),
    ("program.crud", program, 1, r"error\[A1"),
    ("braces.crud", lambda: b"{" * 10000000, 1, r"error\[A1"),
    ("braces.json", lambda: b"{" * 10000000, 1, r"error\[A15[03]\]"),
    ("brackets.json", lambda: b"[" * 10000000, 1, r"error\[A153\]"),
    ("pairs.json", lambda: b'{"a":' * 2000000, 1, r"error\[A153\]"),
    ("parentheses.crud", lambda: b"entity E { check " + b"(" * 1000000, 1, r"error\[A114\]"),
    ("entities.crud", entities, 1,
     r"error\[A238\]: more than 300 resources"),
    ("states.json", states, 1,
     r"error\[A623\]: the definition of 'states' has \d+ bytes; the service takes 1048576"),
    ("latin1.crud", 'entity N { key id: string = "\xe9" }'.encode("latin-1"), 1, r"latin1\.crud:1:\d+: error\[A112\]"),
    ("latin1.json", '{"Comment": "\xe9"}'.encode("latin-1"), 1, r"latin1\.json:1:\d+: error\[A152\]"),
    ("overlong.json", b'{"Comment": "\xc0\xaf"}', 1, r"error\[A152\]"),
    ("surrogate.crud", b'entity N { key id: string = "\xed\xa0\x80" }', 1, r"error\[A112\]"),
    ("utf16.crud", 'entity N { key id: string }'.encode("utf-16"), 1, r"error\[A112\][\s\S]*UTF-16"),
    ("round.crud", ROUND, 0, r"\A\Z"),
    ("wrong-round.crud", ROUND.replace(b"uuid()", b"uid()"), 1, r"wrong-round\.crud:4:\d+: error\[A203\]"),
    ("round.json", b'{"StartAt": "A",\r\n"States": {"A": {"Type": "Pass",\r\n "End": true}}}\r\n', 0, r"\A\Z"),
    ("name.crud", lambda: b"entity " + b"N" * 1000000 + b" { key id: uuid }", 1, r"error\[A115\]"),
    ("name.json", lambda: b'{"StartAt": "A", "States": {"' + b"A" * 1000000 + b'": {"Type": "Pass", "End": true}}}', 1,
     r"error\[A164\]"),
    ("mark.json", b"\xef\xbb\xbf" + passing(""), 1, r"mark\.json:1:1: error\[A150\]: .*byte order mark"),
    ("utf16.json", passing("").decode().encode("utf-16"), 1, r"error\[A152\]"),
    ("repeated.json", b'{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Succeed"}}}', 1,
     r"repeated\.json:1:55: error\[A151\]"),
    ("repeated-many.json", lambda: b"{" + b'"a":1,' * 150000 + b'"a":1}', 1, r"error\[A151\]"),
    ("half.json", rb'{"StartAt": "\ud800", "States": {"\ud800": {"Type": "Pass", "End": true}}}', 0, r"\A\Z"),
    ("nul.json", rb'{"StartAt": "a\u0000", "States": {"a\u0000": {"Type": "Pass", "End": true}}}', 1, r"error\[A164\]"),
    ("control.json", b'{"Comment": "\x07"}', 1, r"control\.json:1:14: error\[A150\]"),
    ("number.json", lambda: passing('"Result": ' + "9" * 500000 + ","), 0, r"\A\Z"),
    ("infinite.json", b'{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1e400, "End": true}}}', 1,
     r"error\[A156\]"),
    ("path.json", lambda: passing('"InputPath": "$' + ".a" * 400000 + '",'), 0, r"\A\Z"),
    ("filter.json", lambda: passing('"InputPath": "$[?(' + "(" * 400000 + '",'), 1, r"error\[A170\]"),
    ("call.json", lambda: passing('"Parameters": {"a.$": "' + "States.Array(" * 50000 + '"},'), 1, r"error\[A171\]"),
    ("jsonata.json", lambda: passing('"QueryLanguage": "JSONata", "Output": "{%' + "(" * 500000 + '%}",'), 1,
     r"error\[A175\]"),
    ("sum.json", lambda: passing('"QueryLanguage": "JSONata", "Output": "{%1' + "+1" * 200000 + '%}",'), 1,
     r"error\[A175\]"),
    ("field.json", lambda: passing('"' + "x" * 500000 + '": 1,'), 1, r"error\[A155\]"),
    ("untyped.json", untyped, 1, r"error\[A158\]"),
    ("placeholder.json", b'{"StartAt": ${x, "States": {}}', 1, r"placeholder\.json:1:13: error\[A150\]"),
    ("array.json", b"[1, 2]", 1, r"error\[A156\]: a machine is a JSON object"),
    ("line.crud", lambda: b"// " + b"x" * 10000000 + b"\nentity {", 1, r"line\.crud:2:8: error\[A1"),
    ("errors.crud", lambda: b"entity E { key id: uid }\n" * 20000, 1, r"and \d+ more \(\d+ errors"),
    ("open.crud", lambda: b"entity {\n" * 100000, 1, r"error\[A114\]"),
]


def run(folder, *args, stdin=os.devnull):
    """Exit code, both outputs, seconds of the processor, and megabytes at the most."""
    with open(os.path.join(folder, "out"), "wb") as out, open(stdin, "rb") as given:
        process = subprocess.Popen([ASLC, *args], cwd=folder, stdin=given, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    with open(os.path.join(folder, "out"), "rb") as out:
        text = out.read().decode("utf-8", "replace")
    return process.returncode, text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def batch(folder, data, expected):
    """What is wrong with the answers of `aslc batch` to the same text: the service takes 1 MiB of it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return []
    if not 0 < len(text) <= 1048576:
        return []
    with open(os.path.join(folder, "in"), "w", encoding="utf-8") as f:
        for op in ("validate", "create"):
            f.write(json.dumps({"op": op, "definition": text}) + "\n")
    code, said, seconds, megabytes = run(folder, "batch", stdin=os.path.join(folder, "in"))
    wrong = []
    if code != 0 or len(said.splitlines()) != 2:
        wrong.append(f"batch: exit code {code}, {len(said.splitlines())} answers")
    elif expected == 0 and said.count('"result":"OK"') != 2:
        wrong.append(f"batch does not take it: {said[:500]}")
    if seconds > SECONDS or megabytes > MEGABYTES:
        wrong.append(f"batch takes {seconds:.1f} s and {megabytes:.0f} MB")
    return wrong


def main():
    figures = "--figures" in sys.argv
    failed = 0
    for name, data, expected, pattern in CASES:
        wrong = []
        with tempfile.TemporaryDirectory() as folder:
            content = data() if callable(data) else data
            with open(os.path.join(folder, name), "wb") as f:
                size = f.write(content)
            for command in (["check", name], ["build", name, "-o", "made", "--emit", "asl"]):
                code, text, seconds, megabytes = run(folder, *command)
                if code != expected:
                    wrong.append(f"{command[0]}: exit code {code}, not {expected}:\n{text[:2000]}")
                if not re.search(pattern, re.sub(r"^\d+ (errors?|warnings?).*\n", "", text, flags=re.M)):
                    wrong.append(f"{command[0]} does not say {pattern}:\n{text[:2000]}")
                if len(text) > 100000:
                    wrong.append(f"{command[0]} says {len(text)} bytes")
                if seconds > SECONDS or megabytes > MEGABYTES:
                    wrong.append(f"{command[0]} takes {seconds:.1f} s and {megabytes:.0f} MB")
                if figures:
                    print(f"{name:20} {size:9} bytes  {command[0]:5}  exit {code}  {seconds:5.2f} s  {megabytes:4.0f} MB")
            if name.endswith(".json"):
                wrong += batch(folder, content, expected)
            if expected != 0 and os.path.exists(os.path.join(folder, "made")):
                wrong.append("something was written")
        failed += bool(wrong)
        for what in wrong:
            print(f"FAIL {name}: {what}")
    print(f"bad input: {len(CASES) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed != 0)


main()
