"""Clients that use connections in unusual ways: they end their own side while they are answered, come in
greater numbers than files can be opened, and reset by thousands. The program spends no time on them, and
afterwards everything is as before."""

import random
import socket
import struct
import threading
import time

from process import cpu_seconds, limited_to_files, open_files, resident_bytes
from provider import Provider, chunk, completion, reply, stream_head, stream_of
from rawhttp import Connection, ask, request
from support import Management, Program, chat_body, check, main, same, wait_until

FEW_FILES = 64
CLIENTS = 200
STREAMS = 60
RESETS = 3000
LITTLE = 0.2  # of one processor
LOOK = 2.0    # seconds


class Slow:
    """A provider whose streams go on until they are let go, and which notes that it was left. It ends
    connections that are idle."""

    def __init__(self):
        self.go = threading.Event()
        self.left = threading.Event()

    def __call__(self, upstream_request, connection):
        if not upstream_request.json().get("stream"):
            connection.sendall(reply(completion("yes")))
            connection.settimeout(1.0)
            return None
        events = list(stream_of(["one ", "two"]))
        try:
            connection.sendall(stream_head())
            for each in events[:2]:
                connection.sendall(chunk(each))
            connection.settimeout(0.05)
            while not self.go.is_set():
                try:
                    if not connection.recv(1):
                        raise ConnectionResetError
                except socket.timeout:
                    pass
        except ConnectionError:
            self.left.set()
            return False
        connection.settimeout(None)
        for each in events[2:]:
            connection.sendall(chunk(each))
        connection.sendall(b"0\r\n\r\n")
        connection.settimeout(1.0)
        return None


def share_of_processor(program, seconds=LOOK):
    begin = cpu_seconds(program.process.pid)
    time.sleep(seconds)
    return (cpu_seconds(program.process.pid) - begin) / seconds


def is_served(program, key):
    found = ask(program.port, request("/v1/chat/completions", chat_body("hi"), key=key), 10)
    return found is not None and found.status == 200


def row_of(person, request_id):
    """The one row of the ledger, once it is there."""
    def rows():
        return [row for row in person.pages("/api/log/") if row["request_id"] == request_id]
    wait_until(rows, f"the row of {request_id}")
    found = rows()
    same(len(found), 1, "rows of one request")
    return found[0]


def half_closed(program, person, key, slow, provider, moment):
    """Whoever ends its own side is gone, as for nginx: the provider is let go of, and what was asked for
    is paid. It is noticed once, and not again and again."""
    slow.left.clear()
    before = provider.hits
    with Connection(program.port) as connection:
        connection.send(request("/v1/chat/completions", chat_body("hi", stream=True), key=key))
        if moment == "at once":
            connection.socket.shutdown(socket.SHUT_WR)
        head = b""
        while moment == "within the stream" and b"one " not in head:
            connection.socket.settimeout(10)
            data = connection.socket.recv(65536)
            check(data, f"the stream ended before it was half-closed: {head!r}")
            head += data
        if moment == "within the stream":
            connection.socket.shutdown(socket.SHUT_WR)
        # Part of the stream may still have been under way.
        wait_until(lambda: connection.is_ended(0.1) or connection.ended,
                   f"the end of a connection that is half-closed {moment}")
        share = share_of_processor(program, 1.0)
    check(share < LITTLE, f"half-closed {moment}: {share:.0%} of a processor")
    if provider.hits > before:
        check(slow.left.wait(10), f"half-closed {moment}: the provider is not let go of")
    if moment == "within the stream":
        same(provider.hits, before + 1, "requests that reached the provider")
        fields = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n\r\n")[0]
                      .split("\r\n")[1:])
        identity = {name.lower(): value for name, value in fields.items()}["x-request-id"]
        row = row_of(person, identity)
        same(row["end_reason"], "client_gone", "the end of what was half-closed")
        check(row["prompt_tokens"] > 0, f"what was half-closed is not paid: {row}")
    check(is_served(program, key), f"half-closed {moment}: nobody is served afterwards")


def half_closed_while_idle(program, key):
    """Between two requests: an ordinary end."""
    with Connection(program.port) as connection:
        connection.send(request("/v1/chat/completions", chat_body("hi"), key=key))
        same(connection.reply().status, 200, "the first answer")
        connection.socket.shutdown(socket.SHUT_WR)
        check(connection.is_ended(10), "an idle connection that is half-closed is kept")


