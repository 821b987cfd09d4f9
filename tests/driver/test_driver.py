#!/usr/bin/env python3
"""The command line of aslc: what it takes and refuses, what it prints where, and its exit codes.

    ASLC=path/to/aslc srcdir=DIR test_driver.py [unittest arguments]

0: fine; 1: the input has errors, or the execution failed; 2: usage, files or memory.  Results go to
standard output, words to standard error.
"""
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import unittest

ASLC = os.path.abspath(os.environ.get("ASLC", "./aslc"))
SOURCE = os.path.abspath(os.environ.get("srcdir", "."))
VEHICLES = os.path.join(SOURCE, "samples", "vehicles.crud")
PICTURES = os.path.exists(os.path.join(os.path.dirname(ASLC), ".libs", "aslc-graphviz.so"))

SMALL = """\
service notes {
  timeout = 20s
}

entity Note at "/notes" {
  key id: uuid = uuid()
  title: string(1..20)

  create
  get
}
"""
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
WRONG = '{"StartAt": "B", "States": {"A": {"Type": "Pass", "End": true}}}'
FAIL = '{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Broken", "Cause": "it is"}}}'
BARE = """{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
  "Resource": "arn:aws:states:::dynamodb:getItem",
  "Parameters": {"TableName": "T", "Key": {"id": {"S": "1"}}}}}}"""


