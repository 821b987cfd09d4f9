#!/usr/bin/env python3
"""behaviour.py ASLC SHELF.crud: what a client of a generated API sees, against `aslc serve`, in both layouts.

Every promise of the language reference that concerns one entity is a function below: statuses, bodies,
ETag and If-Match, PATCH and PUT, checks on sent and on stored fields, lists, tokens, callers.
"""
import base64
import http.client
import json
import re
import signal
import subprocess
import sys
import time

wrong = []


class Api:
    """One server; who calls is u1 unless said."""

    def __init__(self, aslc, source, layout):
        self.server = subprocess.Popen([aslc, "serve", source, "--port", "0", "--layout", layout],
                                       stdout=subprocess.PIPE, text=True)
        line = self.server.stdout.readline()
        self.port = int(line.rsplit(":", 1)[1])
        self.layout = layout

    def close(self):
        self.server.send_signal(signal.SIGTERM)
        if self.server.wait(timeout=20) != 0:
            wrong.append(f"{self.layout}: the server ended with {self.server.returncode}")

    def call(self, method, path, body=None, match=None, caller="u1", kind="application/json"):
        headers = {} if caller is None else {"x-aslc-caller": json.dumps({"sub": caller})}
        if body is not None:
            headers["Content-Type"] = kind
        if match is not None:
            headers["If-Match"] = match
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        connection.request(method, "/v1" + path, text, headers)
        answer = connection.getresponse()
        raw = answer.read().decode("utf-8")
        connection.close()
        answer.json = json.loads(raw) if raw else None
        answer.etag = answer.getheader("ETag")
        answer.place = answer.getheader("Location")
        return answer


def expect(what, answer, status, **members):
    """The status, and the members of the body (None: absent)."""
    if answer.status != status:
        wrong.append(f"{what}: {answer.status} instead of {status}: {answer.json}")
        return answer
    for name, value in members.items():
        got = (answer.json or {}).get(name)
        if got != value:
            wrong.append(f"{what}: {name} is {got!r} instead of {value!r}")
    return answer


def same(what, got, wanted):
    if got != wanted:
        wrong.append(f"{what}: {got!r} instead of {wanted!r}")


BOOK = {"title": "Odes", "isbn": "123456789X"}
FULL = {"title": "Ünï \"q\" \\ ' ${x} %{y} 🙂", "genre": "poetry", "pages": 320, "weight": 0.5, "isbn": "1234567890",
        "price": "12.50", "copies": "12345678901234567890123456789012345678", "forSale": True,
        "tags": ["a", "b"], "place": {"room": "R1", "row": 3}, "history": [{"room": "R0", "row": 1, "note": "n"}],
        "extra": {"deep": [1, {"x": None}], "s": "t"}, "lentAt": "2026-01-01T00:00:00Z",
        "dueAt": "2026-02-01T00:00:00+02:00", "secret": "s"}


def create(api, body=None, **more):
    return api.call("POST", "/books", {**BOOK, **(body or {})}, **more)


def test_create(api):
    a = expect("create", create(api), 201, title="Odes", genre="novel", copies="1", forSale=False, tags=[],
               owner="u1", version=1, pages=None, secret=None)
    same("create: ETag", a.etag, '"1"')
    same("create: Location", a.place, "/v1/books/" + a.json["id"])
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", a.json["id"]):
        wrong.append(f"create: id {a.json['id']}")
    b = expect("create, all fields", api.call("POST", "/books", FULL), 201)
    wanted = {**{k: v for k, v in FULL.items() if k != "secret"},  # times are kept in UTC
              "lentAt": "2026-01-01T00:00:00.000Z", "dueAt": "2026-01-31T22:00:00.000Z"}
    same("create, all fields: body", {k: b.json.get(k) for k in wanted}, wanted)
    same("get what was created", api.call("GET", "/books/" + b.json["id"]).json, b.json)
    expect("create again", create(api, {"id": a.json["id"]}), 409, error="Conflict")
    expect("decimals have all places", create(api, {"price": "7"}), 201, price="7.00")
    expect("no zero with a sign", create(api, {"price": "-0.00"}), 400)
    expect("null is absent", create(api, {"pages": None}), 201, pages=None)


