#!/usr/bin/env python3
"""faults.py ASLC VEHICLES.crud SHELF.crud: what a client gets when DynamoDB fails, for every write and read.

The emitted definition runs in `aslc batch` with a failing call; a write "whose effect happened" is a table
that holds the item with the mark of this very execution.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

SDK, OPT = "DynamoDb.", "DynamoDB."
KEY = "11111111-1111-4111-8111-111111111111"
wrong = []


class Machine:
    def __init__(self, aslc, source, name, table, key, sort=None):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([aslc, "build", source, "-o", folder, "--emit", "asl"], check=True)
            text = open(os.path.join(folder, name + ".asl.json"), encoding="utf-8").read()
        for hole, value in {"table_" + table: table, "var_limit": "3", "var_open": "false", "var_text": "t"}.items():
            text = text.replace("${" + hole + "}", value) # as templatefile() does
        self.definition = json.loads(text)
        self.table, self.key, self.sort = table, key, sort
        self.batch = subprocess.Popen([aslc, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        probe = {"QueryLanguage": "JSONata", "StartAt": "A",
                 "States": {"A": {"Type": "Succeed", "Output": "{% $states.context.Execution.Id %}"}}}
        self.execution = self.send(definition=probe, input={})["output"]

    def send(self, **request):
        line = json.dumps({"id": 1, "op": "run", "type": "EXPRESS", "seed": 7, **request})
        self.batch.stdin.write(line + "\n")
        self.batch.stdin.flush()
        return json.loads(self.batch.stdout.readline())

    def mark(self, state):
        return {"S": hashlib.md5((self.execution + "/" + state).encode()).hexdigest()}

    def run(self, op, body=None, items=(), match=None, mocks=None, **more):
        request = {"op": op, "path": {self.key: KEY}, "query": {}, "headers": {"if-match": match}, "body": body,
                   "caller": {"sub": "u1"}, "requestId": "r", **more}
        # A name is an error that the call throws, anything else what it returns.
        mocked = {state: {str(i): {"Throw": {"Error": r, "Cause": "c"}} if isinstance(r, str) else {"Return": r}
                          for i, r in enumerate(replies)} for state, replies in (mocks or {}).items()}
        table = {"key": self.key, "items": list(items)}
        if self.sort:
            table["sort"] = [self.sort, "N"]
        reply = self.send(definition=self.definition, input=request, tables={self.table: table}, mockedResponses=mocked)
        self.output = reply.get("output")
        if reply.get("status") == "SUCCEEDED":
            return reply["output"]["statusCode"]
        return reply.get("error", reply)

    def close(self):
        self.batch.stdin.close()
        self.batch.wait(timeout=30)


def same(what, got, wanted):
    if got != wanted:
        wrong.append(f"{what}: {got} instead of {wanted}")


def vehicle(mark=None):
    item = {"id": {"S": KEY}, "make": {"S": "MINI"}, "model": {"S": "One"}, "year": {"N": "2015"},
            "createdAt": {"S": "2026-01-01T00:00:00.000Z"}, "updatedAt": {"S": "2026-01-01T00:00:00.000Z"}}
    return {**item, "_w": mark or {"S": "somebody else"}}


AMBIGUOUS = [OPT + "InternalServerErrorException", OPT + "SdkClientException", "States.Timeout"]
TRANSIENT = [OPT + n for n in ("ProvisionedThroughputExceededException", "ThrottlingException",
                               "RequestLimitExceededException", "TransactionConflictException")]
HOPELESS = [OPT + "AmazonDynamoDBException", OPT + "ResourceNotFoundException", "States.TaskFailed", "Anything"]


def test_vehicles(m):
    body = {"id": KEY, "make": "MINI", "model": "One", "year": 2015}
    change = {"year": 2016}
    writes = {
        "createVehicle": ("CreateVehicle", "Put", body, 201, 409),
        "updateVehicle": ("UpdateVehicle", "Write", change, 200, "Unavailable"),
        "replaceVehicle": ("ReplaceVehicle", "Write", {**body}, 200, "Unavailable"),
    }
    for op, (prefix, suffix, sent, good, exists) in writes.items():
        write, probe = prefix + suffix, prefix + "Probe"
        ours, other = [vehicle(m.mark(write))], [vehicle()]
        done = {"Attributes": ours[0]}
        ready = [] if op == "createVehicle" else other
        missing = "Unavailable" if op == "createVehicle" else 404
        same(f"{op}: fine", m.run(op, sent, ready), good)
        for error in AMBIGUOUS:
            same(f"{op}: {error}, done", m.run(op, sent, ours, mocks={write: [error]}), good)
            same(f"{op}: {error}, not done", m.run(op, sent, [], mocks={write: [error]}), missing)
            same(f"{op}: {error}, another's", m.run(op, sent, other, mocks={write: [error]}), exists)
            same(f"{op}: {error}, then the probe fails",
                 m.run(op, sent, ours, mocks={write: [error], probe: [OPT + "SdkClientException"] * 5}), "Unavailable")
            same(f"{op}: {error}, the probe once",
                 m.run(op, sent, ours, mocks={write: [error], probe: [OPT + "SdkClientException", {"Item": ours[0]}]}), good)
        for error in TRANSIENT:
            same(f"{op}: {error} once", m.run(op, sent, ready, mocks={write: [error, done]}), good)
            same(f"{op}: {error} for ever", m.run(op, sent, ready, mocks={write: [error] * 5}), "Unavailable")
        for error in HOPELESS:
            same(f"{op}: {error}", m.run(op, sent, ready, mocks={write: [error]}), "Internal")
    write = "DeleteVehicleWrite"
    same("delete: fine", m.run("deleteVehicle", items=[vehicle()]), 204)
    same("delete: missing", m.run("deleteVehicle"), 404)
    for error in AMBIGUOUS:
        same(f"delete: {error}, gone", m.run("deleteVehicle", mocks={write: [error]}), 204)
        same(f"delete: {error}, there", m.run("deleteVehicle", items=[vehicle()], mocks={write: [error]}), "Unavailable")
    for error in TRANSIENT:
        same(f"delete: {error} once", m.run("deleteVehicle", items=[vehicle()], mocks={write: [error, {}]}), 204)
        same(f"delete: {error} for ever", m.run("deleteVehicle", items=[vehicle()], mocks={write: [error] * 5}), "Unavailable")
    for error in HOPELESS:
        same(f"delete: {error}", m.run("deleteVehicle", items=[vehicle()], mocks={write: [error]}), "Internal")
    for op, state, prefix, found in (("getVehicle", "GetVehicleRead", OPT, {"Item": vehicle()}),
                                     ("listVehicle", "ListVehicleRead", SDK, {"Items": [vehicle()], "Count": 1})):
        for name in ("InternalServerErrorException", "SdkClientException", "ThrottlingException"):
            same(f"{op}: {name} twice", m.run(op, items=[vehicle()], mocks={state: [prefix + name] * 2 + [found]}), 200)
            same(f"{op}: {name} for ever", m.run(op, items=[vehicle()], mocks={state: [prefix + name] * 5}), "Unavailable")
        same(f"{op}: timeout", m.run(op, items=[vehicle()], mocks={state: ["States.Timeout"] * 5}), "Unavailable")
        same(f"{op}: refused", m.run(op, items=[vehicle()], mocks={state: [prefix + "ResourceNotFoundException"]}), "Internal")
    same("an operation that does not exist", m.run("dropTable"), "Internal")


def book(mark=None, **more):
    item = {"id": {"S": KEY}, "owner": {"S": "u1"}, "title": {"S": "t"}, "genre": {"S": "novel"}, "isbn": {"S": "1234567890"},
            "copies": {"N": "1"}, "forSale": {"BOOL": False}, "tags": {"L": []}, "version": {"N": "1"},
            "createdAt": {"S": "2026-01-01T00:00:00.000Z"}, "updatedAt": {"S": "2026-01-01T00:00:00.000Z"}}
    return {**item, "_w": mark or {"S": "somebody else"}, **more}


def test_books(m):
    error = [OPT + "SdkClientException"]
    write = "UpdateBookWrite"
    change = {"title": "new"}
    same("book: done", m.run("updateBook", change, [book(m.mark(write), version={"N": "2"})], '"1"', {write: error}), 200)
    same("book: missing", m.run("updateBook", change, [], '"1"', {write: error}), 404)
    same("book: not ours", m.run("updateBook", change, [book(owner={"S": "u2"})], '"1"', {write: error}), 403)
    same("book: changed", m.run("updateBook", change, [book(version={"N": "5"})], '"1"', {write: error}), 412)
    same("book: nothing wrong but the call", m.run("updateBook", change, [book()], '"1"', {write: error}), "Unavailable")
    same("book: check of both", m.run("updateBook", {"forSale": True}, [book()], '"1"', {write: error}), 422)
    same("book: no caller", m.run("updateBook", change, [book()], '"1"', caller={}), 403)
    same("book: empty caller", m.run("createBook", {"title": "t", "isbn": "1234567890"}, caller={"sub": ""}), 403)
    delete = "DeleteBookWrite"
    lent = book(lentAt={"S": "2026-01-01T00:00:00.000Z"})
    same("book: delete lent", m.run("deleteBook", None, [lent], '"1"'), 409)
    same("book: delete lent, unsure", m.run("deleteBook", None, [lent], '"1"', {delete: error}), 409)
    same("book: delete, gone", m.run("deleteBook", None, [], '"1"', {delete: error}), 204)
    same("book: delete stale", m.run("deleteBook", None, [book()], '"9"', {delete: error}), 412)


def loan(ttl):
    return {"book": {"S": KEY}, "number": {"N": "1"}, "reader": {"S": "r"}, "ends": {"S": "2026-01-01T00:00:00.000Z"},
            "_ttl": {"N": str(ttl)}}


def test_expiry(m):
    now = 1767225600  # where the virtual clock starts
    body = {"number": 1, "reader": "r"}
    path = {"book": KEY, "number": "1"}
    for what, ttl, create, get, delete, count in (("expired", now - 10, 201, 404, 404, 0), ("alive", now + 1000, 409, 200, 204, 1)):
        same(f"loan {what}: create", m.run("createLoan", body, [loan(ttl)], path=path), create)
        same(f"loan {what}: get", m.run("getLoan", None, [loan(ttl)], path=path), get)
        same(f"loan {what}: delete", m.run("deleteLoan", None, [loan(ttl)], path=path), delete)
        m.run("listLoan", None, [loan(ttl)], path=path)
        same(f"loan {what}: list", json.loads(m.output["body"])["count"], count)


def test_later(m):
    item, path = loan(1767225600 + 1000), {"book": KEY, "number": "1"}
    same("loan: update", m.run("updateLoan", {"reader": "s"}, [item], path=path), 200)
    same("loan: expires 30 days after the update", json.loads(m.output["body"])["ends"], "2026-01-31T00:00:00.000Z")


def test_catch(m):
    item = {"id": {"S": KEY}}
    same("catch Timeout", m.run("getLoanDone", items=[item], mocks={"GetLoanDone_Read": ["States.Timeout"] * 5}), "Broken")
    same("another error", m.run("getLoanDone", items=[item], mocks={"GetLoanDone_Read": [OPT + "ThrottlingException"] * 5}),
         "Unavailable")


def test_variables(m):
    same("variables", m.run("createLoan_Log", {"id": KEY}), 201)
    same("variables: body", json.loads(m.output["body"]), {"id": KEY, "text": "t", "most": 3, "open": False})


def test_catch_of_writes(m):
    """A declared catch answers when the probe can't tell whether the write has happened, not before it."""
    def log(mark=None):
        return {"id": {"S": KEY}, "text": {"S": "t"}, "most": {"N": "3"}, "open": {"BOOL": False},
                "_w": mark or {"S": "somebody else"}}

    service, body = OPT + "InternalServerErrorException", {"id": KEY}
    write, probe = "CreateLoan_LogPut", "CreateLoan_LogProbe"
    for error, answer in ((service, "Broken"), ("States.Timeout", 409), (OPT + "ThrottlingException", "Unavailable")):
        throw = [error] * (5 if "Throttling" in error else 1)
        same(f"log: create, {error}", m.run("createLoan_Log", body, [], mocks={write: throw}), answer)
        if answer == "Unavailable":
            continue # nothing was written, so nothing is looked for
        same(f"log: create, {error}, done", m.run("createLoan_Log", body, [log(m.mark(write))], mocks={write: throw}), 201)
        same(f"log: create, {error}, the probe fails",
             m.run("createLoan_Log", body, [], mocks={write: throw, probe: [service] * 5}), answer)
    same("log: create, another's", m.run("createLoan_Log", body, [log()], mocks={write: [service]}), 409)
    write = "UpdateLoan_LogWrite"
    same("log: update, Throttled", m.run("updateLoan_Log", {"text": "u"}, [log()], mocks={write: [OPT + "ThrottlingException"] * 5}),
         "Broken")
    for error, answer in (("States.Timeout", "Broken"), (service, "Unavailable")):
        same(f"log: update, {error}", m.run("updateLoan_Log", {"text": "u"}, [log()], mocks={write: [error]}), answer)
        same(f"log: update, {error}, done",
             m.run("updateLoan_Log", {"text": "u"}, [log(m.mark(write))], mocks={write: [error]}), 200)
    write, probe = "DeleteLoan_LogWrite", "DeleteLoan_LogProbe"
    same("log: delete, gone", m.run("deleteLoan_Log", items=[], mocks={write: ["States.Timeout"]}), 204)
    same("log: delete, still there", m.run("deleteLoan_Log", items=[log()], mocks={write: ["States.Timeout"]}), "Broken")
    same("log: delete, the probe fails",
         m.run("deleteLoan_Log", items=[log()], mocks={write: [service], probe: [service] * 5}), "Broken")
    same("log: delete, missing", m.run("deleteLoan_Log"), 404)


def main():
    aslc, vehicles, shelf = sys.argv[1:]
    for source, name, table, key, test in ((vehicles, "vehicles", "vehicle", "id", test_vehicles),
                                           (shelf, "shelf", "book", "id", test_books)):
        machine = Machine(aslc, source, name, table, key)
        test(machine)
        machine.close()
    loans = Machine(aslc, shelf, "shelf", "loan", "book", "number")
    test_expiry(loans)
    test_later(loans)
    loans.close()
    done = Machine(aslc, shelf, "shelf", "loan_done", "id")
    test_catch(done)
    done.close()
    log = Machine(aslc, shelf, "shelf", "loan_log", "id")
    test_variables(log)
    test_catch_of_writes(log)
    log.close()
    for line in wrong:
        print(line)
    sys.exit(1 if wrong else 0)


main()
