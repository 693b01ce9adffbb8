"""The program under a service manager: what it tells by sd_notify, who it says holds the data directory,
how it gets its port back, and that it serves on where nobody can take its log."""

import fcntl
import os
import socket
import threading
import time

from provider import Provider
from rawhttp import Connection, ask, request
from support import Management, Program, chat_body, check, main, same, wait_until

CONFLICT = 6
QUICK = 10.0  # seconds until it listens again


class Manager:
    """The end of NOTIFY_SOCKET that systemd would hold, and read at once."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.messages = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            self.messages.append(self.socket.recv(4096).decode())

    def heard(self, word):
        return next((each for each in list(self.messages) if word in each.split("\n")), None)


def tells_how_it_is(program):
    manager = Manager(os.path.join(program.root, "notify"))
    program.environment["NOTIFY_SOCKET"] = manager.path
    program.environment["WATCHDOG_USEC"] = "200000"
    program.start()
    ready = wait_until(lambda: manager.heard("READY=1"), "READY=1")
    check(f"STATUS=Listening on http://127.0.0.1:{program.port}" in ready, ready)
    wait_until(lambda: manager.heard("WATCHDOG=1"), "WATCHDOG=1")

    lock = os.path.join(program.data, "lock")
    with open(lock, encoding="ascii") as file:
        words = file.read().split()
    same(words[1], str(program.process.pid), "the holder of the data directory")

    same(program.stop(), 0, "the exit code")
    wait_until(lambda: manager.heard("STOPPING=1"), "STOPPING=1")
    same(os.path.getsize(lock), 0, "the note in the lock after an orderly end")


def is_served(program, key, model="m"):
    found = ask(program.port, request("/v1/chat/completions", chat_body("hi", model=model), key=key), 10)
    return found is not None and found.status == 200


def takes_its_port_back(path):
    """Whoever else has it is named. Once it is free it is taken, also from connections of before."""
    with Provider() as provider, Program(path) as program:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            program.listen = f"127.0.0.1:{port}"
            code, text = program.fail_to_start()
            same(code, CONFLICT, f"the exit code with a port in use: {text[-500:]}")
            check(str(port) in text, f"the message does not name the port: {text[-500:]}")
        check(program.start() < QUICK or "asan" in path, "it does not listen soon on a port that is free")
        same(program.port, port, "where it listens")
        person = Management(program)
        person.sign_in()
        person.add_channel(base_url=provider.url)
        key = person.add_token()
        for _ in range(2):
            with Connection(program.port) as connection:
                connection.send(request("/v1/chat/completions", chat_body("hi"), key=key))
                same(connection.reply().status, 200, "an answer before it is killed")
                program.kill()
                check(connection.is_ended(10), "a connection outlives the program")
                check(program.start() < QUICK or "asan" in path, "it takes long to listen again")
            same(program.port, port, "where it listens again")
            check(is_served(program, key), "nobody is served after the restart")
        same(program.stop(), 0, "the exit code")


def failing(program, person):
    """A model each request for which is told in the log."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    person.add_channel(name="closed", base_url=f"http://127.0.0.1:{closed}", models="closed")
    return lambda key: check(not is_served(program, key, "closed"), "a closed port answers")


def prepared(program, provider):
    program.start()
    person = Management(program)
    person.sign_in()
    person.add_channel(base_url=provider.url)
    return person, person.add_token()


def logs_to_a_full_disk(path):
    if not os.path.exists("/dev/full"):
        return
    full = ["sh", "-c", 'exec "$@" 2>/dev/full', "sh"]
    environment = {"GATEHOUSE_RELAY_BREAKER_FAILURES": "1000"}
    with Provider() as provider, \
            Program(path, environment, ["--log-level", "debug"], wrapper=full) as program:
        person, key = prepared(program, provider)
        fail = failing(program, person)
        for _ in range(20):
            fail(key)
            check(is_served(program, key), "nobody is served while the log cannot be written")
        same(len(person.pages("/api/log/?type=2")), 20, "rows of the ledger")
        same(program.stop(), 0, "the exit code")


FAILURES = 200


class Collector:
    """Reads the log from a pipe, when it does."""

    def __init__(self, path):
        self.path = path
        self.file = None
        self.text = b""
        os.mkfifo(path)

    def open(self):
        self.file = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            fcntl.fcntl(self.file, fcntl.F_SETPIPE_SZ, 4096)

    def close(self):
        os.close(self.file)

    def has(self, word):
        try:
            self.text += os.read(self.file, 65536)
        except BlockingIOError:
            pass
        return word in self.text


def logs_to_somebody_who_is_away(path):
    """The reader of the pipe goes and comes back, and is told how many lines it has missed; then it stands
    still for a while, and gets all of them afterwards."""
    lost = b"Lines of the log that could not be written before this one: "
    environment = {"GATEHOUSE_RELAY_BREAKER_FAILURES": "1000"}
    with Provider() as provider, \
            Program(path, environment, ["--log-level", "debug"]) as program:
        collector = Collector(os.path.join(program.root, "log"))
        collector.open()
        program.wrapper = ["sh", "-c", f"exec \"$@\" 2>'{collector.path}'", "sh"]
        person, key = prepared(program, provider)
        fail = failing(program, person)
        fail(key)
        wait_until(lambda: collector.has(b"\n"), "a line of the log")

        collector.close()
        for _ in range(5):
            fail(key)
        check(is_served(program, key), "nobody is served without a reader of the log")
        collector.open()
        fail(key)
        wait_until(lambda: collector.has(lost), "word of what was lost without a reader")

        # The lines around it are whole.
        line = next(each for each in collector.text.split(b"\n") if lost in each)
        check(int(line.partition(lost)[2]) > 0, f"the line of what was lost: {line!r}")
        check(b" warning gatehouse.app: " in line, f"the line of what was lost: {line!r}")

        wait_until(lambda: collector.has(b"through channel"), "the line behind it")
        collector.text = b""
        began = time.monotonic()
        for _ in range(FAILURES):
            fail(key)
        check(is_served(program, key), "nobody is served while the reader of the log stands still")
        print(f"{FAILURES} requests beside a reader that stands still: {time.monotonic() - began:.1f} s")

        def all_came():
            collector.has(b"")
            return collector.text.count(b" through channel ") >= FAILURES

        wait_until(all_came, "what was logged while the reader stood still")
        check(lost not in collector.text, "lines were lost for which there was room")
        same(program.stop(), 0, "the exit code")
        collector.close()


def test(path):
    with Program(path) as program:
        tells_how_it_is(program)
    takes_its_port_back(path)
    logs_to_a_full_disk(path)
    logs_to_somebody_who_is_away(path)


main(test)