class Driver(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return name

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def aslc(self, *args, code=0, out=None, err=None, stdin=None, env=None):
        """Runs aslc in the test's folder; `out` and `err` are patterns, "" for nothing at all."""
        p = subprocess.run([ASLC, *args], cwd=self.folder, input=stdin, capture_output=True, text=True,
                           timeout=120, env={**os.environ, "TERM": "xterm", **(env or {})})
        said = f"aslc {' '.join(args)}\nexit code {p.returncode}\n{p.stdout}{p.stderr}"
        self.assertEqual(p.returncode, code, said)
        for pattern, text in ((out, p.stdout), (err, p.stderr)):
            if pattern == "":
                self.assertEqual(text, "", said)
            elif pattern is not None:
                self.assertRegex(text, pattern, said)
        return p

    def files(self):
        """Every file and folder below the test's folder."""
        return sorted(os.path.relpath(os.path.join(top, name), self.folder)
                      for top, folders, names in os.walk(self.folder) for name in folders + names)


class Usage(Driver):
    """What is wrong with the command line is told before anything is done; exit code 2."""

    def wrong(self, *args, err):
        self.aslc(*args, code=2, out="", err=err)

    def test_no_command(self):
        self.wrong(err=r"usage: aslc COMMAND")

    def test_help(self):
        self.aslc("--help", out=r"usage: aslc COMMAND[\s\S]*\bexplain\b", err="")
        self.aslc("check", "-h", out=r"usage: aslc check \[FLAGS\] FILE\.\.\.[\s\S]*--min-coverage", err="")

    def test_version(self):
        self.aslc("--version", out=r"^aslc \d+\.\d+\.\d+\n$", err="")

    def test_unknown_command(self):
        self.wrong("chek", "x.crud", err=r"unknown command 'chek'; did you mean 'check'\?")
        self.wrong("frobnicate", err=r"unknown command 'frobnicate' \(see 'aslc --help'\)")

    def test_unknown_flag(self):
        self.wrong("check", "--formt", "json", "x", err=r"unknown flag '--formt'; did you mean '--format'\?")
        self.wrong("check", "--formt=json", "x", err=r"unknown flag '--formt'; did you mean '--format'\?")
        self.wrong("check", "-q", "x", err=r"unknown flag '-q' \(see 'aslc check --help'\)")
        self.wrong("--verbose", err=r"unknown flag '--verbose'")

    def test_flag_of_another_command(self):
        self.wrong("check", "--port", "1", "x", err=r"'check' has no flag '--port'; 'serve' has")
        self.wrong("--port", "1", "check", "x", err=r"'check' has no flag '--port'; 'serve' has")

    def test_values(self):
        self.wrong("check", "x", "--format", err=r"'--format' needs a value: text\|json\|sarif\|github")
        self.wrong("check", "--coverage=yes", "x", err=r"'--coverage' takes no value")
        self.wrong("build", "-MD=yes", "x", err=r"'-MD' takes no value")
        self.wrong("check", "--format", "json", "--format", "text", "x", err=r"'--format' is given twice")

    def test_words(self):
        for flag, value, near in (("--format", "jsn", "json"), ("--layout", "routr", "router"),
                                  ("--type", "expres", "express"), ("--color", "nevr", "never")):
            self.wrong("check", flag, value, "x", err=rf"'{flag}' knows no '{value}'; did you mean '{near}'\?\n\Z")
        self.wrong("check", "--format", "yaml", "x", err=r"'--format' knows no 'yaml'; it takes text\|json")

    def test_numbers(self):
        self.file("a.json", PASS)
        for value in ("abc", "-1", "101", ""):
            self.wrong("check", "--min-coverage", value, "a.json", err=r"takes a number from 0 to 100")
        self.wrong("run", "--seed", "x", "a.json", err=r"'--seed' takes a number")
        self.wrong("run", "--time-scale", "0", "a.json", err=r"'--time-scale' takes a number")

    def test_warnings(self):
        self.wrong("check", "-Wnonsense", "x", err=r"'-Wnonsense' names no diagnostic")
        self.wrong("check", "-Wno-unknown-sate", "x", err=r"did you mean 'unknown-state'")
        self.wrong("check", "-Wno-unknown-state", "x", err=r"can't be applied")  # an error stays one

    def test_files(self):
        self.wrong("check", err=r"'check' needs at least one file")
        for command in ("run", "serve", "test", "graph"):
            self.wrong(command, err=rf"'{command}' needs one file")
        self.wrong("build", "x.crud", err=r"aslc build FILE -o DIR")
        self.wrong("build", "-o", "out", err=r"aslc build FILE -o DIR")
        self.wrong("build", "x.crud", "-o", "", err=r"'--output' is empty; '\.' is this folder\n\Z")
        self.wrong("graph", "--diff", "a.json", err=r"needs two files")
        self.wrong("fmt", err=r"'fmt' needs at least one file")
        self.wrong("eval", err=r"needs one expression")

    def test_unreadable(self):
        self.aslc("check", "none.crud", code=2, err=r"cannot read 'none.crud': No such file")
        self.aslc("check", ".", code=2, err=r"cannot read '\.': it is a folder")
        for command in (["run"], ["serve"], ["graph"], ["build", "-o", "out"]):
            self.aslc(*command, "none.crud", code=2, out="", err=r"cannot read 'none.crud'")
        self.assertEqual(self.files(), [])

    def test_double_dash(self):
        self.file("-x.json", PASS)
        self.aslc("check", "--", "-x.json", out="", err="")
        self.wrong("check", "-x.json", err=r"unknown flag '-x")

    def test_standard_output_is_full(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        self.file("a.json", WRONG)
        for args in (["check", "a.json"], ["explain"], ["--help"], ["graph", "a.json"]):
            with open("/dev/full", "w") as full:
                p = subprocess.run([ASLC, *args], cwd=self.folder, stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(p.returncode, 2, args)
            self.assertRegex(p.stderr, r"cannot write to standard output")


class Check(Driver):
    def test_clean(self):
        self.file("a.json", PASS)
        self.file("b.crud", SMALL)
        self.aslc("check", "a.json", "b.crud", out="", err="")

    def test_errors(self):
        self.file("a.json", WRONG)
        self.aslc("check", "a.json", code=1, out=r"a\.json:1:13: error\[A302\]", err=r"^\d errors?")

    def test_many_files(self):
        """One process; each file's diagnostics, in the order of the files; trouble wins."""
        for i in range(50):
            self.file(f"{i:02}.json", WRONG if i % 10 == 3 else PASS)
        p = self.aslc("check", *[f"{i:02}.json" for i in range(50)], code=1)
        self.assertEqual(re.findall(r"^(\d\d)\.json:\S+ error\[A302\]", p.stdout, re.M),
                         ["03", "13", "23", "33", "43"])
        self.aslc("check", "03.json", "none.json", code=2, out=r"A302", err=r"cannot read 'none.json'")

    def test_standard_input(self):
        self.aslc("check", "-", stdin=SMALL, out="")
        self.aslc("check", "-", stdin=WRONG, code=1, out=r"<stdin>:1:13: error\[A302\]")

    def test_warnings(self):
        self.file("a.json", BARE)
        self.aslc("check", "a.json", out=r"warning\[A401\]")
        self.aslc("check", "-Wno-A401", "a.json", out=r"\A((?!A401)[\s\S])*\Z")
        self.aslc("check", "-W", "error=A401", "a.json", code=1, out=r"error\[A401\]")
        self.aslc("check", "-Werror", "a.json", code=1, out=r"error\[A401\]")
        self.aslc("check", "-Werror", "-Wno-error=A401", "a.json", code=1, out=r"warning\[A401\]")

    def test_json(self):
        self.file("a.json", WRONG)
        shape = json.loads(self.aslc("check", "--format", "json", "a.json", code=1).stdout)
        self.assertEqual(list(shape), ["format_version", "valid", "error_count", "warning_count", "diagnostics"])
        self.assertEqual((shape["format_version"], shape["valid"]), ("1.0", False))
        self.assertEqual(shape["error_count"], len([d for d in shape["diagnostics"] if d["severity"] == "error"]))
        first = shape["diagnostics"][0]
        self.assertEqual((first["code"], first["slug"], first["pointer"]), ("A302", "start-at", "/StartAt"))
        self.assertEqual(first["range"]["filename"], "a.json")
        self.assertEqual(first["range"]["start"], {"line": 1, "column": 13, "byte": 12})

    def test_other_forms(self):
        self.file("a.json", WRONG)
        sarif = json.loads(self.aslc("check", "--format=sarif", "a.json", code=1).stdout)
        self.assertEqual(sarif["version"], "2.1.0")
        self.assertIn("A302", {r["ruleId"] for r in sarif["runs"][0]["results"]})
        self.aslc("check", "--format=github", "a.json", code=1, out=r"^::error file=a\.json,line=1,")

    def test_coverage(self):
        self.file("a.json", BARE)
        self.aslc("check", "--coverage", "a.json", out=r"error coverage: 0\.0 % of 1 task\n\Z")
        self.aslc("check", "--min-coverage", "1", "a.json", code=1, err=r"handles 0\.0 % of its errors")
        self.aslc("check", "--min-coverage", "0", "a.json")
        self.aslc("check", "--min-coverage", "100", VEHICLES, out="", err="")
        p = self.aslc("check", "--coverage", "--format", "json", "a.json", VEHICLES)
        self.assertEqual([m["machine"] for m in json.loads(p.stdout)["coverage"]], ["a", "vehicles"])
        p = self.aslc("check", "--coverage", "--format", "sarif", "a.json", err=r"error coverage")
        self.assertEqual(json.loads(p.stdout)["version"], "2.1.0")

    def test_dump(self):
        self.file("a.json", PASS)
        self.aslc("check", "--dump-ir", "a.json", out=r"machine")
        self.aslc("check", "--dump-ir", "--format", "json", "a.json", code=2, out="", err=r"'--dump-ir' prints text")

    def test_colour(self):
        self.file("a.json", WRONG)
        plain, coloured = r"\A[^\x1b]*\Z", r"\x1b\["
        self.aslc("check", "a.json", code=1, out=plain)  # no terminal
        self.aslc("check", "--color", "always", "a.json", code=1, out=coloured, env={"NO_COLOR": "1"})
        self.aslc("check", "--color=never", "a.json", code=1, out=plain)

    def test_colour_on_a_terminal(self):
        import pty
        try:
            for descriptor in pty.openpty():
                os.close(descriptor)
        except OSError as e:
            self.skipTest(f"there are no terminals here: {e}")
        self.file("a.json", WRONG)

        def on_terminal(**env):
            ours, theirs = pty.openpty()
            p = subprocess.run([ASLC, "check", "a.json"], cwd=self.folder, stdout=theirs, stderr=subprocess.DEVNULL,
                               env={**os.environ, "TERM": "xterm", "NO_COLOR": "", **env})
            os.close(theirs)
            text = b""
            try:
                while True:
                    text += os.read(ours, 4096)
            except OSError:
                pass  # the other side is closed
            os.close(ours)
            self.assertEqual(p.returncode, 1)
            self.assertIn(b"A302", text)
            return b"\x1b[" in text
        self.assertTrue(on_terminal())
        self.assertFalse(on_terminal(NO_COLOR="1"))
        self.assertFalse(on_terminal(TERM="dumb"))


class Build(Driver):
    def test_all(self):
        self.file("notes.crud", SMALL)
        self.aslc("build", "notes.crud", "-o", "out", out="", err="")
        for name in ("notes.asl.json", "main.tf", "iam.tf", "openapi.json", "README.md", "notes.mmd", "notes.c",
                     "notes.h", "notes_main.c", "tests/unit.tftest.hcl") + (("notes.svg",) if PICTURES else ()):
            self.assertIn("out/" + name, self.files())
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("out/main.tf")).st_mode), 0o666 & ~mask)

    def test_emit(self):
        self.file("notes.crud", SMALL)
        self.aslc("build", "notes.crud", "-o", "out", "--emit", "asl,native")
        self.assertEqual(self.files(), ["notes.crud", "out", "out/notes.asl.json", "out/notes.c", "out/notes.h",
                                        "out/notes_main.c"])
        self.aslc("build", "notes.crud", "-o", "o", "--emit", "asl,yaml", code=2, err=r"'--emit' knows no 'yaml'")
        self.aslc("build", "notes.crud", "-o", "o", "--emit", "", code=2, err=r"needs at least one of")

    def test_layout(self):
        self.file("notes.crud", SMALL)
        self.aslc("build", "notes.crud", "-o", "out", "--emit", "asl", "--layout", "per-operation")
        self.assertEqual([f for f in self.files() if f.endswith(".json")],
                         ["out/notes-createNote.asl.json", "out/notes-getNote.asl.json"])

    def test_asl(self):
        self.file("flow.asl.json", PASS)
        self.aslc("build", "flow.asl.json", "-o", "out")
        self.assertIn("out/flow.asl.json", self.files())
        self.assertNotIn("out/openapi.json", self.files())

    def test_nothing_on_errors(self):
        self.file("a.crud", SMALL.replace("uuid()", "uid()"))
        self.aslc("build", "a.crud", "-o", "out", code=1, out="", err=r"error\[A")
        self.file("b.json", WRONG)
        self.aslc("build", "b.json", "-o", "out", code=1, out="", err=r"error\[A302\]")
        self.file("c.json", BARE)
        self.aslc("build", "-Werror", "c.json", "-o", "out", code=1, err=r"error\[A401\]")
        self.assertEqual(self.files(), ["a.crud", "b.json", "c.json"])

    def test_file_in_the_way(self):
        self.file("notes.crud", SMALL)
        self.file("out", "precious")
        self.aslc("build", "notes.crud", "-o", "out", code=2, err=r"cannot make the folder 'out'")
        self.aslc("build", "notes.crud", "-o", "out/deeper/still", code=2, err=r"cannot make the folder 'out'")
        self.assertEqual(self.read("out"), "precious")
        os.makedirs(self.path("other/notes.h"))  # a folder where a file has to go, among the last
        self.aslc("build", "notes.crud", "-o", "other", code=2, err=r"cannot write 'other/notes.h': Is a directory")
        self.assertEqual(self.files(), ["notes.crud", "other", "other/notes.h", "out"])

    def test_unwritable_folder(self):
        self.file("notes.crud", SMALL)
        folder = "/proc/self"  # nobody may write there, not even root
        self.aslc("build", "notes.crud", "-o", folder + "/out", code=2, err=r"cannot make the folder")
        os.mkdir(self.path("locked"), 0o555)
        if os.geteuid() != 0:
            self.aslc("build", "notes.crud", "-o", "locked", code=2, err=r"cannot write 'locked/.*Permission denied")
        self.assertEqual(self.files(), ["locked", "notes.crud"])

    def test_old_files_come_back(self):
        """One of the files can't be replaced, which shows only when others are: all are as they were."""
        if os.geteuid() != 0:
            self.skipTest("only root can give a file to another user")
        self.file("notes.crud", SMALL)
        os.chmod(self.folder, 0o755)
        os.mkdir(self.path("out"))
        os.chmod(self.path("out"), 0o1777)  # everybody replaces what is theirs
        nobody = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": self.folder, "capture_output": True}
        try:
            build = [ASLC, "build", "notes.crud", "-o", "out"]
            if subprocess.run(build, **nobody).returncode != 0:
                self.skipTest("other users can't run the program here")
        except PermissionError:
            self.skipTest("other users can't run the program here")
        os.unlink(self.path("out/notes.asl.json"))
        os.chown(self.path("out/outputs.tf"), 0, 0)
        names = self.files()
        before = {name: self.read(name) for name in names if os.path.isfile(self.path(name))}
        self.file("notes.crud", SMALL.replace("20s", "19s"))
        before["notes.crud"] = self.read("notes.crud")
        done = subprocess.run(build, **nobody)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"cannot write 'out/outputs.tf'", done.stderr)
        self.assertEqual(self.files(), names)
        self.assertEqual({name: self.read(name) for name in before}, before)

    def test_full_disk(self):
        self.file("notes.crud", SMALL)
        os.mkdir(self.path("disk"))
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", self.path("disk")],
                               capture_output=True, text=True)
        if mount.returncode != 0:
            self.skipTest("a small file system can't be mounted here")
        try:
            with open(self.path("disk/old"), "w") as f:
                f.write("kept")
            self.aslc("build", "notes.crud", "-o", "disk/out", code=2, out="", err=r"No space left on device")
            self.assertEqual(os.listdir(self.path("disk")), ["old"])
        finally:
            subprocess.run(["umount", self.path("disk")], check=True)

    def test_same_bytes(self):
        self.file("notes.crud", SMALL)
        self.aslc("build", "notes.crud", "-o", "one")
        self.aslc("build", "notes.crud", "-o", "two")
        subprocess.run(["diff", "-r", self.path("one"), self.path("two")], check=True)

    def test_depfile(self):
        folder = "with blank $and #"
        os.mkdir(self.path(folder))
        self.file(folder + "/notes.crud", SMALL)
        self.file("flat.crud", SMALL)
        self.aslc("build", "flat.crud", "-o", "out", "--emit", "asl", "-MD")
        self.assertEqual(self.read("out/flat.d"), "out/.stamp \\\n  out/notes.asl.json: flat.crud\n\nflat.crud:\n")
        self.aslc("build", folder + "/notes.crud", "-o", folder, "--emit", "asl", "-MD")
        makefile = f"include {folder.replace(' ', chr(92) + ' ').replace('$', '$$').replace('#', chr(92) + '#')}/notes.d\n"
        self.file("Makefile", "all:\n" + makefile)
        subprocess.run(["make", "-s", "all"], cwd=self.folder, check=True)


