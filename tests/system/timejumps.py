"""The machine sleeps, and somebody sets its clock: no deadline comes due for all at once, nothing is paid
twice, sessions and tokens go by the clock of the wall, and what was measured goes by the other one."""

import email.utils
import glob
import json
import os
import signal
import threading
import time

from provider import Provider, chunk, completion, reply, stream_head, stream_of
from rawhttp import Connection, ask, request
from support import Management, Program, chat_body, check, main, same, wait_until

PRICE = 0.02        # dollars a call
UNITS = 10_000      # the same in One API's units
GRANTED = 1_000 * UNITS
ASLEEP = 5.0        # seconds, longer than every deadline below
QUICK = 3.0         # until it serves again
WAKES = 0.5         # until its providers do, past the turns in which it catches up
DEADLINES = {"GATEHOUSE_RELAY_FIRST_BYTE_TIMEOUT": "2",
             "GATEHOUSE_RELAY_STALL_TIMEOUT": "2",
             "GATEHOUSE_RELAY_CONNECT_TIMEOUT": "2",
             "GATEHOUSE_RELAY_RECEIPT_TIMEOUT": "2",
             "GATEHOUSE_HTTP_IDLE_TIMEOUT": "2",
             "GATEHOUSE_HTTP_WRITE_TIMEOUT": "2",
             "GATEHOUSE_HTTP_HEAD_TIMEOUT": "2",
             "GATEHOUSE_HTTP_BODY_TIMEOUT": "2"}
DAY = 86_400
YEAR = 366 * DAY


class Steady:
    """A provider that takes its time: `pause` seconds for an answer and between the words of a stream. It
    ends connections that are idle, as providers do while a laptop sleeps."""

    def __init__(self, pause, words=4):
        self.pause = pause
        self.words = words
        self.awake = threading.Event()
        self.awake.set()

    def take_time(self):
        time.sleep(self.pause)
        self.awake.wait()

    def __call__(self, upstream_request, connection):
        if not upstream_request.json().get("stream"):
            self.take_time()
            connection.sendall(reply(completion("yes")))
        else:
            connection.sendall(stream_head())
            for each in stream_of([f"word{i} " for i in range(self.words)]):
                connection.sendall(chunk(each))
                self.take_time()
            connection.sendall(b"0\r\n\r\n")
        connection.settimeout(1.0)
        return None


class Client(threading.Thread):
    """Asks again and again, on connections that it keeps."""

    def __init__(self, port, key, stream, stopping):
        super().__init__(daemon=True)
        self.port = port
        self.key = key
        self.stream = stream
        self.stopping = stopping
        self.whole = []   # the ids of whole answers
        self.others = []  # what else came

    def run(self):
        while not self.stopping.is_set():
            try:
                with Connection(self.port, 30) as connection:
                    while not self.stopping.is_set() and self.ask(connection):
                        pass
            except OSError as problem:
                self.others.append(repr(problem))

    def ask(self, connection):
        connection.send(request("/v1/chat/completions", chat_body("hi", stream=self.stream),
                                key=self.key))
        found = connection.reply()
        if found is None:
            check(connection.ended, "a client got no answer and no end within 30 s")
            return False  # it was ended while it was idle
        done = found.whole and (not self.stream or b"data: [DONE]" in found.body)
        if found.status == 200 and done:
            self.whole.append(found.headers["x-oneapi-request-id"])
            return True
        self.others.append((found.status, found.body[-200:]))
        return False


class Traffic:
    def __init__(self, program, key, count=8):
        self.stopping = threading.Event()
        self.clients = [Client(program.port, key, bool(i % 2), self.stopping) for i in range(count)]
        for each in self.clients:
            each.start()

    def stop(self):
        self.stopping.set()
        for each in self.clients:
            each.join(60)
            check(not each.is_alive(), "a client hangs")

    def whole(self):
        return [each for client in self.clients for each in list(client.whole)]

    def others(self):
        return [each for client in self.clients for each in list(client.others)]


def prepare(program, provider):
    program.start()
    person = Management(program)
    person.sign_in()
    person.add_channel(base_url=provider.url)
    person.set_option("ModelPrice", json.dumps({"m": PRICE}))
    return person


def check_ledger(person, whole):
    """Each whole answer has one row, no request two, and what was taken of the token is what the rows
    say."""
    rows = person.pages("/api/log/?type=2")
    identities = [row["request_id"] for row in rows]
    same(len(identities), len(set(identities)), "requests with rows")
    missing = [each for each in whole if each not in set(identities)]
    same(missing[:5], [], "whole answers without a row")
    token = person.token("limited")
    same(token["used_quota"], sum(row["quota"] for row in rows), "what was used of the token")
    same(token["remain_quota"] + token["used_quota"], GRANTED, "what was granted")
    for row in rows:
        check(row["quota"] in (0, UNITS), f"an odd charge: {row}")
    return rows


