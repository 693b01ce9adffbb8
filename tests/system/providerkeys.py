"""A key of each kind of provider goes through every kind of failure at the most talkative log level, and
is found nowhere but at its provider.

Neither the log, nor what clients and administrators are answered, nor a file of the data directory, nor
what is kept of requests with traffic.capture holds any of them, in whatever way the provider repeats
the key that it was sent.
"""

import base64
import ctypes
import ctypes.util
import json
import os
import socket
import sqlite3
import struct
import threading
import urllib.parse

from provider import Provider, chunk, completion, event, reply, stream_head
from rawhttp import ask, request
from support import Management, Program, check, main, same

KEY_FIELDS = ("authorization", "api-key", "x-api-key", "x-goog-api-key")
SECOND = "x-second-secret"
WORKERS = 6
ANTHROPIC, GEMINI = 14, 24
# Kinds that differ in how they are asked and sent their key: these go through all faults.
WHOLLY = (1, 3, ANTHROPIC, 16, GEMINI, 30, 50)


def key_of(number):
    """Like no known form of a key, with what is escaped in JSON and in addresses."""
    return f"canary{number:04d}a7f3/Qk9+{number:04d}zW=5d1c0b7e"


def core_of(number):
    """The parts in which nothing is ever escaped."""
    return (f"canary{number:04d}a7f3", f"{number:04d}zW=5d1c0b7e")


HEADERS = {"second": "canary-second-4e1f7730ab52c9d8", "proxy": "canary-proxy-90c3e7b1f2"}


def told(upstream_request):
    """All that it was sent of secrets, as providers repeat it."""
    values = [value for name, value in upstream_request.headers if name in KEY_FIELDS + (SECOND,)]
    bare = [value.split(" ", 1)[-1] for value in values]
    return " and ".join(values + bare)


def refusal(upstream_request, connection):
    words = told(upstream_request)
    body = {"error": {"message": f"Incorrect API key provided: {words}", "type": words, "code": words,
                      "param": words, "status": words, "details": [{"reason": words}]}}
    connection.sendall(reply(body, "401 Unauthorized",
                             fields=f"X-Your-Key: {words}\r\nWWW-Authenticate: Bearer {words}\r\n"
                                    f"X-Request-Id: {words}\r\n"))


def escaped_refusal(upstream_request, connection):
    """As PHP writes JSON, and all of it in numbers."""
    words = told(upstream_request)
    in_numbers = "".join(f"\\u{ord(letter):04x}" for letter in words)
    body = ('{"error":{"message":"no access: ' + words.replace("/", "\\/") + '","code":"'
            + in_numbers + '"},"message":"' + in_numbers + '"}')
    connection.sendall(reply(body.encode(), "403 Forbidden"))


def in_an_address(upstream_request, connection):
    words = urllib.parse.quote(told(upstream_request), safe="")
    connection.sendall(reply({"error": {"message": f"see https://a.example/?key={words}"}},
                             "400 Bad Request"))


def in_html(upstream_request, connection):
    connection.sendall(reply(f"<html><title>{told(upstream_request)}</title>".encode(),
                             "502 Bad Gateway", content_type="text/html"))


def in_text(upstream_request, connection):
    connection.sendall(reply(told(upstream_request).encode(), "500 Oops", content_type="text/plain"))


def redirected(upstream_request, connection):
    words = urllib.parse.quote(told(upstream_request), safe="")
    connection.sendall(reply(b"", "302 Found", fields=f"Location: http://127.0.0.1:1/?key={words}\r\n"))


def limited(upstream_request, connection):
    connection.sendall(reply({"error": {"message": f"too many requests for {told(upstream_request)}"}},
                             "429 Later", fields="Retry-After: 0\r\n"))


def error_in_200(upstream_request, connection):
    connection.sendall(reply({"error": {"message": f"out of credit: {told(upstream_request)}"}}))


def cut(upstream_request, connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
                       + json.dumps({"id": told(upstream_request)}).encode())
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def no_http(upstream_request, connection):
    connection.sendall(f"{told(upstream_request)} is no HTTP\r\n\r\n".encode())
    return False


def odd_head(upstream_request, connection):
    words = told(upstream_request)
    connection.sendall(f"HTTP/1.1 999 {words}\r\n{words.replace(' ', '')}\r\n\r\n".encode())
    return False


def closed(_, __):
    return False