def reset(port, sent):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if sent:
            connection.sendall(sent)


def flood(program, key):
    whole = request("/v1/chat/completions", chat_body("hi"), key=key)
    problems = []

    def run(seed):
        draw = random.Random(seed)
        try:
            for _ in range(RESETS // 4):
                # Before a byte, within the head, within the body, and behind the whole request.
                reset(program.port, whole[:draw.choice((0, 0, 20, len(whole) - 3, len(whole)))])
        except OSError as problem:
            problems.append(repr(problem))

    threads = [threading.Thread(target=run, args=(seed,), daemon=True) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        check(not thread.is_alive(), "the flood of resets hangs")
    same(problems[:2], [], "connections that were not accepted")
    check(program.is_alive(), "a flood of resets ends the program")
    wait_until(lambda: is_served(program, key), "an answer after the flood")


def survives_floods(program, key):
    """What the first one takes is kept for the next."""
    is_served(program, key)
    files = open_files(program.process.pid)
    memory = []
    for _ in range(2):
        flood(program, key)
        wait_until(lambda: open_files(program.process.pid) <= files + 5,
                   f"the files of {RESETS} resets are closed, {files} before", 20)
        memory.append(resident_bytes(program.process.pid))
    grown = memory[1] - memory[0]
    check(grown < memory[0] // 5, f"the second flood took {grown >> 10} KiB on {memory[0] >> 10}")


def usual(path):
    slow = Slow()
    with Provider(slow) as provider, Program(path) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_channel(base_url=provider.url)
        key = person.add_token()
        for moment in ("within the stream", "at once"):
            half_closed(program, person, key, slow, provider, moment)
        half_closed_while_idle(program, key)
        survives_floods(program, key)
        same(program.stop(), 0, "the exit code")


def more_clients_than_files(path):
    """The ceiling lies below the limit, so that the database and the providers still get theirs. The
    others wait at the door, and are let in for those that are idle for longest."""
    slow = Slow()
    with Provider(slow) as provider, Program(path, wrapper=limited_to_files(FEW_FILES)) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_channel(base_url=provider.url)
        key = person.add_token()
        files = open_files(program.process.pid)

        crowd = [socket.create_connection(("127.0.0.1", program.port), timeout=10)
                 for _ in range(CLIENTS)]
        share = share_of_processor(program)
        check(share < LITTLE, f"{CLIENTS} clients on {FEW_FILES} files: {share:.0%} of a processor")
        check(open_files(program.process.pid) < FEW_FILES, "all files are given away")
        # Idle ones make room for these, one after another; their rows are written.
        wait_until(lambda: is_served(program, key), "an answer among idle clients", 60)
        person.set_option("Notice", "written meanwhile")
        served = [row for row in person.pages("/api/log/?type=2")]
        check(served, "no row was written")

        for each in crowd:
            each.close()
        wait_until(lambda: is_served(program, key), "an answer after the crowd")
        wait_until(lambda: open_files(program.process.pid) <= files + 5, "the files of the crowd", 20)
        text = program.errors()
        check("Too many open files" not in text and "EMFILE" not in text, f"it ran out: {text[-500:]}")

        # The same with streams: none of them may be cut for one that comes later.
        streams = [Connection(program.port, 30) for _ in range(STREAMS)]
        for each in streams:
            each.send(request("/v1/chat/completions", chat_body("hi", stream=True), key=key))
        wait_until(lambda: provider.hits > 4, "the first streams")
        share = share_of_processor(program)
        check(share < LITTLE, f"{STREAMS} streams on {FEW_FILES} files: {share:.0%} of a processor")
        slow.go.set()
        for each in streams:
            found = each.reply(60)
            check(found is not None, "a stream was not answered")
            same(found.status, 200, "the status of a stream")
            check(found.whole and b"data: [DONE]" in found.body, f"a stream was cut: {found.body!r}")
            each.socket.close()
        wait_until(lambda: open_files(program.process.pid) <= files + 5, "the files of the streams", 20)
        same(program.stop(), 0, "the exit code")


def test(path):
    usual(path)
    more_clients_than_files(path)


main(test)