def test_refused(api):
    for what, body in {
        "no title": {"isbn": "1234567890"}, "empty title": {**BOOK, "title": ""}, "long": {**BOOK, "title": "x" * 81},
        "number for text": {**BOOK, "title": 5}, "list for text": {**BOOK, "title": ["x"]},
        "pattern": {**BOOK, "isbn": "12345"}, "unknown": {**BOOK, "colour": 1}, "readonly": {**BOOK, "createdAt": "x"},
        "owner": {**BOOK, "owner": "u2"}, "version": {**BOOK, "version": 3}, "enum": {**BOOK, "genre": "prose"},
        "fraction": {**BOOK, "pages": 1.5}, "text for number": {**BOOK, "pages": "5"}, "range": {**BOOK, "pages": 5001},
        "weight": {**BOOK, "weight": 50.5}, "price": {**BOOK, "price": "1.234"}, "price number": {**BOOK, "price": 1.5},
        "copies": {**BOOK, "copies": "1" * 39}, "bool": {**BOOK, "forSale": "true"}, "tags": {**BOOK, "tags": "a"},
        "five tags": {**BOOK, "tags": list("abcde")}, "same tags": {**BOOK, "tags": ["a", "a"]},
        "number tag": {**BOOK, "tags": [1]}, "place": {**BOOK, "place": {"room": "R"}},
        "place more": {**BOOK, "place": {"room": "R", "row": 1, "x": 1}}, "place null": {**BOOK, "place": {"room": None, "row": 1}},
        "four places": {**BOOK, "history": [{"room": "R", "row": 1}] * 4}, "day": {**BOOK, "lentAt": "2026-02-30T00:00:00Z"},
        "not a time": {**BOOK, "lentAt": "yesterday"}, "key": {**BOOK, "id": "ABC"}, "null title": {**BOOK, "title": None},
        "list": [BOOK], "text": "\"x\"", "null": "null", "number": "5", "cut": "{", "empty": "", "twice": "{} {}",
        "null genre": {**BOOK, "genre": None}, "null tags": {**BOOK, "tags": None}, "extra": {**BOOK, "extra": "x" * 300},
    }.items():
        expect("refused: " + what, api.call("POST", "/books", body), 400)
    expect("other type", api.call("POST", "/books", "x=1", kind="text/plain"), 415)
    expect("no such path", api.call("GET", "/nothing"), 404)
    expect("no such method", api.call("POST", "/books/x"), 405)
    expect("key that is none", api.call("GET", "/books/ABC"), 400, error="BadRequest")
    expect("no such item", api.call("GET", "/books/" + "0" * 8 + "-0000-4000-8000-" + "0" * 12), 404, error="NotFound")
    expect("nobody calls", api.call("GET", "/books", caller=None), 401)


def test_checks(api):
    expect("check: title", create(api, {"title": " "}), 400)
    expect("check: span", create(api, {"lentAt": "2026-03-01T00:00:00Z", "dueAt": "2026-02-01T00:00:00Z"}), 422, error="BadSpan")
    expect("check: spans in other zones", create(api, {"lentAt": "2026-03-01T00:00:00Z", "dueAt": "2026-03-01T00:30:00+01:00"}), 422)
    expect("check: price", create(api, {"forSale": True}), 422, error="NoPrice")
    book = create(api).json
    path = "/books/" + book["id"]
    expect("check on what will be", api.call("PATCH", path, {"forSale": True}, '"1"'), 422, error="NoPrice")
    expect("check on both", api.call("PATCH", path, {"forSale": True, "price": "1.00"}, '"1"'), 200, version=2)
    expect("check after a removal", api.call("PATCH", path, {"price": None}, '"2"'), 422, error="NoPrice")
    expect("check of the sent", api.call("PATCH", path, {"title": " "}, '"2"'), 400)
    expect("span, first half", api.call("PATCH", path, {"lentAt": "2026-03-01T00:00:00Z"}, '"2"'), 200, version=3)
    expect("span, stored half", api.call("PATCH", path, {"dueAt": "2026-02-01T00:00:00Z"}, '"3"'), 422, error="BadSpan")
    expect("span that holds", api.call("PATCH", path, {"dueAt": "2026-04-01T00:00:00Z"}, '"3"'), 200, version=4)
    expect("delete, stored check", api.call("DELETE", path, match='"4"'), 409, error="Overdue")
    expect("stranger", api.call("PATCH", path, {"title": "x"}, '"4"', caller="u2"), 403, error="NotYours")
    expect("stranger deletes", api.call("DELETE", path, match="*", caller="u2"), 403, error="NotYours")
    expect("stranger replaces", api.call("PUT", path, BOOK, "*", caller="u2"), 403, error="NotYours")