def error_in_stream(upstream_request, connection):
    words = told(upstream_request)
    connection.sendall(stream_head() + chunk(event({"role": "assistant", "content": "begun"})))
    error = json.dumps({"type": "error", "error": {"message": f"key {words} has expired", "type": words}})
    connection.sendall(chunk(f"event: error\ndata: {error}\n\n".encode()) + b"0\r\n\r\n")


def cut_stream(upstream_request, connection):
    connection.sendall(stream_head() + chunk(event({"role": "assistant", "content": "begun"}))
                       + chunk(f"data: {told(upstream_request)}".encode()))
    return False


def served(_, connection):
    connection.sendall(reply(completion("hello")))


FAULTS = {"refusal": refusal, "escaped": escaped_refusal, "address": in_an_address, "html": in_html,
          "text": in_text, "redirect": redirected, "limit": limited, "error200": error_in_200,
          "cut": cut, "nohttp": no_http, "oddhead": odd_head, "closed": closed,
          "streamerror": error_in_stream, "cutstream": cut_stream, "served": served}


def answer(upstream_request, connection):
    """What its name of the model tells; Gemini's is in the path."""
    where = upstream_request.target + upstream_request.body.decode("utf-8", "replace")
    for name, fault in FAULTS.items():
        if f"fault-{name}-" in where:
            return fault(upstream_request, connection)
    return refusal(upstream_request, connection)


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Answers:
    def __init__(self):
        self.lock = threading.Lock()
        self.found = []

    def add(self, what, status, headers, body):
        with self.lock:
            self.found.append((what, status, repr(headers).encode() + body))


def question(number, model, stream):
    """In the dialect that a channel of the kind speaks: path and body."""
    text = [{"role": "user", "content": "hello"}]
    if number == ANTHROPIC:
        return "/v1/messages", {"model": model, "messages": text, "stream": stream, "max_tokens": 9}
    if number == GEMINI:
        action = "streamGenerateContent?alt=sse" if stream else "generateContent"
        return (f"/v1beta/models/{model}:{action}",
                {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]})
    return "/v1/chat/completions", {"model": model, "messages": text, "stream": stream}