class Graph(Driver):
    def test_forms(self):
        self.file("a.json", PASS)
        for name, start in (("a.dot", b"digraph"), ("a.mmd", b"flowchart"), ("a.svg", b"<?xml"),
                            ("a.png", b"\x89PNG"), ("a.pdf", b"%PDF")):
            if not PICTURES and name[2:] in ("svg", "png", "pdf"):
                self.aslc("graph", "a.json", "-o", name, code=2, err=r"needs the module 'aslc-graphviz'")
                continue
            self.aslc("graph", "a.json", "-o", name, out="", err="")
            with open(self.path(name), "rb") as f:
                self.assertTrue(f.read(2000).lstrip().startswith(start), name)

    def test_standard_output(self):
        self.file("a.json", PASS)
        self.aslc("graph", "a.json", out=r"\Adigraph", err="")
        self.aslc("graph", "-", stdin=PASS, out=r"\Adigraph")

    def test_unknown_form(self):
        self.file("a.json", PASS)
        for name in ("a.gif", "a", "svg"):
            self.aslc("graph", "a.json", "-o", name, code=2, err=r"cannot tell the form of")
        self.assertEqual(self.files(), ["a.json"])

    def test_wrong_machine_is_drawn(self):
        self.file("a.json", '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}')
        self.aslc("graph", "a.json", "-o", "a.dot")
        self.file("b.json", "{")
        self.aslc("graph", "b.json", "-o", "b.dot", code=1, err=r"error\[A150\]")
        self.assertEqual(self.files(), ["a.dot", "a.json", "b.json"])

    def test_diff(self):
        self.file("old.json", PASS)
        self.file("new.json", '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}')
        self.aslc("graph", "--diff", "old.json", "new.json", out=r"digraph[\s\S]*added", err="")
        self.aslc("graph", "--diff", "old.json", "new.json", "-o", "d.mmd")
        self.aslc("graph", "--diff", "old.json", "none.json", code=2, err=r"cannot read 'none.json'")


