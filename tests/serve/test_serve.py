#!/usr/bin/env python3
"""The edge over HTTP: tests/serve/server with real sockets, well-behaved clients and others.

    SERVER=path/to/server test_serve.py [unittest arguments]

ASLC_SLOW is the number of slow connections (500; check-slow takes 10,000).
"""
import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

SERVER = os.environ.get("SERVER", "tests/serve/server")
SLOW = int(os.environ.get("ASLC_SLOW", "500"))


class Server:
    """A running server; `log` has what it wrote about requests."""

    def __init__(self, origins=0, caller="", head_ms=0, connections=0):
        self.process = subprocess.Popen(
            [SERVER, str(origins), caller, str(head_ms), str(connections)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        match = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        assert match, line
        self.port = int(match[1])
        self.log = []
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr))
        self.reader.start()

    def stop(self, number=signal.SIGTERM):
        """Asks it to end, unless `number` is None, and gives its exit code."""
        if number is not None:
            self.process.send_signal(number)
        code = self.process.wait(20)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def rss(self):
        with open(f"/proc/{self.process.pid}/statm") as f:
            return int(f.read().split()[1]) * resource.getpagesize()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            answer.body = answer.read()
            return answer
        finally:
            connection.close()

    def raw(self, data, wait=5):
        """Sends bytes and gives everything until the server closes or is silent."""
        with self.connect() as s:
            s.settimeout(wait)
            got = b""
            try:
                s.sendall(data)
                while True:
                    piece = s.recv(65536)
                    if not piece:
                        break
                    got += piece
            except (socket.timeout, ConnectionError):
                pass
            return got


JSON = {"Content-Type": "application/json"}


class Case(unittest.TestCase):
    options = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(**cls.options)

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, f"the server ended with {code}"

    def call(self, status, method, path, body=None, headers=None):
        answer = self.server.request(method, "/v1" + path, body, headers)
        self.assertEqual(answer.status, status, answer.body)
        return answer

    def error(self, status, error, method, path, body=None, headers=None):
        answer = self.call(status, method, path, body, headers)
        self.assertEqual(json.loads(answer.body)["error"], error)
        return answer

    def alive(self):
        self.call(200, "GET", "/things?limit=1")


