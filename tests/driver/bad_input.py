#!/usr/bin/env python3
"""Input that nobody should send: each gets a clear error and exit code, and nothing is written.

    ASLC=path/to/aslc bad_input.py [--figures]

Time and memory are bounded; --figures prints what they were.
"""
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
    ("line.crud", lambda: b"// " + b"x" * 10000000 + b"\nentity {", 1, r"line\.crud:2:8: error\[A1"),
    ("errors.crud", lambda: b"entity E { key id: uid }\n" * 20000, 1, r"and \d+ more \(\d+ errors"),
    ("open.crud", lambda: b"entity {\n" * 100000, 1, r"error\[A114\]"),
]


def run(folder, *args):
    """Exit code, both outputs, seconds of the processor, and megabytes at the most."""
    with open(os.path.join(folder, "out"), "wb") as out:
        process = subprocess.Popen([ASLC, *args], cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    with open(os.path.join(folder, "out"), "rb") as out:
        text = out.read().decode("utf-8", "replace")
    return process.returncode, text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    figures = "--figures" in sys.argv
    failed = 0
    for name, data, expected, pattern in CASES:
        wrong = []
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, name), "wb") as f:
                size = f.write(data() if callable(data) else data)
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
            if expected != 0 and os.path.exists(os.path.join(folder, "made")):
                wrong.append("something was written")
        failed += bool(wrong)
        for what in wrong:
            print(f"FAIL {name}: {what}")
    print(f"bad input: {len(CASES) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed != 0)


main()