def test_patch(api):
    book = api.call("POST", "/books", FULL).json
    path = "/books/" + book["id"]
    a = expect("patch", api.call("PATCH", path, {"title": "New"}, '"1"'), 200, title="New", version=2, pages=320,
               createdAt=book["createdAt"])
    same("patch: ETag", a.etag, '"2"')
    if a.json["updatedAt"] < book["updatedAt"]:
        wrong.append("patch: updatedAt went back")
    expect("patch removes", api.call("PATCH", path, {"pages": None, "history": None, "extra": None}, '"2"'), 200,
           pages=None, history=None, extra=None, version=3)
    same("patch removed for good", "pages" in api.call("GET", path).json, False)
    expect("patch replaces whole", api.call("PATCH", path, {"place": {"room": "R9", "row": 9}}, '"3"'), 200,
           place={"room": "R9", "row": 9})
    expect("patch, null on required", api.call("PATCH", path, {"title": None}, '"4"'), 400)
    expect("patch, empty", api.call("PATCH", path, {}, '"4"'), 400)
    expect("patch, unknown", api.call("PATCH", path, {"x": 1}, '"4"'), 400)
    expect("patch, key", api.call("PATCH", path, {"id": book["id"]}, '"4"'), 400)
    expect("patch, wrong type", api.call("PATCH", path, {"pages": "5"}, '"4"'), 400)
    expect("patch, stale", api.call("PATCH", path, {"title": "x"}, '"1"'), 412, error="Stale")
    expect("patch, no If-Match", api.call("PATCH", path, {"title": "x"}), 428, error="PreconditionRequired")
    for match in ("4", 'W/"4"', '"4", "5"', '"x"', ""):
        expect(f"patch, If-Match {match}", api.call("PATCH", path, {"title": "x"}, match), 412)
    expect("patch, any version", api.call("PATCH", path, {"title": "any"}, "*"), 200, version=5)
    missing = "/books/" + "0" * 8 + "-0000-4000-8000-" + "0" * 12
    expect("patch, missing", api.call("PATCH", missing, {"title": "x"}, '"1"'), 404)


def test_replace(api):
    book = api.call("POST", "/books", FULL).json
    path = "/books/" + book["id"]
    a = expect("replace", api.call("PUT", path, BOOK, '"1"'), 200, title="Odes", genre="novel", pages=None, tags=[],
               place=None, forSale=False, owner="u1", version=2, createdAt=book["createdAt"])
    same("replace: ETag", a.etag, '"2"')
    same("replace: stored", api.call("GET", path).json, a.json)
    expect("replace, same key", api.call("PUT", path, {**BOOK, "id": book["id"]}, '"2"'), 200, version=3)
    expect("replace, other key", api.call("PUT", path, {**BOOK, "id": "0" * 8 + "-0000-4000-8000-" + "0" * 12}, '"3"'), 400)
    expect("replace, incomplete", api.call("PUT", path, {"title": "x"}, '"3"'), 400)
    expect("replace, check", api.call("PUT", path, {**BOOK, "forSale": True}, '"3"'), 422)
    expect("replace, stale", api.call("PUT", path, BOOK, '"1"'), 412)
    missing = "/books/" + "0" * 8 + "-0000-4000-8000-" + "0" * 12
    expect("replace, missing", api.call("PUT", missing, BOOK, "*"), 404)


def test_delete(api):
    book = create(api).json
    path = "/books/" + book["id"]
    expect("delete, stale", api.call("DELETE", path, match='"7"'), 412)
    expect("delete, no If-Match", api.call("DELETE", path), 428)
    a = expect("delete", api.call("DELETE", path, match='"1"'), 204)
    same("delete: body", a.json, None)
    expect("get after delete", api.call("GET", path), 404)
    expect("delete again", api.call("DELETE", path, match='"1"'), 404)


def pages(api, path, caller, **query):
    """All items of a list by following next."""
    items, token, rounds = [], None, 0
    while rounds == 0 or token:
        rounds += 1
        text = "&".join(f"{k}={v}" for k, v in query.items())
        text += ("&" if text and token else "") + (f"next={token}" if token else "")
        a = expect("page", api.call("GET", path + ("?" + text if text else ""), caller=caller), 200)
        if a.json["count"] != len(a.json["items"]):
            wrong.append(f"page: count {a.json['count']}")
        items += a.json["items"]
        token = a.json.get("next")
        if rounds > 50:
            wrong.append("pages without end")
            break
    return items


def test_lists(api):
    names = [f"T{i}" for i in range(7)]
    for i, name in enumerate(names):
        create(api, {"title": name, "genre": "essay" if i % 2 else "poetry", "pages": i + 1}, caller="lister")
        time.sleep(0.002)  # createdAt has milliseconds
    got = pages(api, "/books", "lister")
    same("list: newest first", [i["title"] for i in got], names[::-1])
    same("list: fields", set(got[0]), {"id", "title", "genre"})
    same("list: others see theirs", pages(api, "/books", "nobody"), [])
    same("list: limit", len(api.call("GET", "/books?limit=5", caller="lister").json["items"]), 5)
    for query in ("limit=0", "limit=6", "limit=x", "next=x", "next=AAAA", "limit="):
        expect("list: " + query, api.call("GET", "/books?" + query, caller="lister"), 400)
    token = api.call("GET", "/books?limit=1", caller="lister").json["next"]
    expect("list: cut token", api.call("GET", "/books?next=" + token[:-1], caller="lister"), 400)
    by_genre = pages(api, "/books", "lister", genre="essay")
    same("list by genre", [i["title"] for i in by_genre if re.fullmatch("T[0-9]", i["title"])], ["T1", "T3", "T5"])
    if any(set(i) - {"id", "title", "pages", "genre"} for i in by_genre):
        wrong.append(f"list by genre: fields {by_genre[0]}")
    expect("list by genre: bad", api.call("GET", "/books?genre=prose", caller="lister"), 400)
    other = api.call("GET", "/books?genre=essay&limit=1", caller="lister").json["next"]
    expect("a token of another list", api.call("GET", "/books?next=" + other, caller="lister"), 400)