class Routes(Case):
    def test_input(self):
        answer = self.call(200, "GET", "/things?limit=5&next=a%20b%2Bc+d&limit=6&other=1")
        got = json.loads(answer.body)
        self.assertEqual(got["op"], "listThing")
        self.assertEqual(got["query"], {"next": "a b+c d", "limit": "6"})
        self.assertEqual(got["body"], None)
        self.assertEqual(got["requestId"], answer.headers["x-amzn-RequestId"])
        self.assertEqual(answer.headers["ETag"], '"1"')
        self.assertEqual(answer.headers["Content-Type"], "application/json")

    def test_path(self):
        for sent, got in [("a", "a"), ("a%2Fb", "a/b"), ("%E2%82%AC", "€"), ("a+b", "a+b"),
                          ("x/", "x"), ("..", ".."), ("%00", "\0"), ("%7b%7D", "{}")]:
            answer = self.call(200, "GET", "/things/" + sent)
            self.assertEqual(json.loads(answer.body)["path"], {"id": got})

    def test_names_of_the_same_place(self):
        answer = self.call(200, "GET", "/projects/7", headers={"x-aslc-caller": '{"sub":"u"}'})
        self.assertEqual(json.loads(answer.body)["path"], {"id": "7"})
        answer = self.call(200, "POST", "/projects/7/tasks/8", "{}",
                           {"x-aslc-caller": '{"account":"1","arn":""}'})
        got = json.loads(answer.body)
        self.assertEqual(got["path"], {"project": "7", "task": "8"})
        self.assertEqual(got["caller"], {"account": "1", "arn": None, "identityId": None})

    def test_location(self):
        answer = self.call(201, "POST", "/things", '{"name":"x"}', JSON)
        self.assertEqual(answer.headers["Location"], "/v1/things/new")
        answer = self.call(200, "GET", "/things/1")
        self.assertNotIn("Location", answer.headers)

    def test_no_content(self):
        answer = self.call(204, "DELETE", "/things/1",
                           headers={"x-api-key": "k", "IF-match": '"3"'})
        self.assertEqual(answer.body, b"")
        self.assertNotIn("Content-Type", answer.headers)

    def test_no_such_path(self):
        for path in ["/", "/nothing", "/things/1/2", "/thing", "//things", "/things//", "/THINGS"]:
            if path == "/things//":
                self.call(400, "GET", path)  # slashes at the end don't count: limit is missing
            else:
                self.error(404, "NotFound", "GET", path)
        self.assertEqual(self.server.request("GET", "/v2/things").status, 404)
        self.assertEqual(self.server.request("GET", "/v1x/things").status, 404)
        self.assertEqual(self.server.request("GET", "/").status, 404)

    def test_no_such_method(self):
        answer = self.error(405, "MethodNotAllowed", "PUT", "/things", "{}", JSON)
        self.assertEqual(answer.headers["Allow"], "POST, GET")
        self.assertEqual(self.call(405, "HEAD", "/things/1").headers["Allow"],
                         "GET, PATCH, DELETE")
        self.error(405, "MethodNotAllowed", "OPTIONS", "/things")
        self.error(405, "MethodNotAllowed", "BREW", "/things")

    def test_failures(self):
        answer = self.error(503, "Unavailable", "GET", "/things/fail")
        self.assertEqual(answer.headers["Retry-After"], "1")
        answer = self.error(500, "Internal", "GET", "/things/odd")
        self.assertNotIn(b"Odd", answer.body)

    def test_cache(self):
        first = json.loads(self.call(200, "GET", "/things/cached").body)
        again = json.loads(self.call(200, "GET", "/things/cached").body)
        other = json.loads(self.call(200, "GET", "/things/other").body)
        self.assertEqual(first["requestId"], again["requestId"])
        self.assertNotEqual(first["requestId"], other["requestId"])
        one = self.call(200, "GET", "/projects/1", headers={"x-aslc-caller": '{"sub":"u1"}'}).body
        two = self.call(200, "GET", "/projects/1", headers={"x-aslc-caller": '{"sub":"u2"}'}).body
        self.assertEqual(json.loads(two)["caller"], {"sub": "u2"})
        self.assertNotEqual(one, two)


