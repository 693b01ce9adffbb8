"""What the servers are put under."""

import json
import resource
import socket
import subprocess
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent


def chat_body(size):
    """A chat request of about `size` bytes."""
    request = {
        "model": "gpt-4o-mini",
        "temperature": 0.7,
        "max_tokens": 256,
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": ""},
        ],
    }
    text = "Tell me what is worth knowing about the history of bridges, in a few words. "
    missing = max(0, size - len(json.dumps(request)))
    request["messages"][1]["content"] = (text * (missing // len(text) + 1))[:missing]
    return json.dumps(request)


def wrk(chosen, target, connections, body):
    """One slice of requests."""
    command = target.pinned("wrk", "-t1", f"-c{connections}", f"-d{chosen.seconds}s", "-s",
                            HERE / "chat.lua",
                            f"http://127.0.0.1:{target.port}/v1/chat/completions", "--",
                            target.token, body)
    before = target.cpu()
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = target.cpu() - before
    figures = json.loads(output.splitlines()[-1])
    if figures["requests"] == 0:
        raise RuntimeError(f"{target.name} answered nothing:\n{output}")
    return {
        "cpu": used * 1e6 / figures["requests"],
        "rate": figures["requests"] * 1e6 / figures["microseconds"],
        "p50": figures["p50"],
        "p99": figures["p99"],
        "rss": target.rss() / 1024,
        "failed": figures["failed"],
    }


def streams(chosen, target, count):
    """`count` streams at once, each until its end."""
    command = target.pinned(chosen.streams, "consume", target.stream_port, count, target.token)
    before = target.cpu()
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = target.cpu() - before
    figures = json.loads(output)
    return {
        "cpu": used * 1e6 / max(1, figures["events"]),
        "p50": figures["p50"],
        "p99": figures["p99"],
        "failed": figures["broken"] + max(0, 100 * count - figures["events"]),
    }


def head(target, length):
    return (f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nAuthorization: Bearer {target.token}\r\n"
            f"Content-Length: {length}\r\n\r\n").encode()


def read_answer(connection):
    """Reads one answer with a length or in chunks; true if its status is 200."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return False
        received += part
    top, rest = received.split(b"\r\n\r\n", 1)
    fields = top.lower().split(b"\r\n")
    length = next((int(field[15:]) for field in fields if field.startswith(b"content-length:")),
                  None)
    while (len(rest) < length) if length is not None else not rest.endswith(b"0\r\n\r\n"):
        part = connection.recv(65536)
        if not part:
            return False
        rest += part
    return fields[0].split()[1] == b"200"


class IdleConnections:
    """Connections that were of use once and are kept open."""

    def __init__(self, target, count, body):
        self.target = target
        self.count = count
        text = body.read_bytes()
        self.request = head(target, len(text)) + text
        self.connections = []

    def __enter__(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        for _ in range(self.count):
            connection = socket.create_connection(("127.0.0.1", self.target.port), timeout=30)
            self.connections.append(connection)
            connection.sendall(self.request)
            if not read_answer(connection):
                raise RuntimeError(f"{self.target.name} refused connection "
                                   f"{len(self.connections)}")
        return self

    def alive(self):
        open_ones = 0
        for connection in self.connections:
            connection.setblocking(False)
            try:
                connection.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                open_ones += 1
            except OSError:
                pass
        return open_ones

    def __exit__(self, *_):
        for connection in self.connections:
            connection.close()
        time.sleep(0.5)  # until the server has noticed


class LargeBodies:
    """Sends large bodies at an even pace, from a thread of its own, for as long as it is entered."""

    def __init__(self, target, body, per_second):
        self.target = target
        text = body.read_bytes()
        self.request = head(target, len(text)) + text
        self.interval = 1 / per_second
        self.sent = 0
        self.failed = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._send)

    def _send(self):
        connection = socket.create_connection(("127.0.0.1", self.target.port), timeout=30)
        due = time.monotonic()
        while not self.stopping.wait(max(0, due - time.monotonic())):
            due += self.interval
            connection.sendall(self.request)
            if read_answer(connection):
                self.sent += 1
            else:
                self.failed += 1
                connection.close()
                connection = socket.create_connection(("127.0.0.1", self.target.port), timeout=30)
        connection.close()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