def test_sorted(api):
    book = create(api).json["id"]
    path = f"/books/{book}/loans"
    for n in (3, 1, 20, 2):
        a = expect("loan", api.call("POST", path, {"number": n, "reader": f"r{n}"}), 201, book=book, number=n)
        same("loan: Location", a.place, f"/v1{path}/{n}")
    expect("loan again", api.call("POST", path, {"number": 3, "reader": "x"}), 409)
    same("loans by number", [i["number"] for i in pages(api, path, "u1")], [1, 2, 3, 20])
    expect("loan: get", api.call("GET", path + "/20"), 200, reader="r20")
    expect("loan: bad number", api.call("GET", path + "/x"), 400)
    expect("loan: delete", api.call("DELETE", path + "/2"), 204)
    same("loans left", [i["number"] for i in pages(api, path, "u1", limit=2)], [1, 3, 20])
    expect("loans by number", api.call("GET", path + "?number=20"), 200, count=1)
    expect("loans by a number that none has", api.call("GET", path + "?number=21"), 200, count=0)
    next = api.call("GET", path + "?limit=1").json["next"]
    expect("loans: next", api.call("GET", path + "?next=" + next), 200, count=2)
    expect("loans: next of another filter", api.call("GET", path + "?number=20&next=" + next), 400)
    digits = "9" * 38 + "." + "9" * 38  # more than DynamoDB takes
    token = base64.urlsafe_b64encode(f"1|listLoan|oldest|{digits}".encode()).decode().rstrip("=")
    expect("loans: a token that nobody made", api.call("GET", path + "?next=" + token), 400)
    expect("loan: bad book", api.call("POST", "/books/zzz/loans", {"number": 1, "reader": "x"}), 400)


def test_names(api):
    body = {"c1": "mine", "room": "A", "row": "1", "at": "2026-01-01T02:00:00+02:00"}
    path = "/done/" + expect("create", api.call("POST", "/done", body), 201).json["id"]
    for what, more in {"pages": 3, "id": "0" * 8 + "-0000-4000-8000-" + "0" * 12}.items():
        expect(f"create has only some fields: {what}", api.call("POST", "/done", {**body, what: more}), 400)
    expect("a value of the condition is not the field's", api.call("PATCH", path, {"c1": "yours"}), 200, c1="yours")
    expect("the check", api.call("PATCH", path, {"pages": 6}), 200, c1="yours")
    expect("errors may be called as states are", api.call("PATCH", path, {"c1": "x"}), 410, error="Route")
    digits = "1234567890123456789"
    expect("equal longs", api.call("POST", "/done", {**body, "lent": digits, "back": digits}), 422, error="Rejected")
    expect("longs that differ in the last digit", api.call("POST", "/done", {**body, "room": "B", "lent": digits,
                                                                          "back": digits[:-1] + "0"}), 201)
    expect("the same time, written otherwise", api.call("PUT", path, {**body, "at": "2026-01-01T00:00:00Z"}), 422)
    expect("a later time", api.call("PUT", path, {**body, "at": "2026-01-01T00:00:01Z"}), 200, c1="mine")
    expect("filter by a time", api.call("GET", "/done?room=A&at=2026-01-01T01:00:01%2B01:00"), 200, count=1)
    expect("another row", api.call("POST", "/done", {**body, "row": "2"}), 201)
    expect("the list that needs one", api.call("GET", "/done?room=A"), 200, count=2)
    expect("the list that needs both", api.call("GET", "/done?room=A&row=2"), 200, count=1)


def main():
    aslc, source = sys.argv[1:]
    for layout in ("router", "per-operation"):
        api = Api(aslc, source, layout)
        try:
            for name, test in list(globals().items()):
                if name.startswith("test_"):
                    before = len(wrong)
                    try:
                        test(api)
                    except (KeyError, TypeError, OSError) as e: # what follows an answer that is not as it should be
                        wrong.append(f"stopped: {e!r}")
                    wrong[before:] = [f"{layout}: {name}: {w}" for w in wrong[before:]]
        finally:
            api.close()
    for line in wrong:
        print(line)
    sys.exit(1 if wrong else 0)


main()
