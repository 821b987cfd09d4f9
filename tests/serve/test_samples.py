#!/usr/bin/env python3
"""The samples over HTTP: `aslc serve` as its users see it.

    ASLC=path/to/aslc test_samples.py [unittest arguments]
"""
import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import unittest

ASLC = os.environ.get("ASLC", "./aslc")
HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, "..", "..", "samples")

HOSTILE = ['"', "\\", "'", "it's", "é", "日本語", "🚗🏁", "a\u0301", "$in", "${x}", "%{x}", "{% $x %}",
           "#set($x=1)", "@@", "</script>", "\u2028", "\0", "\x01\x1f\x7f", "a\nb\r\tc", "' OR 1=1",
           '","op":"deleteVehicle', "\\u0041", "null", "1", " ", "..", "%00"]


class Server:
    def __init__(self, file, *flags):
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([ASLC, "serve", file, "--port", "0", *flags],
                                        stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        match = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        assert match, line
        self.port = int(match[1])

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(20)
        self.process.stdout.close()
        self.errors.seek(0)
        words = self.errors.read()
        self.errors.close()
        return code, words

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            answer.value = json.loads(text) if text else None
            return answer
        finally:
            connection.close()


class Case(unittest.TestCase):
    file = None
    flags = []
    headers = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.file, *cls.flags)

    @classmethod
    def tearDownClass(cls):
        code, words = cls.server.stop()
        assert code == 0, words

    def call(self, status, method, path, body=None, headers=None):
        answer = self.server.request(method, path, body, {**self.headers, **(headers or {})})
        self.assertEqual(answer.status, status, (method, path, body, answer.value))
        return answer


class Vehicles(Case):
    """The sample without its throttle, which would slow the test down."""

    @classmethod
    def setUpClass(cls):
        with open(os.path.join(SAMPLES, "vehicles.crud")) as f:
            text = re.sub(r"\n  throttle.*", "", f.read())
        cls.folder = tempfile.TemporaryDirectory()
        cls.file = os.path.join(cls.folder.name, "vehicles.crud")
        with open(cls.file, "w") as f:
            f.write(text)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.folder.cleanup()

    MINI = {"make": "MINI", "model": "Countryman", "year": 2015, "trim": "JCW All Four"}

    def create(self, **fields):
        answer = self.call(201, "POST", "/vehicles", {**self.MINI, **fields})
        self.addCleanup(self.server.request, "DELETE", "/vehicles/" + answer.value["id"])
        return answer

    def test_life(self):
        created = self.create()
        vehicle = created.value
        self.assertEqual(created.headers["Location"], "/vehicles/" + vehicle["id"])
        self.assertEqual({k: vehicle[k] for k in self.MINI}, self.MINI)
        self.assertEqual(self.call(200, "GET", created.headers["Location"]).value, vehicle)
        path = created.headers["Location"]
        changed = self.call(200, "PATCH", path, {"year": 2016}).value
        self.assertEqual(changed, {**vehicle, "year": 2016, "updatedAt": changed["updatedAt"]})
        self.assertEqual(self.call(200, "GET", path).value, changed)
        replaced = self.call(200, "PUT", path, {"make": "a", "model": "b", "year": 1999}).value
        self.assertEqual({k: replaced[k] for k in ("id", "make", "model", "year")},
                         {"id": vehicle["id"], "make": "a", "model": "b", "year": 1999})
        self.assertNotIn("trim", replaced)
        self.call(204, "DELETE", path)
        for method, body in [("GET", None), ("DELETE", None), ("PATCH", {"year": 2000}),
                             ("PUT", self.MINI)]:
            self.assertEqual(self.call(404, method, path, body).value["error"], "NotFound")

    def test_patch(self):
        path = self.create().headers["Location"]
        self.assertNotIn("trim", self.call(200, "PATCH", path, {"trim": None}).value)
        self.assertNotIn("trim", self.call(200, "GET", path).value)
        self.assertEqual(self.call(200, "PATCH", path, {"trim": "x"}).value["trim"], "x")
        for body in [{}, {"year": None}, {"year": "2016"}, {"year": 1885}, {"year": 2101},
                     {"year": 2015.5}, {"make": ""}, {"make": "x" * 61}, {"trim": ""}, {"colour": 1},
                     {"id": "x"}, {"createdAt": "2026-01-01T00:00:00Z"}, [], None, "x", 1]:
            answer = self.server.request("PATCH", path, json.dumps(body),
                                         {"Content-Type": "application/json"})
            self.assertEqual(answer.status, 400, (body, answer.value))
        self.assertEqual(self.call(200, "GET", path).value["year"], 2015)

    def test_hostile_strings(self):
        for text in HOSTILE:
            vehicle = self.create(make=text).value
            self.assertEqual(vehicle["make"], text)
            got = self.call(200, "GET", "/vehicles/" + vehicle["id"]).value
            self.assertEqual(got["make"], text)
            self.assertEqual(self.call(200, "PATCH", "/vehicles/" + vehicle["id"],
                                       {"model": text}).value["model"], text)

    def test_bad_creations(self):
        for change in [{"make": None}, {"year": None}, {"year": "x"}, {"extra": 1}, {"id": "mine"},
                       {"make": ["x"]}, {"trim": 5}]:
            self.call(400, "POST", "/vehicles", {**self.MINI, **change})
        self.call(400, "POST", "/vehicles", {"make": "x"})

    def test_bad_keys(self):
        for key in ["x", "..", "%00", "A" * 36, "a%2Fb", "%F0%9F%9A%97", "x" * 3000]:
            self.assertIn(self.server.request("GET", "/vehicles/" + key).status, (400, 404))

    def test_pages(self):
        ids = {self.create(model=str(i)).value["id"] for i in range(7)}
        seen, path, rounds = [], "/vehicles?limit=3", 0
        while path is not None and rounds < 20:
            page = self.call(200, "GET", path).value
            self.assertEqual(page["count"], len(page["items"]))
            self.assertLessEqual(page["count"], 3)
            seen += [item["id"] for item in page["items"]]
            path = "/vehicles?limit=3&next=" + page["next"] if "next" in page else None
            rounds += 1
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual(ids, set(seen))
        for query in ["limit=0", "limit=101", "limit=x", "limit=-1", "limit=1.5", "next=x",
                      "next=%22", "next=e30", "next=" + "A" * 3000]:
            self.call(400, "GET", "/vehicles?" + query)