CHOICE = """{"StartAt": "A", "States": {
  "A": {"Type": "Choice", "Default": "T", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "B"}]},
  "B": {"Type": "Pass", "End": true},
  "T": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": true,
    "Parameters": {"TableName": "none", "Key": {"id": {"S": "1"}}},
    "Retry": [{"ErrorEquals": ["Never"]}, {"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]}}}"""


class Coverage(Driver):
    """What runs took, added up in a file; tests/exec has the engine's side."""

    def setUp(self):
        super().setUp()
        self.file("m.json", CHOICE)

    def run_counted(self, *inputs):
        for n in inputs:
            self.aslc("run", "m.json", "--input", '{"n": %d}' % n, "--coverage", "c")

    def items(self):
        p = self.aslc("coverage", "m.json", "--coverage", "c", "--json", err="")
        [machine] = json.loads(p.stdout)["machines"]
        return machine, {i["missing"]: i["line"] for i in machine["items"] if i["times"] == 0}

    def test_sums(self):
        self.run_counted(1)
        machine, missing = self.items()
        self.assertEqual((machine["runs"], machine["states"]["taken"], machine["states"]["total"]), (1, 2, 3))
        self.assertEqual(missing, {"'T' was never entered": 4, "'T' never came to its end": 4,
                                   "'A' never went to 'T' by its Default": 2, "'T' never went to 'B' by catcher 1": 7,
                                   "'T' was never tried again by retrier 1": 6,
                                   "'T' was never tried again by retrier 2": 6})
        self.run_counted(2, 2)
        machine, missing = self.items()
        self.assertEqual(list(missing), ["'T' never came to its end", "'T' was never tried again by retrier 1"])
        times = [(i["kind"], i["state"], i["times"]) for i in machine["items"]]
        self.assertEqual(times, [("state", "A", 3), ("branch", "A", 1), ("branch", "A", 2), ("state", "B", 3),
                                 ("transition", "B", 3), ("state", "T", 2), ("transition", "T", 0),
                                 ("catcher", "T", 2), ("retrier", "T", 0), ("retrier", "T", 4)])

    def test_threshold(self):
        self.run_counted(1, 2)
        self.aslc("coverage", "m.json", "--coverage", "c", "--min-taken", "80", out=r"all +80\.0 %  8 of 10\n", err="")
        self.aslc("coverage", "m.json", "--coverage", "c", "--min-taken", "80.1", code=1, err=r"took 80\.0 % .* 80\.1 %")
        self.aslc("coverage", "m.json", "--coverage", "c", "--min-taken", "x", code=2, err=r"from 0 to 100")

    def test_lcov(self):
        self.run_counted(1)
        p = self.aslc("coverage", "m.json", "--coverage", "c", "--lcov", err="")
        self.assertEqual(p.stdout.splitlines(), [
            "TN:", "SF:m.json", "FN:2,A", "FNDA:1,A", "BRDA:2,1,0,1", "BRDA:2,1,1,0", "FN:3,B", "FNDA:1,B",
            "BRDA:3,2,0,1", "FN:4,T", "FNDA:0,T", "BRDA:4,3,0,-", "BRDA:4,3,1,-", "BRDA:4,3,2,-", "BRDA:4,3,3,-",
            "FNF:3", "FNH:2", "BRF:7", "BRH:2", "DA:2,1", "DA:3,1", "DA:4,0", "LF:3", "LH:2", "end_of_record"])

    def test_picture(self):
        self.run_counted(1)
        p = self.aslc("graph", "m.json", "--coverage", "c", err="")
        self.assertRegex(p.stdout, r'label="T\\ngetItem .*never entered".*fillcolor="#f9d0cb".*penwidth=2')
        self.assertRegex(p.stdout, r's0 -> s2 .*style=dotted, penwidth=2, label="else \u00b7 never"')
        self.assertRegex(p.stdout, r's0 -> s1 .*color="#0f766e".*1\u00d7"')
        self.run_counted(2)
        self.assertRegex(self.aslc("graph", "m.json", "--coverage", "c").stdout, r'1\u00d7, a retrier never".*#fff0c2')
        self.aslc("graph", "m.json", "--coverage", "c", "-o", "m.mmd")
        self.assertIn("linkStyle 2 stroke:#0f766e", self.read("m.mmd"))
        self.aslc("graph", "--diff", "m.json", "m.json", "--coverage", "c", code=2, err=r"does not go with '--diff'")

    def test_another_machine(self):
        self.run_counted(1)
        before = self.read("c")
        self.file("other.json", CHOICE.replace('"Next": "B"', '"Next": "T"'))
        for command in ("run", "graph", "coverage"):
            self.aslc(command, "other.json", "--coverage", "c", code=2, out="", err=r"'c' was recorded for another machine")
        self.assertEqual(self.read("c"), before)

    def test_files(self):
        self.aslc("coverage", "m.json", "--coverage", "c", code=2, out="", err=r"'c' holds no run of 'm.json'")
        self.aslc("coverage", "m.json", code=2, err=r"'coverage' needs one file and")
        for text, words in (("x", "is no coverage file"), ("{}", "is no coverage file"),
                            ('{"format": "aslc-coverage-1"}', "is damaged")):
            self.file("c", text)
            self.aslc("run", "m.json", "--coverage", "c", code=2, out="", err=rf"'c' {words}")
        os.remove(self.path("c"))
        self.run_counted(1)
        self.file("c", self.read("c").replace('"rules":[1]', '"rules":[1,1]'))
        self.aslc("run", "m.json", "--coverage", "c", code=2, out="", err=r"'c' is damaged: .* not those of its machine")
        self.aslc("run", "m.json", "--coverage", "no/c", code=2, err=r"cannot write beside 'no/c'")
        self.assertEqual(self.files(), ["c", "m.json"])

    def test_at_the_same_time(self):
        running = [subprocess.Popen([ASLC, "run", "m.json", "--input", '{"n": 1}', "--coverage", "c"], cwd=self.folder,
                                    stdout=subprocess.DEVNULL) for _ in range(12)]
        self.assertEqual([p.wait() for p in running], [0] * 12)
        self.assertEqual(self.items()[0]["runs"], 12)
        self.assertEqual(self.files(), ["c", "m.json"])

    def test_batch(self):
        line = '{"id": 1, "op": "run", "definition": %s, "input": {"n": %d}}\n'
        machine = CHOICE.replace("\n", "")
        other = '{"id": 2, "op": "run", "definition": %s}\n' % PASS
        self.aslc("batch", "--coverage", "c", stdin=line % (machine, 1) + other + line % (machine, 2) + "x\n", err="")
        self.aslc("batch", "--coverage", "c", stdin=other)
        self.assertEqual(self.items()[0]["runs"], 2)
        self.file("p.json", PASS)
        self.aslc("coverage", "p.json", "--coverage", "c", out=r"'p', 2 runs\n[\s\S]* all +100\.0 %")

    def test_operations(self):
        self.file("notes.crud", SMALL)
        for layout in ("router", "per-operation"):
            for op in (("createNote", '{"title": "a"}'), ("getNote", '{"id": "00000000-0000-4000-8000-000000000000"}')):
                self.aslc("run", "notes.crud", "--layout", layout, "--operation", op[0], "--input", op[1], "--coverage", layout)
            p = self.aslc("coverage", "notes.crud", "--layout", layout, "--coverage", layout, err="")
            self.assertEqual(p.stdout.count(" run"), 1 if layout == "router" else 2)


