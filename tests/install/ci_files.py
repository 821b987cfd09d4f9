"""The files for CI systems: they parse, and what they name exists.

    ci_files.py SOURCE-FOLDER ASLC

Scripts by their path, environment variables by the script that reads them, commands and flags of aslc
by its help, and files that a job keeps by the script that writes them.
"""
import os
import re
import subprocess
import sys

import yaml

source, aslc = sys.argv[1:]
bad = []


def text(path):
    with open(os.path.join(source, path), encoding="utf-8") as f:
        return f.read()


def load(path):
    return yaml.safe_load(text(path))


def need(true, problem):
    if not true:
        bad.append(problem)


SCRIPT = text("packaging/ci-verify")


def check_environment(where, names):
    for name in names:
        if name.startswith("ASLC_") and name not in ("ASLC_SHARE",):
            need(name in SCRIPT, f"{where}: sets {name}, which packaging/ci-verify does not read")


def check_outputs(where, paths):
    for path in paths:
        need(path.rstrip("/") in SCRIPT, f"{where}: keeps {path}, which packaging/ci-verify does not write")


def check_command(where, line):
    """A line `aslc COMMAND FLAG...`."""
    words = line.split()
    need(words[0] == "aslc", f"{where}: runs '{words[0]}'")
    done = subprocess.run([aslc, words[1], "--help"], capture_output=True, text=True)
    need(done.returncode == 0, f"{where}: there is no 'aslc {words[1]}'")
    for flag in words[2:]:
        need(flag in done.stdout, f"{where}: 'aslc {words[1]}' has no {flag}")


def check_action():
    action = load("action.yml")
    need(action["runs"]["using"] == "composite", "action.yml: is not composite")
    used = set(re.findall(r"inputs\.([a-z-]+)", text("action.yml")))
    need(used == set(action["inputs"]), f"action.yml: inputs {set(action['inputs'])}, used {used}")
    for step in action["runs"]["steps"]:
        where = f"action.yml: {step['name']}"
        need(("run" in step) != ("uses" in step), f"{where}: has to run or to use something")
        need("run" not in step or "shell" in step, f"{where}: a composite step names its shell")
        check_environment(where, step.get("env", {}))
        for script in re.findall(r"(?:scripts|packaging)/[a-z-]+", step.get("run", "")):
            need(os.access(os.path.join(source, script), os.X_OK), f"{where}: there is no {script}")
        given = step.get("with", {})
        check_outputs(where, [given[k] for k in ("sarif_file", "path") if k in given])


def check_gitlab():
    job = load("packaging/gitlab-ci.yml")["aslc"]
    check_environment("gitlab-ci.yml", job["variables"])
    check_outputs("gitlab-ci.yml", job["artifacts"]["paths"])
    for line in job["script"]:
        need("/ci-verify " in line, f"gitlab-ci.yml: runs {line}")
        check_environment("gitlab-ci.yml", re.findall(r"\bASLC_\w+", line))


def check_hooks():
    hooks = load(".pre-commit-hooks.yaml")
    for hook in hooks:
        where = f".pre-commit-hooks.yaml: {hook['id']}"
        for key in ("id", "name", "entry", "language", "files"):
            need(key in hook, f"{where}: has no {key}")
        check_command(where, hook["entry"])
        need(re.search(hook["files"], "a/b.crud"), f"{where}: does not match .crud files")
        need(not re.search(hook["files"], "a/b.crud.txt"), f"{where}: matches other files")
    need(len({h["id"] for h in hooks}) == len(hooks) == 2, ".pre-commit-hooks.yaml: two hooks")


check_action()
check_gitlab()
check_hooks()
print("\n".join(bad) or "all good")
sys.exit(1 if bad else 0)