class Requests(Case):
    def test_credentials(self):
        self.error(401, "Unauthorized", "DELETE", "/things/1")
        self.error(401, "Unauthorized", "DELETE", "/things/1", headers={"x-api-key": ""})
        for caller in [None, "", "x", "[]", '"u"', "{", "\xe9"]:
            headers = {} if caller is None else {"x-aslc-caller": caller}
            self.error(401, "Unauthorized", "GET", "/projects/1", headers=headers)

    def test_parameters(self):
        for query in ["", "?", "?limit", "?limit=", "?Limit=1", "?next=1", "?limit=1&limit="]:
            self.error(400, "BadRequest", "GET", "/things" + query)
        for bad in ["%", "%2", "%zz", "%G0", "%ff", "%c3", "%ed%a0%80", "a%"]:
            self.error(400, "BadRequest", "GET", "/things?limit=1&x=" + bad)
            self.error(400, "BadRequest", "GET", "/things/" + bad)

    def test_bodies(self):
        for body in ["", " ", "{", "nul", "[1,]", '{"name":"x"} x', "{'name':1}", '{"name":}',
                     "[]", "null", '"x"', "{}", '{"name":1}', '{"name":""}', '{"name":null}',
                     '{"name":"' + "x" * 41 + '"}', '{"name":"x","extra":1}',
                     '{"name":"x","year":1885}', '{"name":"x","year":2015.5}',
                     '{"name":"x","tags":["a","B"]}', '{"name":"x","tags":"a"}',
                     '{"name":"x","any":[1,{"a":1e999}]}', '{"name":"x","price":-1e400}',
                     "[" * 100000, '{"a":' * 600 + "1" + "}" * 600, '{"name":"\\ud800x\\"}']:
            self.error(400, "BadRequest", "POST", "/things", body, JSON)
        for body in [b'{"name":"\xff"}', b'{"name":"\xc3"}', b"\xef\xbb\xbf{\"name\":\"x\"}",
                     b'{"name":"x\0"}', '{"name":"x"}'.encode("utf-16")]:
            self.error(400, "BadRequest", "POST", "/things", body, JSON)

    def test_hostile_strings(self):
        for name in ['"', "\\", "'", "é", "日本語", "🚗", "$in", "#set($x=1)", "</script>", "\u2028",
                     '","op":"deleteThing', "\0\x01\x1f", "@@},@@path@@:{@@"]:
            answer = self.call(201, "POST", "/things", json.dumps({"name": name}), JSON)
            self.assertEqual(json.loads(answer.body)["body"], {"name": name})
            answer = self.call(201, "POST", "/things",
                               json.dumps({"name": name}, ensure_ascii=False).encode(), JSON)
            self.assertEqual(json.loads(answer.body)["body"], {"name": name})

    def test_numbers(self):
        body = '{"name":"x","price":1.10,"any":[-1.5e-7,0.1,900719925474099]}'
        answer = self.call(201, "POST", "/things", body, JSON)
        self.assertEqual(json.loads(answer.body)["body"], json.loads(body))

    def test_content_types(self):
        body = '{"name":"x"}'
        for good in ["application/json", "Application/JSON", "application/json; charset=utf-8",
                     "application/json;charset=utf-8"]:
            self.call(201, "POST", "/things", body, {"Content-Type": good})
        for bad in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx",
                    "application/json-patch+json", "", ";"]:
            self.error(415, "UnsupportedMediaType", "POST", "/things", body,
                       {"Content-Type": bad})
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        connection.putrequest("POST", "/v1/things")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode())
        self.assertEqual(connection.getresponse().status, 201)
        connection.close()

    def test_headers(self):
        answer = self.server.raw(b"DELETE /v1/things/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                 b"X-Api-Key: \xe9\xff\r\nIf-Match: \"\xe9\"\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 204 "), answer)
        answer = self.call(200, "PATCH", "/things/1", '{"note":null}',
                           {"if-match": '"1"', **JSON})
        self.assertEqual(json.loads(answer.body)["headers"], {"if-match": '"1"'})
        answer = self.call(200, "PATCH", "/things/1", '{"note":null}', JSON)
        self.assertEqual(json.loads(answer.body)["headers"], {"if-match": None})

    def test_throttle(self):
        headers = {"x-aslc-caller": '{"account":"1"}', **JSON}
        path = "/v1/projects/p/tasks/t"
        answers = []
        while len(answers) < 200 and (not answers or answers[-1].status != 429):
            answers.append(self.server.request("POST", path, "{}", headers))
        self.assertEqual([a.status for a in answers[:10]], [200] * 10)  # the burst
        self.assertEqual(answers[-1].status, 429)
        self.assertEqual(json.loads(answers[-1].body)["error"], "TooManyRequests")
        time.sleep(0.5)  # five a second
        self.call(200, "POST", "/projects/p/tasks/t", "{}", headers)