class Channels:
    """One for each kind, fault and way of asking: after a fault a channel may rest."""

    def __init__(self, person, provider):
        self.person = person
        self.numbers = []
        self.questions = []
        for number in [*range(1, 52), 1001]:
            of_kind = list(FAULTS) if number in WHOLLY else ["refusal", "streamerror"]
            ways = [(name, stream) for name in of_kind
                    for stream in ((False, True) if number in WHOLLY else (name == "streamerror",))]
            for name, stream in ways:
                if not self.add(number, f"fault-{name}-{number}{'-stream' if stream else ''}", stream,
                                {"base_url": provider.url}):
                    break
        refused = f"http://127.0.0.1:{closed_port()}"
        proxy = f"http://me:{HEADERS['proxy']}@127.0.0.1:{closed_port()}"
        for number, more in ((2001, {"base_url": refused}),
                             (2002, {"base_url": provider.url, "proxy": proxy}),
                             (2003, {"base_url": "http://nowhere.invalid"}),
                             (2004, {"base_url": provider.url.replace("http", "https")})):
            self.add(number, f"fault-served-{number}", False, dict(more, type=1))

    def add(self, number, model, stream, more):
        """False if there are none of the kind."""
        made = self.person.ask("POST", "/api/channel/", dict({
            "type": number, "name": model, "key": key_of(number), "models": model,
            "group": "default", "other": "2024-10-21",
            "header_overrides": {SECOND: HEADERS["second"]}}, **more))
        if not made.json()["success"]:
            return False
        if number not in self.numbers:
            self.numbers.append(number)
        self.questions.append(question(number, model, stream))
        return True

    def use(self, program, key, answers):
        waiting = list(self.questions)

        def work():
            while True:
                try:
                    path, body = waiting.pop()
                except IndexError:
                    return
                found = ask(program.port, request(path, json.dumps(body).encode(), key=key), 30)
                what = f"{path} {body.get('model', '')}"
                answers.add(what, found and found.status, found.headers if found else {},
                            found.body if found else b"")

        threads = [threading.Thread(target=work, daemon=True) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(200)
            check(not thread.is_alive(), "a client hangs")


def administer(person, answers):
    def look(method, path, body=None):
        found = person.ask(method, path, body)
        answers.add(f"{method} {path}", found.status, found.headers, found.body)

    for row in person.pages("/api/channel/"):
        look("GET", f"/api/channel/{row['id']}")
        look("GET", f"/api/channel/test/{row['id']}")
        if "-refusal-" in row["name"]:
            look("GET", f"/api/channel/update_balance/{row['id']}")
            look("PUT", "/api/channel/", {"id": row["id"], "priority": 1})
            look("PUT", "/api/channel/", {"id": row["id"], "base_url": "http://other.invalid"})
    for page in range(len(answers.found) // 10 + 1):
        look("GET", f"/api/log/?p={page}")
    for path in ("/api/channel/?p=0", "/api/channel/health", "/api/channel/search?keyword=kind",
                 "/api/option/", "/api/status", "/api/channel/test_run", "/api/log/stat"):
        look("GET", path)


def unpacked(data):
    """What a frame of Zstandard holds."""
    name = ctypes.util.find_library("zstd")
    check(name, "libzstd is not installed")
    library = ctypes.CDLL(name)
    library.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    library.ZSTD_decompress.restype = ctypes.c_size_t
    size = library.ZSTD_getFrameContentSize(data, ctypes.c_size_t(len(data)))
    if size >= 1 << 40:
        return b""
    buffer = ctypes.create_string_buffer(max(1, size))
    found = library.ZSTD_decompress(buffer, ctypes.c_size_t(size), data, ctypes.c_size_t(len(data)))
    return buffer.raw[:found] if found <= size else b""


def captures(folder):
    """All that is kept of requests, unpacked."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                if file.read(16) != b"SQLite format 3\0":
                    continue
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
                tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
                if "pieces" in tables:
                    for table, column in (("captures", "head"), ("pieces", "data")):
                        for (data,) in database.execute(f"SELECT {column} FROM {table}"):
                            yield f"a capture ({table})", unpacked(bytes(data))
            database.close()


def files_of(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    yield path, file.read()


def forms_of(secret):
    """In what form something may hold it: also as other programs write it."""
    text = secret.encode()
    yield text
    yield base64.b64encode(text).rstrip(b"=")
    yield text.hex().encode()


def search(secrets, data, where, problems):
    for what, forms in secrets.items():
        if any(form in data for form in forms):
            problems.append(f"{what} is in {where}")


def test(path):
    with Provider(answer) as provider, Program(path, options=["--log-level", "debug"]) as program:
        program.environment["GATEHOUSE_RELAY_RETRIES"] = "1"
        program.start()
        person = Management(program)
        person.sign_in()
        for option, value in (("traffic.capture", "all"), ("relay.breaker_failures", "1000"),
                              ("relay.disable_automatically", "false")):
            person.set_option(option, value)
        channels = Channels(person, provider)
        numbers = channels.numbers
        key = person.add_token()
        answers = Answers()
        channels.use(program, key, answers)
        administer(person, answers)

        sent = json.dumps([each.headers for each in provider.requests])
        reached = [number for number in numbers if key_of(number) in sent]
        check(len(reached) >= 30, f"only {len(reached)} kinds reach their provider with their key")
        check(HEADERS["second"] in sent, "no provider is sent the second secret")
        check(not [each for each in provider.requests if "canary" in each.target],
              "a key is sent in an address")
        secrets = {f"the key of kind {number}": [form for part in core_of(number)
                                                 for form in forms_of(part)] for number in numbers}
        for what, secret in HEADERS.items():
            secrets[f"the {what} secret"] = list(forms_of(secret))

        problems = []
        for what, status, data in answers.found:
            search(secrets, data, f"the answer {status} to {what}: {data[:400]!r}", problems)
        for name, data in files_of(program.data):
            search(secrets, data, f"{name}, running", problems)
        same(program.stop(60), 0, "the exit code")
        for name, data in files_of(program.data):
            search(secrets, data, f"{name}, stopped", problems)
        kept = 0
        for name, data in captures(program.data):
            kept += bool(data)
            search(secrets, data, f"{name}: {data[:2000]!r}", problems)
        for line in program.errors().splitlines():
            search(secrets, line.encode(), f"the log: {line[:400]}", problems)
        statuses = sorted({str(status) for _, status, _ in answers.found})
        print(f"{len(answers.found)} answers ({', '.join(statuses)}), {len(reached)} kinds, {kept} parts"
              f" of captures, {len(program.errors().splitlines())} lines of the log", flush=True)
        for problem in problems[:int(os.environ.get("PROBLEMS", "5"))]:
            print(problem)
        same(len(problems), 0, "places that hold a secret")
        check(kept > 100, f"hardly anything is captured: {kept}")
        check(len(answers.found) > 500, "hardly anything was answered")


main(test)
