"""Tests all channels 20 times while clients are served, with providers that do everything wrong.

The program stays alive, no client notices, every session stays valid, each outcome is sane, and the
channels stay as they were.
"""

import contextlib
import socket
import struct
import threading
import time

from provider import Provider, completion, reply
from rawhttp import ask, request
from support import Failure, Management, Program, chat_body, check, main, same, wait_until

RUNS = 20


def body_of(body, **more):
    return lambda request_, connection: connection.sendall(reply(body, **more))


def raw(data):
    """Sends that and ends the connection."""
    def answer(request_, connection):
        connection.sendall(data)
        return False
    return answer


def reset(request_, connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def silence(request_, connection):
    connection.settimeout(30)
    connection.recv(1)
    return False


def drip(request_, connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.2)
    return False


def message(**fields):
    whole = completion("")
    whole["choices"][0]["message"] = dict({"role": "assistant"}, **fields)
    return whole


def without(name):
    whole = completion("hi")
    del whole[name]
    return whole


OPENROUTER = dict(completion("Hi!"), error=None, provider="DeepInfra", system_fingerprint=None,
                  native_finish_reason="stop")
TOOL_CALL = [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]

# Whether the test must succeed: True, False, or None where either is sane.
CHANNELS = {
    "good": (body_of(completion("Hi!")), True),
    "OpenRouter's valid answer": (body_of(OPENROUTER), True),
    "OpenRouter's blank lines": (body_of(b"\n\n   \n" + reply(OPENROUTER).split(b"\r\n\r\n")[1]), True),
    "a tool call instead of text": (body_of(message(content=None, tool_calls=TOOL_CALL)), True),
    "null content": (body_of(message(content=None)), None),
    "no content": (body_of(message()), None),
    "no usage": (body_of(without("usage")), None),
    "200 with an error object": (body_of({"error": {"message": "out of order", "code": 503}}), False),
    "200 with an error text": (body_of({"error": "out of order"}), False),
    "no choices": (body_of(without("choices")), False),
    "empty choices": (body_of(dict(completion(""), choices=[])), False),
    "choices null": (body_of(dict(completion(""), choices=None)), False),
    "wrong types everywhere": (body_of({"id": [], "choices": {"0": 1}, "usage": "many",
                                        "error": False, "model": 7}), False),
    "a choice that is a number": (body_of(dict(completion(""), choices=[1])), False),
    "usage that is odd": (body_of(dict(completion("hi"), usage={
        "prompt_tokens": -5, "completion_tokens": 1e300, "total_tokens": "x"})), None),
    "HTML": (body_of(b"<html><h1>It works!</h1></html>", content_type="text/html"), False),
    "an empty body": (body_of(b""), False),
    "204": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), False),
    "truncated JSON": (body_of(b'{"id":"x","choices":[{"ind'), False),
    "an array": (body_of(b"[1,2,3]"), False),
    "a number": (body_of(b"42"), False),
    "deep JSON": (body_of(b'{"choices":' + b"[" * 100_000), False),
    "binary": (body_of(bytes(range(256)) * 40), False),
    "a reset": (reset, False),
    "silence": (silence, False),
    "a byte now and then": (drip, False),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), False),
    "nothing": (raw(b""), False),
    "a length that lies": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{}"), False),
    "two lengths": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), False),
    "status 999": (raw(b"HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n{}"), False),
    "100 without end": (raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 5000), False),
    "a head of a megabyte": (raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000), False),
    "a redirect": (raw(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                       b"Content-Length: 0\r\n\r\n"), False),
    "gzip that is none": (raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n"
                              b"no gzip!!"), False),
    "401": (body_of({"error": {"message": "no", "code": "invalid_api_key"}}, status="401 No"), False),
    "429": (body_of({"error": {"message": "slow down"}}, status="429 Later",
                    fields="Retry-After: 1\r\n"), False),
    "500 with HTML": (body_of(b"<html>", status="500 Oops", content_type="text/html"), False),
}


class Traffic:
    """Clients and a signed-in person who go on all the time."""

    def __init__(self, program, key, cookie):
        self.program = program
        self.key = key
        self.person = Management(program)
        self.person.cookie = cookie
        self.stopping = threading.Event()
        self.served = 0
        self.checked = 0
        self.problems = []
        self.threads = [threading.Thread(target=self.guarded, args=(each,), daemon=True)
                        for each in [self.ask] * 4 + [self.look]]
        for thread in self.threads:
            thread.start()

    def guarded(self, function):
        while not self.stopping.is_set():
            try:
                function()
            except (Failure, OSError, ValueError) as problem:
                self.problems.append(repr(problem))
            time.sleep(0.01)

    def ask(self):
        found = ask(self.program.port, request("/v1/chat/completions", chat_body("hi"), key=self.key))
        check(found is not None and found.status == 200, f"a client was answered {found and found.body}")
        self.served += 1

    def look(self):
        check(self.person.is_signed_in(), "a valid session was refused")
        self.checked += 1

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)
        same(self.problems[:3], [], "problems of others meanwhile")
        check(self.served > 100 and self.checked > 20, f"hardly any traffic: {self.served}")


def test_each(person, ids):
    for name, (_, expected) in CHANNELS.items():
        answer = person.ask("GET", f"/api/channel/test/{ids[name]}")
        same(answer.status, 200, f"testing {name}")
        outcome = answer.json()
        print(f"{name}: {outcome['success']} {outcome['message'][:110]!r}", flush=True)
        check(isinstance(outcome["success"], bool), f"{name}: {outcome}")
        check(expected is None or outcome["success"] == expected, f"{name}: {outcome}")
        check(outcome["success"] or outcome["message"], f"{name}: no reason is given")
        check(outcome["time"] >= 0, f"{name}: {outcome}")


def start_run(person):
    """True once a run has begun; False while another one is under way."""
    answer = person.ask("GET", "/api/channel/test?scope=all")
    same(answer.status, 200, "starting a run")
    outcome = answer.json()
    check(outcome["success"] or outcome["message"], f"starting a run: {outcome}")
    return outcome["success"]


def test(path):
    environment = {"GATEHOUSE_TESTS_TIMEOUT": "2", "GATEHOUSE_TESTS_PARALLEL": "8"}
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(Program(path, environment))
        program.start()
        person = Management(program)
        person.sign_in()
        ids = {}
        for name, (answer, _) in CHANNELS.items():
            provider = stack.enter_context(Provider(answer))
            ids[name] = person.add_channel(name=name, base_url=provider.url, models="hostile")
        served = stack.enter_context(Provider())
        person.add_channel(name="traffic", base_url=served.url, models="m")
        traffic = Traffic(program, person.add_token(), person.cookie)

        test_each(person, ids)
        begin = int(time.time())
        for number in range(RUNS):
            wait_until(lambda: start_run(person), f"the start of run {number + 1}", 60)
            check(not start_run(person), "a second run began beside the first")
            check(program.is_alive(), "the program ended")
        wait_until(lambda: start_run(person), "the end of the last run", 60)

        traffic.stop()
        for row in person.pages("/api/channel/"):
            same(row["status"], 1, f"the status of {row['name']}")
            check(row["name"] == "traffic" or row["test_time"] >= begin,
                  f"{row['name']} was not tested")
        check(person.is_signed_in(), "the session ended")
        same(program.stop(), 0, "the exit code")


main(test)
