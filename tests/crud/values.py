#!/usr/bin/env python3
"""values.py ASLC VALUES.crud VALUES.txt: what is asked of values and what is read back, in a create and in an update.

Each line of the table is a body, the status of a create with it, and that of an update of a plain item to it.
What is stored is read back as it was answered, and lists as they were sent.
"""
import json
import os
import subprocess
import sys
import tempfile


def run(aslc, source, store, operation, given):
    done = subprocess.run([aslc, "run", source, "--operation", operation, "--store", store, "--input",
                           json.dumps(given)], capture_output=True, text=True, timeout=60)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return {"statusCode": f"{done.returncode}: {done.stdout}{done.stderr}", "body": "{}"}


def read_back(aslc, source, store, body, answer):
    """What is wrong with the item that was answered, compared with what was sent and with what is read."""
    item = json.loads(answer["body"])
    got = run(aslc, source, store, "getValue", {"path": {"id": item["id"]}})
    if json.loads(got["body"]) != item:
        return [f"{body}: {got['body']} is read and {answer['body']} was answered"]
    for name in ("rows", "free"):
        if item[name] != body.get(name, item[name]):
            return [f"{body}: {name} is {item[name]}"]
    texts = [[line["text"] for line in lines] for lines in item["lines"]]
    if "lines" in body and texts != [[line["text"] for line in lines] for lines in body["lines"]]:
        return [f"{body}: lines is {item['lines']}"]
    return []


def main():
    aslc, source, table = sys.argv[1:]
    wrong = []
    with tempfile.TemporaryDirectory() as folder, open(table, encoding="utf-8") as lines:
        plain = os.path.join(folder, "plain.db")
        item = json.loads(run(aslc, source, plain, "createValue", {})["body"])["id"]
        for n, line in enumerate(lines):
            if line.startswith("#"):
                continue
            body, create, update = line.rsplit(None, 2)
            body = json.loads(body)
            store = os.path.join(folder, f"{n}.db")
            got = run(aslc, source, store, "createValue", {"body": body})
            if str(got["statusCode"]) != create:
                wrong.append(f"create {body}: {got} instead of {create}")
            elif create == "201":
                wrong += read_back(aslc, source, store, body, got)
            if update == "-":
                continue
            got = run(aslc, source, plain, "updateValue", {"path": {"id": item}, "body": body})
            if str(got["statusCode"]) != update:
                wrong.append(f"update {body}: {got} instead of {update}")
            elif update == "200":
                wrong += read_back(aslc, source, plain, body, got)
    print("\n".join(wrong) or "ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
