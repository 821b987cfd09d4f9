#!/usr/bin/env python3
"""agree.py ASLC VEHICLES.crud PROGRAM: the requests of the seed's collection give the same over HTTP, by `aslc run`
and by the generated native program.

Each way creates, reads all, reads one, changes, deletes, and looks for the vehicle again.  Over HTTP identifiers are
random and time is the day's: they stand as ID and TIME before statuses and bodies are compared.
"""
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
VEHICLE = {"make": "MINI", "model": "Countryman", "year": 2015, "trim": "JCW All Four"}
# operation, method, whether it is of one vehicle, body, status
STEPS = [
    ("createVehicle", "POST", False, VEHICLE, 201),
    ("listVehicle", "GET", False, None, 200),
    ("getVehicle", "GET", True, None, 200),
    ("updateVehicle", "PATCH", True, {"year": 2016}, 200),
    ("deleteVehicle", "DELETE", True, None, 204),
    ("getVehicle", "GET", True, None, 404),
]


class Http:
    """`aslc serve`."""

    def __init__(self, aslc, source):
        self.server = subprocess.Popen([aslc, "serve", source, "--port", "0"], stdout=subprocess.PIPE, text=True)
        self.port = int(self.server.stdout.readline().rsplit(":", 1)[1])

    def call(self, operation, method, identity, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, "/vehicles" + (f"/{identity}" if identity else ""),
                           None if body is None else json.dumps(body),
                           {} if body is None else {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def close(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(timeout=20)


def request(operation, identity, body):
    """What the API's request mapping makes of the request."""
    return {"op": operation, "path": {"id": identity} if identity else {}, "query": {}, "headers": {}, "body": body,
            "caller": {}, "requestId": "r-1"}


class Run:
    """`aslc run`, one process a request, the tables in a file."""

    def __init__(self, aslc, source):
        self.folder = tempfile.TemporaryDirectory()
        self.command = [aslc, "run", source, "--json", "--store", os.path.join(self.folder.name, "tables")]

    def call(self, operation, method, identity, body):
        text = json.dumps(request(operation, identity, body))
        done = subprocess.run(self.command + ["--input", text], stdout=subprocess.PIPE, text=True, check=True)
        output = json.loads(done.stdout)["output"]
        return output["statusCode"], output["body"]

    def close(self):
        self.folder.cleanup()


class Native:
    """The generated program, one execution a line."""

    def __init__(self, program):
        self.program = subprocess.Popen([program, "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, operation, method, identity, body):
        self.program.stdin.write(json.dumps(request(operation, identity, body)) + "\n")
        self.program.stdin.flush()
        output = json.loads(self.program.stdout.readline())["output"]
        return output["statusCode"], output["body"]

    def close(self):
        self.program.stdin.close()
        if self.program.wait(timeout=20) != 0:
            sys.exit(f"the native program ended with {self.program.returncode}")


def answers(way):
    """Statuses and bodies, with the identifier replaced."""
    identity, rows = None, []
    for operation, method, one, body, status in STEPS:
        got, text = way.call(operation, method, identity if one else None, body)
        if got != status:
            sys.exit(f"{type(way).__name__}: {operation} answers {got} instead of {status}: {text}")
        if identity is None:
            identity = json.loads(text)["id"]
        rows.append((operation, got, TIME.sub("TIME", text.replace(identity, "ID"))))
    way.close()
    return rows


def main():
    aslc, source, program = sys.argv[1:]
    wanted = answers(Http(aslc, source))
    differ = 0
    for way in (Run(aslc, source), Native(program)):
        name = type(way).__name__
        for over_http, here in zip(wanted, answers(way)):
            if over_http != here:
                print(f"{name} differs:\n  HTTP {over_http}\n  {name} {here}")
                differ += 1
    print(f"agree: {2 * len(STEPS) - differ} answers the same, {differ} not")
    sys.exit(differ != 0)


main()