class Run(Driver):
    def test_outcomes(self):
        self.file("a.json", PASS)
        self.file("b.json", FAIL)
        self.aslc("run", "a.json", "--input", '{"x":1}', out=r'\A\{\n  "x": 1\n\}\n\Z', err="")
        self.aslc("run", "a.json", out=r"\A\{\}\n\Z")
        self.aslc("run", "b.json", code=1, out="", err=r"FAILED: Broken: it is")
        self.file("c.json", FAIL.replace(', "Cause": "it is"', ""))
        self.aslc("run", "c.json", code=1, out="", err=r"\AFAILED: Broken\n\Z")

    def test_json(self):
        self.file("a.json", PASS)
        self.file("b.json", FAIL)
        p = self.aslc("run", "--json", "a.json", "--input", "[1]")
        self.assertEqual(json.loads(p.stdout), {"status": "SUCCEEDED", "output": [1]})
        p = self.aslc("run", "--json", "b.json", code=1)
        self.assertEqual(json.loads(p.stdout), {"status": "FAILED", "error": "Broken", "cause": "it is"})
        p = self.aslc("run", "--json", "--history", "a.json")
        self.assertEqual([e["type"] for e in json.loads(p.stdout)["history"]],
                         ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"])

    def test_input(self):
        self.file("a.json", PASS)
        self.file("in.json", '{"from": "file"}')
        self.aslc("run", "a.json", "--input", "@in.json", out=r"from")
        self.aslc("run", "a.json", "--input", "@none.json", code=2, err=r"cannot read 'none.json'")
        self.aslc("run", "a.json", "--input", "{", code=2, out="", err=r"'--input' is no JSON")

    def test_operation(self):
        self.file("notes.crud", SMALL)
        p = self.aslc("run", "notes.crud", "--operation", "create", "--input", '{"title":"x"}')
        answer = json.loads(p.stdout)
        self.assertEqual((answer["statusCode"], json.loads(answer["body"])["title"]), (201, "x"))
        self.aslc("run", "notes.crud", "--operation", "getNote", "--input", '{"id":"6f1c1a3e-8f0e-4b63-9d6f-0d6a7b1c2d3e"}',
                  out=r'"statusCode": 404')
        self.aslc("run", "notes.crud", "--operation", "creat", code=2, err=r"is no operation of this file")
        self.aslc("run", "notes.crud", "--operation", "xyz", code=2, err=r"it has 'createNote', 'getNote'\n\Z")
        self.aslc("run", "notes.crud", "--operation", "getNotes", code=2, err=r"file; did you mean 'getNote'\?\n\Z")
        self.aslc("run", "notes.crud", code=2, out="", err=r"needs an operation: '--operation createNote'")
        self.file("a.json", PASS)
        self.aslc("run", "a.json", "--operation", "x", code=2, err=r"needs a \.crud file")

    def test_seed(self):
        self.file("notes.crud", SMALL)
        args = ["run", "notes.crud", "--operation", "createNote", "--input", '{"title":"x"}']
        one, two = self.aslc(*args, "--seed", "7").stdout, self.aslc(*args, "--seed", "7").stdout
        self.assertEqual(one, two)
        self.assertNotEqual(one, self.aslc(*args, "--seed", "8").stdout)

    def test_store(self):
        self.file("notes.crud", SMALL)
        p = self.aslc("run", "notes.crud", "--store", "s.db", "--operation", "create", "--input", '{"title":"x"}')
        key = json.loads(json.loads(p.stdout)["body"])["id"]
        self.aslc("run", "notes.crud", "--store", "s.db", "--operation", "get", "--input", json.dumps({"id": key}),
                  out=r'"statusCode": 200')
        self.aslc("run", "notes.crud", "--store", "no/such/s.db", "--operation", "create", "--input", '{"title":"x"}',
                  code=2, out="", err=r"cannot open the store")
        self.file("text.db", "this is no store of ours, and long enough to look at " * 20)
        self.aslc("run", "notes.crud", "--store", "text.db", "--operation", "create", "--input", '{"title":"x"}',
                  code=2, out="", err=r"cannot open the store")

    def test_time(self):
        self.file("a.json", '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 3000, "End": true}}}')
        self.aslc("run", "a.json")  # virtual: at once
        self.aslc("run", "a.json", "--time-scale", "100000")

    def test_what_cannot_run(self):
        self.file("a.json", '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}')
        self.aslc("run", "a.json", code=1, out="", err=r"error\[A930\]")
        self.file("b.json", '{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": '
                            '"arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "t", "Message": "x"}}}}')
        self.aslc("run", "b.json", code=2, out="", err=r"the execution stopped: .*sns:publish")


class Serve(Driver):
    def test_refusals(self):
        self.file("notes.crud", SMALL)
        self.file("a.json", PASS)
        self.aslc("serve", "a.json", code=2, out="", err=r"has no API")
        for value in ("x", "-1", "65536", ""):
            self.aslc("serve", "notes.crud", "--port", value, code=2, out="", err=r"takes a number from 0 to 65535")
        self.file("wrong.crud", "entity {")
        self.aslc("serve", "wrong.crud", code=1, out="", err=r"error\[A1")


class Eval(Driver):
    def test_values(self):
        self.aslc("eval", "--jsonata", "$sum(a)", "--input", '{"a":[1,2]}', out=r"\A3\n\Z", err="")
        self.aslc("eval", "--jsonata", "nothing", "--input", "{}", out="", err="")
        self.aslc("eval", "--jsonata", "$x + 1", "--bindings", '{"x":1}', out=r"\A2\n\Z")
        self.aslc("eval", "--jsonata", "a ?? 1", "--jsonata-version", "2.2", "--input", "{}", out=r"\A1\n\Z")

    def test_errors(self):
        self.aslc("eval", "--jsonpath", "$.a[1]", "--input", '{"a":[1,2]}', out=r"\A2\n\Z", err="")
        self.aslc("eval", "--jsonpath", "$$.Execution.Name", "--context", '{"Execution":{"Name":"n"}}', out=r'\A"n"\n\Z')
        self.aslc("eval", "--jsonpath", "$x.y", "--bindings", '{"x":{"y":3}}', out=r"\A3\n\Z")
        self.aslc("eval", "--intrinsic", "States.Format('{}-{}', $.a, 1)", "--input", '{"a":"b"}', out=r'\A"b-1"\n\Z')
        one = self.aslc("eval", "--intrinsic", "States.UUID()", "--seed", "7").stdout
        self.assertEqual(one, self.aslc("eval", "--intrinsic", "States.UUID()", "--seed", "7").stdout)
        self.assertNotEqual(one, self.aslc("eval", "--intrinsic", "States.UUID()", "--seed", "8").stdout)
        self.aslc("eval", "--jsonpath", "$.b", "--input", "{}", code=1, out="", err=r"aslc: States\.Runtime: ")
        self.aslc("eval", "--jsonpath", "$.[", "--input", "{}", code=1, out="", err=r"aslc: SCHEMA_VALIDATION_FAILED: ")
        self.aslc("eval", "--jsonpath", "States.UUID()", code=1, out="", err=r"a call of an intrinsic function and no path")
        self.aslc("eval", "--intrinsic", "$.a", code=1, out="", err=r"a path and no call")
        self.aslc("eval", "--jsonpath", "$", "--jsonata", "1", code=2, err=r"needs one expression")
        self.aslc("eval", "--jsonata", "1 +", code=1, out="", err=r"aslc: S0207")
        self.aslc("eval", "--jsonata", "1 + 'a'", code=1, out="", err=r"aslc: T2002")
        self.aslc("eval", "--jsonata", "1", "--input", "{", code=2, err=r"'--input' is no JSON")
        self.aslc("eval", "--jsonata", "1", "--jsonata-version", "3", code=2, err=r"takes 2\.0\.6 or 2\.2")


class Batch(Driver):
    def test_lines(self):
        lines = ['{"id":1,"op":"eval","expr":"1+1"}', "nonsense", '{"id":3,"op":"what"}', '[]',
                 json.dumps({"id": 5, "op": "run", "definition": json.loads(PASS), "input": {"a": 1}})]
        p = self.aslc("batch", stdin="\n".join(lines) + "\n", err="")
        replies = [json.loads(line) for line in p.stdout.splitlines()]
        self.assertEqual(replies[0], {"id": 1, "result": 2})
        self.assertEqual((replies[1]["id"], replies[1]["error"]["code"]), (None, "BadRequest"))
        self.assertEqual((replies[2]["id"], replies[2]["error"]["code"]), (3, "BadRequest"))
        self.assertEqual(replies[3]["error"]["code"], "BadRequest")
        self.assertEqual((replies[4]["status"], replies[4]["output"]), ("SUCCEEDED", {"a": 1}))

    def test_nothing(self):
        self.aslc("batch", stdin="", out="", err="")


class Fmt(Driver):
    UGLY = "service notes{timeout=20s}\nentity Note at \"/notes\"{key id:uuid=uuid()\n title:string(1..20) create get}"

    def test_print(self):
        self.file("a.crud", self.UGLY)
        once = self.aslc("fmt", "a.crud", err="").stdout
        self.assertIn("\n  title: string(1..20)", once)
        self.assertEqual(self.aslc("fmt", "-", stdin=once).stdout, once)
        self.assertEqual(self.read("a.crud"), self.UGLY)

    def test_check(self):
        self.file("a.crud", self.UGLY)
        self.file("b.crud", SMALL)
        self.aslc("fmt", "--check", "a.crud", "b.crud", code=1, out=r"\Aa\.crud\n\Z")
        self.aslc("fmt", "--check", "b.crud", out="", err="")

    def test_write(self):
        self.file("a.crud", self.UGLY)
        os.chmod(self.path("a.crud"), 0o640)
        os.symlink("a.crud", self.path("link.crud"))
        self.aslc("fmt", "-w", "link.crud", out="", err="")
        self.assertTrue(os.path.islink(self.path("link.crud")))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("a.crud")).st_mode), 0o640)
        self.assertEqual(self.aslc("fmt", "a.crud").stdout, self.read("a.crud"))
        self.assertEqual(self.files(), ["a.crud", "link.crud"])

    def test_refusals(self):
        self.file("a.crud", "entity {")
        self.file("a.json", PASS)
        self.aslc("fmt", "-w", "a.crud", code=1, out="", err=r"error\[A1")
        self.assertEqual(self.read("a.crud"), "entity {")
        self.aslc("fmt", "a.json", code=2, out="", err=r"'fmt' knows \.crud files")
        self.aslc("fmt", "-w", "--check", "a.crud", code=2, err=r"take one of them")
        self.aslc("fmt", "none.crud", code=2, err=r"cannot read 'none.crud'")