class Notes(Case):
    file = os.path.join(SAMPLES, "notes.crud")
    headers = {"x-aslc-caller": '{"account":"123456789012","arn":"arn:aws:iam::123456789012:user/u"}'}

    def test_life(self):
        created = self.call(201, "POST", "/v1/notes", {"title": "x", "tags": ["a", "b"]})
        self.assertEqual(created.value["color"], "white")
        self.assertEqual(created.value["tags"], ["a", "b"])
        path = created.headers["Location"]
        self.assertEqual(path, "/v1/notes/" + created.value["id"])
        self.assertEqual(self.call(200, "GET", path).value, created.value)
        self.call(200, "PATCH", path, {"color": "green", "tags": []})
        self.assertEqual(self.call(200, "GET", path).value["tags"], [])  # no stale answer
        self.assertEqual(self.call(200, "GET", "/v1/notes").value["count"], 1)
        self.call(204, "DELETE", path)
        self.call(404, "GET", path)

    def test_check(self):
        answer = self.call(400, "POST", "/v1/notes", {"title": " "})
        self.assertEqual(answer.value, {"error": "BadTitle", "message": "A note needs a title"})

    def test_nobody(self):
        self.assertEqual(self.server.request("GET", "/v1/notes").status, 401)


class Counters(Case):
    file = os.path.join(HERE, "counter.crud")
    headers = {"x-aslc-caller": '{"sub":"u1"}'}

    def test_lock(self):
        created = self.call(201, "POST", "/api/counters", {"name": "a b/c"})
        path = created.headers["Location"]
        self.assertEqual(path, "/api/counters/a%20b%2Fc")
        self.assertEqual(created.headers["ETag"], '"1"')
        self.assertEqual(created.value["owner"], "u1")
        self.call(409, "POST", "/api/counters", {"name": "a b/c"})
        self.assertEqual(self.call(200, "GET", path).headers["ETag"], '"1"')
        self.call(428, "PATCH", path, {"count": 1})
        for tag in ['"2"', "1", 'W/"1"', '""', "x", '"1", "2"', '"1e0"', '"01"']:
            self.call(412, "PATCH", path, {"count": 1}, {"If-Match": tag})
        changed = self.call(200, "PATCH", path, {"count": 1}, {"if-match": '"1"'})
        self.assertEqual(changed.headers["ETag"], '"2"')
        self.assertEqual(changed.value["count"], 1)
        self.call(412, "PATCH", path, {"count": 2}, {"If-Match": '"1"'})
        self.assertEqual(self.call(200, "PATCH", path, {"count": 2},
                                   {"If-Match": "*"}).headers["ETag"], '"3"')
        self.call(412, "DELETE", path, headers={"If-Match": '"1"'})
        self.call(204, "DELETE", path, headers={"If-Match": '"3"'})
        self.call(404, "PATCH", path, {"count": 1}, {"If-Match": '"3"'})


class VehiclesPerOperation(Vehicles):
    flags = ["--layout", "per-operation"]


class CountersPerOperation(Counters):
    flags = ["--layout", "per-operation"]


class Program(unittest.TestCase):
    def test_durable_store(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "v.db")
            server = Server(os.path.join(SAMPLES, "vehicles.crud"), "--store", file)
            path = server.request("POST", "/vehicles", Vehicles.MINI).headers["Location"]
            self.assertEqual(server.stop()[0], 0)
            server = Server(os.path.join(SAMPLES, "vehicles.crud"), "--store", file)
            self.assertEqual(server.request("GET", path).value["make"], "MINI")
            self.assertEqual(server.stop(signal.SIGINT)[0], 0)

    def test_words(self):
        server = Server(os.path.join(SAMPLES, "vehicles.crud"))
        server.request("POST", "/vehicles", {**Vehicles.MINI, "make": 1})
        server.request("GET", "/vehicles")
        code, words = server.stop()
        self.assertEqual(code, 0)
        self.assertRegex(words, r"\APOST /vehicles 400 .*: body/make must be of type string\n\Z")

    def test_fixed_caller(self):
        server = Server(os.path.join(SAMPLES, "notes.crud"), "--caller", '{"account":"1"}')
        self.assertEqual(server.request("GET", "/v1/notes").status, 200)
        self.assertEqual(server.stop()[0], 0)

    def test_bad_flags(self):
        for flags in [["--port", "x"], ["--port", "65536"], ["--caller", "x"], ["--bind", "256.1.1.1"]]:
            done = subprocess.run([ASLC, "serve", os.path.join(SAMPLES, "vehicles.crud"), *flags],
                                  capture_output=True, text=True, timeout=30)
            self.assertEqual((done.returncode, done.stdout), (2, ""), (flags, done.stderr))
            self.assertNotEqual(done.stderr, "")


if __name__ == "__main__":
    unittest.main(verbosity=1)