class Sizes(Case):
    def big(self, count):
        return b'{"name":"x","any":"' + b"y" * count + b'"}'

    def test_input_limit(self):
        self.call(201, "POST", "/things", self.big(262144 - 800), JSON)
        self.error(413, "TooLarge", "POST", "/things", self.big(262144), JSON)
        self.call(201, "POST", "/things", b" " * 400000 + self.big(200000), JSON)
        path = "/things?limit=1&next=" + "%E2%82%AC" * 500
        self.call(200, "GET", path)

    def test_body_of_ten_megabytes(self):
        before = self.server.rss()
        body = self.big(10 << 20)
        self.error(413, "TooLarge", "POST", "/things", body, JSON)
        self.error(413, "TooLarge", "POST", "/things", body, {"Content-Type": "text/plain"})
        self.error(404, "NotFound", "POST", "/nothing", body, JSON)
        chunks = [body[i:i + 65536] for i in range(0, len(body), 65536)]
        self.error(413, "TooLarge", "POST", "/things", iter(chunks), JSON)
        self.assertLess(self.server.rss() - before, 6 << 20)

    def test_announced_body(self):
        head = (b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n%s\r\n")
        answer = self.server.raw(head % (10 << 20, b"Expect: 100-continue\r\n"), 2)
        self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer)
        answer = self.server.raw(head % (1 << 40, b""), 2)
        self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer)
        answer = self.server.raw(head % (15, b"Expect: 100-continue\r\nConnection: close\r\n") +
                                 b'{"name": "abc"}', 2)
        self.assertTrue(answer.startswith(b"HTTP/1.1 100 "), answer)
        self.assertIn(b"HTTP/1.1 201 ", answer)

    def test_endless_body(self):
        with self.server.connect() as s:
            s.sendall(b"POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
            with self.assertRaises((ConnectionError, socket.timeout)):
                for _ in range(1000):
                    s.sendall(chunk)
        self.alive()

    def test_many_bodies_at_once(self):
        before = self.server.rss()
        sockets = []
        for _ in range(150):
            s = self.server.connect()
            s.sendall(b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
                      b"Content-Type: application/json\r\n\r\n" + b" " * 600000)
            sockets.append(s)
        self.alive()
        self.assertLess(self.server.rss() - before, 100 << 20)
        for s in sockets:
            s.close()
        self.alive()


class Protocol(Case):
    def test_garbage(self):
        for data in [b"\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET /v1/things\r\n\r\n",
                     b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9,
                     b"GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n", b"GET * HTTP/1.1\r\n\r\n",
                     b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                     b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: zz\r\n\r\n",
                     b"POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz",
                     b"GET /v1/things HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 5000 + b"\r\n",
                     b"GET /v1/things HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 100000 + b"\r\n\r\n",
                     b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                     os.urandom(5000)]:
            answer = self.server.raw(data, 0.3)
            self.assertNotIn(b"HTTP/1.1 2", answer, data[:40])
        self.alive()

    def test_many_headers(self):
        request = (b"GET /v1/things/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
                   b"".join(b"x%d: y\r\n" % i for i in range(200)) + b"\r\n")
        self.assertTrue(self.server.raw(request).startswith(b"HTTP/1.1 200 "))

    def test_pipeline_and_keep_alive(self):
        one = b"GET /v1/things/a HTTP/1.1\r\nHost: x\r\n\r\n"
        slow = b"GET /v1/things/slow HTTP/1.1\r\nHost: x\r\n\r\n"
        last = b"GET /v1/things/z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        answer = self.server.raw(one * 5 + slow + one + last)
        self.assertEqual(answer.count(b"HTTP/1.1 200 "), 8)

    def test_old_protocol(self):
        answer = self.server.raw(b"GET /v1/things/1 HTTP/1.0\r\n\r\n")
        self.assertIn(b" 200 ", answer.split(b"\r\n")[0])

    def test_client_hangs_up(self):
        for _ in range(20):
            with self.server.connect() as s:
                s.sendall(b"GET /v1/things/slow HTTP/1.1\r\nHost: x\r\n\r\n")
            with self.server.connect() as s:
                s.sendall(b"POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        self.alive()
        time.sleep(1.3)
        self.alive()


class Waiting(Case):
    def test_waits_hold_up_nobody(self):
        done = []

        def slow():
            done.append(self.server.request("GET", "/v1/things/slow").status)

        start = time.monotonic()
        threads = [threading.Thread(target=slow) for _ in range(40)]
        for t in threads:
            t.start()
        self.alive()
        self.assertLess(len(done), 40)
        for t in threads:
            t.join()
        self.assertEqual(done, [200] * 40)
        self.assertLess(time.monotonic() - start, 20)  # one after the other would take 40 s

    def test_stop_waits_for_what_is_under_way(self):
        server = Server()
        s = server.connect()
        s.sendall(b"GET /v1/things/slow HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        s.settimeout(5)
        self.assertTrue(s.recv(1000).startswith(b"HTTP/1.1 200 "))
        s.close()
        self.assertEqual(server.stop(None), 0)

    def test_the_port_is_taken(self):
        done = subprocess.run([SERVER, "0", "", "0", "0", str(self.server.port)],
                              capture_output=True, text=True, timeout=10)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        self.assertIn("Address already in use", done.stderr)

    def test_the_caller_is_not_json(self):
        done = subprocess.run([SERVER, "0", "[]"], capture_output=True, text=True, timeout=10)
        self.assertEqual(done.returncode, 2)
        self.assertIn("the caller must be a JSON object", done.stderr)

    def test_stop_by_interrupt(self):
        self.assertEqual(Server().stop(signal.SIGINT), 0)


class OneOrigin(Case):
    options = {"origins": 1}

    def test_preflight(self):
        answer = self.call(204, "OPTIONS", "/things/1", headers={"Origin": "https://other"})
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "https://a.example")
        self.assertEqual(answer.headers["Access-Control-Allow-Methods"],
                         "GET, PATCH, DELETE, OPTIONS")
        self.assertIn("If-Match", answer.headers["Access-Control-Allow-Headers"])
        self.assertEqual(answer.body, b"")
        self.error(404, "NotFound", "OPTIONS", "/nothing")

    def test_answers(self):
        for method, path in [("GET", "/things/1"), ("GET", "/nothing"), ("PUT", "/things")]:
            answer = self.server.request(method, "/v1" + path)
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "https://a.example")
            self.assertIn("ETag", answer.headers["Access-Control-Expose-Headers"])


class TwoOrigins(Case):
    options = {"origins": 2, "caller": '{"sub":"me"}'}

    def test_choice(self):
        for origin, allowed in [("https://b.example", "https://b.example"),
                                ("https://c.example", None), (None, None)]:
            headers = {} if origin is None else {"origin": origin}
            answer = self.call(200, "GET", "/things/1", headers=headers)
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], allowed)
            self.assertEqual(answer.headers["Vary"], "Origin")

    def test_fixed_caller(self):
        answer = self.call(200, "GET", "/projects/1", headers={"x-aslc-caller": '{"sub":"you"}'})
        self.assertEqual(json.loads(answer.body)["caller"], {"sub": "me"})