def asleep(path, together):
    """As a laptop does: everything stands still in the middle of traffic, and the steady clock goes on.
    `together`: nothing has come from the providers meanwhile, as where the whole machine stood still."""
    steady = Steady(0.1)
    with Provider(steady) as provider, Program(path, DEADLINES) as program:
        person = prepare(program, provider)
        key = person.add_token("limited", unlimited_quota=False, remain_quota=GRANTED)
        traffic = Traffic(program, key)
        wait_until(lambda: len(traffic.whole()) > 20, "traffic")

        if together:
            steady.awake.clear()
        program.process.send_signal(signal.SIGSTOP)
        time.sleep(ASLEEP)
        begin = time.monotonic()
        program.process.send_signal(signal.SIGCONT)
        threading.Timer(WAKES, steady.awake.set).start()
        found = ask(program.port, request("/v1/chat/completions", chat_body("hi"), key=key), 10)
        check(found is not None, "the first request after the sleep is not answered")
        same(found.status, 200, f"the first answer after the sleep ({found.body[:300]!r})")
        took = time.monotonic() - begin
        check(took < QUICK, f"the first answer after the sleep took {took:.1f} s")

        before = len(traffic.whole())
        wait_until(lambda: len(traffic.whole()) > before + 20, "traffic after the sleep")
        traffic.stop()
        check(person.is_signed_in(), "the session ended")
        # Providers have answered meanwhile or had no time to, and none is taken for silent.
        same(traffic.others()[:3], [], "requests that the sleep ended")
        check_ledger(person, traffic.whole())
        same(program.stop(), 0, "the exit code")


def fake_clock():
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") + \
            glob.glob("/usr/lib*/faketime/libfaketimeMT.so.1")
    check(found, "libfaketime is not installed (Debian: faketime)")
    return found[0]


class Clock:
    """The clock of the wall as the program sees it; the steady one is left alone."""

    def __init__(self, program):
        self.path = os.path.join(program.root, "clock")
        self.set(0)
        program.environment.update({"LD_PRELOAD": fake_clock(),
                                    "FAKETIME_TIMESTAMP_FILE": self.path,
                                    "FAKETIME_NO_CACHE": "1",
                                    "DONT_FAKE_MONOTONIC": "1",
                                    "FAKETIME_DONT_RESET": "1"})

    def set(self, seconds):
        """In one step, as the program reads it at any moment."""
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}\n")
        os.replace(self.path + ".new", self.path)


def date_of(program):
    """What it holds for the time, in seconds."""
    found = ask(program.port, request("/api/status", method="GET"))
    return email.utils.parsedate_to_datetime(found.headers["date"]).timestamp()


def jump(program, clock, seconds):
    clock.set(seconds)
    wait_until(lambda: abs(date_of(program) - time.time() - seconds) < 60, f"the jump to {seconds:+d} s")


def statuses(program, keys):
    return {name: ask(program.port, request("/v1/chat/completions", chat_body("hi"), key=key)).status
            for name, key in keys.items()}


def clock_jumps(path):
    with Provider(Steady(0.1, words=12)) as provider, Program(path) as program:
        clock = Clock(program)
        person = prepare(program, provider)
        now = int(time.time())
        keys = {"limited": person.add_token("limited", unlimited_quota=False, remain_quota=GRANTED),
                "for a month": person.add_token("month", expired_time=now + 30 * DAY),
                "for two years": person.add_token("years", expired_time=now + 2 * YEAR),
                "expired": person.add_token("expired", expired_time=now + 3 * YEAR)}
        person.call("PUT", "/api/token/", dict(person.token("expired"), expired_time=now - DAY))
        same(statuses(program, keys), {"limited": 200, "for a month": 200, "for two years": 200,
                                       "expired": 401}, "tokens at first")
        first = Management(program)
        first.cookie = person.cookie
        traffic = Traffic(program, keys["limited"])
        waiting = Connection(program.port)  # idle all the while

        # A year on, a year back, and an hour as at the end of summer; each within requests.
        for seconds, expected, is_valid in (
                (YEAR, {"limited": 200, "for a month": 401, "for two years": 200, "expired": 401}, False),
                (0, {"limited": 200, "for a month": 200, "for two years": 200, "expired": 401}, True),
                (-YEAR, {"limited": 200, "for a month": 200, "for two years": 200, "expired": 200}, True),
                (3600, {"limited": 200, "for a month": 200, "for two years": 200, "expired": 401}, True),
                (0, {"limited": 200, "for a month": 200, "for two years": 200, "expired": 401}, True)):
            before = len(traffic.whole())
            wait_until(lambda: len(traffic.whole()) > before, "traffic before a jump")
            jump(program, clock, seconds)
            same(statuses(program, keys), expected, f"tokens at {seconds:+d} s")
            same(first.is_signed_in(), is_valid, f"the session at {seconds:+d} s")
            again = Management(program)
            again.sign_in()
            check(again.is_signed_in(), f"nobody can sign in at {seconds:+d} s")
            before = len(traffic.whole())
            wait_until(lambda: len(traffic.whole()) > before + 8, f"traffic at {seconds:+d} s")

        traffic.stop()
        same(traffic.others()[:3], [], "requests that a jump of the clock ended")
        waiting.send(request("/v1/chat/completions", chat_body("hi"), key=keys["limited"]))
        found = waiting.reply()
        check(found is not None and found.status == 200, "a connection that was idle all the while ended")
        waiting.socket.close()

        for row in person.pages("/api/log/"):
            check(0 <= row["elapsed_time"] < 60_000, f"an odd duration: {row}")
            check(row["first_byte_time"] <= row["elapsed_time"], f"an odd first byte: {row}")
        rows = [row for row in person.pages("/api/log/?type=2") if row["token_name"] == "limited"]
        token = person.token("limited")
        same(token["used_quota"], sum(row["quota"] for row in rows), "what was used of the token")
        same(token["remain_quota"] + token["used_quota"], GRANTED, "what was granted")
        check({row["created_at"] // YEAR for row in rows} != {now // YEAR}, "no row of another year")
        same(person.ask("GET", "/api/log/stat?type=2").status, 200, "the sums of the ledger")
        same(program.stop(), 0, "the exit code")


def test(path):
    asleep(path, together=False)
    asleep(path, together=True)
    clock_jumps(path)


main(test)
