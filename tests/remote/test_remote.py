#!/usr/bin/env python3
"""HTTP Tasks against a server on the loopback address, and Lambda functions as commands and URLs.

    ASLC=path/to/aslc test_remote.py
"""
import http.server
import json
import os
import subprocess
import tempfile
import threading
import unittest

ASLC = os.path.abspath(os.environ.get("ASLC", "./aslc"))


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked; /status/NNN with that status; /text with no JSON; /far with a redirection."""

    def answer(self):
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length).decode()
        seen = {"method": self.command, "path": self.path, "body": body, "type": self.headers.get("Content-Type"),
                "tag": self.headers.get("X-Tag")}
        status, kind, text, more = 200, "application/json", json.dumps(seen), []
        if self.path.startswith("/status/"):
            status, text = int(self.path.rsplit("/", 1)[1]), '{"no":1}'
        elif self.path == "/text":
            kind, text = "text/plain", "words"
        elif self.path == "/near":
            status, more = 302, [("Location", "/text")]
        elif self.path == "/far":
            status, more = 302, [("Location", "http://192.0.2.1/")]
        elif self.path == "/function":
            text = json.dumps({"doubled": json.loads(body)["n"] * 2})
        elif self.path == "/broken":
            more, text = [("X-Amz-Function-Error", "Unhandled")], '{"errorType":"Odd","errorMessage":"odd"}'
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in more + [("X-Twice", "a"), ("X-Twice", "b")]:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *args):
        pass


class Remote(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        cls.url = f"http://127.0.0.1:{cls.server.server_address[1]}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def run_state(self, resource, arguments, *flags, code=0):
        machine = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {
            "Type": "Task", "Resource": resource, "Arguments": arguments, "End": True}}}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m.asl.json")
            with open(path, "w", encoding="utf-8") as f:
                json.dump(machine, f)
            p = subprocess.run([ASLC, "run", path, "--json", *flags], capture_output=True, text=True, timeout=60,
                               env={**os.environ, "http_proxy": "http://192.0.2.1:1"})
        self.assertEqual(p.returncode, code, p.stdout + p.stderr)
        return json.loads(p.stdout) if code != 2 else p.stderr

    def http(self, path, *flags, code=0, **more):
        url = path if path.startswith("http") else self.url + path
        return self.run_state("arn:aws:states:::http:invoke", {
            "ApiEndpoint": url, "Method": "GET", "InvocationConfig": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1"},
            **more}, *flags, code=code)

    # ---- HTTP Tasks ----

    def test_get(self):
        out = self.http("/a?b=1", QueryParameters={"c": "d e&", "list": ["x", "y"], "n": 5}, Headers={"X-Tag": "t"})["output"]
        self.assertEqual((out["StatusCode"], out["StatusText"]), (200, "OK"))
        self.assertEqual(out["Headers"]["x-twice"], ["a", "b"])
        self.assertEqual(out["ResponseBody"], {"method": "GET", "path": "/a?b=1&c=d%20e%26&list=x&list=y&n=5", "body": "",
                                               "type": None, "tag": "t"})

    def test_json_body(self):
        body = self.http("/", Method="POST", RequestBody={"a": [1, "ü"]})["output"]["ResponseBody"]
        self.assertEqual((body["method"], body["type"], json.loads(body["body"])), ("POST", "application/json", {"a": [1, "ü"]}))

    def test_form_body(self):
        forms = {None: "a%5B0%5D=1&a%5B1%5D=2&b%5Bc%5D=d%20e", "BRACKETS": "a%5B%5D=1&a%5B%5D=2&b%5Bc%5D=d%20e",
                 "REPEAT": "a=1&a=2&b%5Bc%5D=d%20e", "COMMAS": "a=1,2&b%5Bc%5D=d%20e"}
        for array_format, wanted in forms.items():
            options = {"RequestEncodingOptions": {"ArrayFormat": array_format}} if array_format else {}
            body = self.http("/", Method="PUT", RequestBody={"a": [1, 2], "b": {"c": "d e"}},
                             Transform={"RequestBodyEncoding": "URL_ENCODED", **options})["output"]["ResponseBody"]
            self.assertEqual((body["type"], body["body"]), ("application/x-www-form-urlencoded", wanted))

    def test_text(self):
        self.assertEqual(self.http("/text")["output"]["ResponseBody"], "words")
        self.assertEqual(self.http("/near")["output"]["ResponseBody"], "words")

    def test_status(self):
        end = self.http("/status/404", code=1)
        self.assertEqual((end["status"], end["error"]), ("FAILED", "States.Http.StatusCode.404"))
        self.assertEqual(json.loads(end["cause"])["ResponseBody"], {"no": 1})

    def test_nobody(self):
        self.assertEqual(self.http("http://127.0.0.1:1/", code=1)["error"], "States.Http.Socket")

    def test_elsewhere(self):
        for url in ("https://api.example.com/x", "http://192.0.2.1/", self.url + "/far"):
            self.assertIn("is not on this machine", self.http(url, code=2))

    def test_mapped(self):
        out = self.http("https://api.example.com/text", "--endpoint", "https://api.example.com=" + self.url)["output"]
        self.assertEqual(out["ResponseBody"], "words")

    def test_wrong(self):
        self.assertEqual(self.http("/", Method="BREW", code=1)["error"], "States.Runtime")
        self.assertEqual(self.http("/", Headers={"X-Tag": "a\r\nB: c"}, code=1)["error"], "States.Runtime")
        self.assertIn("is no URL", self.http("http://[", code=1)["cause"])

    # ---- functions ----

    def invoke(self, function, *more, payload=None, code=0):
        return self.run_state("arn:aws:states:::lambda:invoke", {"FunctionName": "double", "Payload": payload or {"n": 4}},
                              "--function", "double=" + function, *more, code=code)

    def test_command(self):
        end = self.invoke("""python3 -c 'import json,sys; print(json.dumps({"doubled": json.load(sys.stdin)["n"] * 2}))'""")
        self.assertEqual(end["output"]["Payload"], {"doubled": 8})
        self.assertEqual(end["output"]["StatusCode"], 200)
        self.assertEqual(self.invoke("echo \\\"$AWS_LAMBDA_FUNCTION_NAME\\\"")["output"]["Payload"], "double")
        self.assertIsNone(self.invoke("cat >/dev/null")["output"]["Payload"])

    def test_arn(self):
        end = self.run_state("arn:aws:lambda:us-east-1:123456789012:function:double:live", {"n": 1}, "--function", "double=cat")
        self.assertEqual(end["output"], {"n": 1})

    def test_event(self):
        """As for a mocked function: a Payload that is a string is the text of the event, null is {}."""
        for payload, event in (('{"n":1}', {"n": 1}), ("words", "words"), (None, {})):
            end = self.run_state("arn:aws:states:::lambda:invoke", {"FunctionName": "f", "Payload": payload}, "--function", "f=cat")
            self.assertEqual(end["output"]["Payload"], event)

    def test_large_event(self):
        big = {"n": "x" * 200000}
        self.assertEqual(self.invoke("cat", payload=big)["output"]["Payload"], big)

    def test_command_fails(self):
        end = self.invoke("exit 3", code=1)
        self.assertEqual(end["error"], "Runtime.ExitError")
        self.assertIn("exit status 3", end["cause"])
        end = self.invoke("""echo '{"errorType":"Mine","errorMessage":"why"}'; exit 1""", code=1)
        self.assertEqual((end["error"], json.loads(end["cause"])["errorMessage"]), ("Mine", "why"))
        self.assertEqual(self.invoke("echo nonsense", code=1)["error"], "Runtime.MarshalError")
        self.assertEqual(self.invoke("yes", code=1)["error"], "Function.ResponseSizeTooLarge")

    def test_url(self):
        self.assertEqual(self.invoke(self.url + "/function")["output"]["Payload"], {"doubled": 8})
        self.assertEqual(self.invoke(self.url + "/broken", code=1)["error"], "Odd")
        self.assertIn("does not answer", self.invoke("http://127.0.0.1:1/", code=2))

    def test_other_function(self):
        said = self.run_state("arn:aws:states:::lambda:invoke", {"FunctionName": "other", "Payload": {}}, "--function", "a=cat", code=2)
        self.assertIn("nothing answers", said)

    def test_flags(self):
        for flag in ("noequals", "=x", "x="):
            self.assertIn("takes NAME=COMMAND|URL", self.invoke("cat", "--function", flag, code=2))


unittest.main()