class Explain(Driver):
    def test_pages(self):
        by_code = self.aslc("explain", "A301", out=r"\A# A301 unknown-state", err="").stdout
        self.assertEqual(self.aslc("explain", "unknown-state").stdout, by_code)
        self.assertEqual(self.aslc("explain", "a301").stdout, by_code)
        self.aslc("explain", "A301", "A402", out=r"# A301[\s\S]*# A402")

    def test_every_code_has_a_page(self):
        codes = re.findall(r"^(A\d{3})  ", self.aslc("explain").stdout, re.M)
        self.assertGreater(len(codes), 150)
        pages = self.aslc("explain", *codes).stdout
        self.assertEqual(re.findall(r"^# (A\d{3}) ", pages, re.M), codes)

    def test_unknown(self):
        self.aslc("explain", "unknown-sate", code=2, out="", err=r"did you mean 'unknown-state'\?")
        self.aslc("explain", "A999", code=2, out="", err=r"no diagnostic is called 'A999'")


class Test(Driver):
    def test_not_yet(self):
        self.file("a.crud", SMALL + '\ntest "t" {\n  get "/notes/1" -> 404\n}\n')
        self.aslc("test", "a.crud", code=1, out="", err=r"not supported yet")


if __name__ == "__main__":
    if not os.access(ASLC, os.X_OK):
        sys.exit(f"{ASLC} is not there; build it first")
    unittest.main()