class SlowConnections(Case):
    options = {"head_ms": 3000}

    def test_slow_connections(self):
        """Clients that begin a request and go to sleep cost little, keep nobody out, and end."""
        before = self.server.rss()
        sockets = []
        for i in range(SLOW):
            s = self.server.connect()
            s.sendall([b"G", b"GET /v1/things HTTP/1.1\r\nHost: x\r\nX: ", b""][i % 3])
            sockets.append(s)
            if i % 1000 == 999:
                self.alive()
        start = time.monotonic()
        self.alive()
        self.assertLess(time.monotonic() - start, 3)
        each = (self.server.rss() - before) / SLOW
        self.assertLess(each, 40000)
        time.sleep(4)
        self.alive()
        closed = 0
        for s in sockets:
            s.settimeout(1)
            try:
                closed += s.recv(1000) == b""
            except ConnectionError:
                closed += 1
            s.close()
        self.assertEqual(closed, SLOW)
        print(f"{SLOW} slow connections: {each:.0f} bytes each", file=sys.stderr)

    def test_trickle(self):
        """A byte now and then does not keep a connection."""
        with self.server.connect() as s:
            start = time.monotonic()
            with self.assertRaises(ConnectionError):
                while time.monotonic() - start < 10:
                    s.sendall(b"G")
                    time.sleep(0.1)
            self.assertLess(time.monotonic() - start, 9)


class FullHouse(Case):
    options = {"head_ms": 60000, "connections": 128}

    def test_newcomers_get_in(self):
        """With every connection taken by sleepers, the oldest sleeper makes room."""
        sleepers = [self.server.connect() for _ in range(400)]
        for _ in range(5):
            self.alive()
        for s in sleepers:
            s.close()


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < SLOW + 200:
        print(f"SKIP: {SLOW} connections need more than the {hard} descriptors that are allowed")
        sys.exit(77)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    unittest.main(verbosity=1)
