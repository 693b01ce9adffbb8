"""HTTP on raw sockets: sends exactly the bytes it is given, and reads answers one after the other."""

import json
import socket
import time


class Reply:
    def __init__(self, status, headers, body, whole):
        self.status = status
        self.headers = headers  # lower-case names; of doubled ones the last
        self.body = body
        self.whole = whole      # it ended as it had announced

    def json(self):
        return json.loads(self.body)


class Connection:
    def __init__(self, port, timeout=10.0):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.timeout = timeout
        self.buffer = b""
        self.ended = False   # the other side sent its end
        self.was_reset = False

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.socket.close()

    def send(self, data):
        """Sends as much as the other side takes before it closes."""
        try:
            self.socket.sendall(data)
        except OSError:
            self.was_reset = True

    def _more(self, deadline):
        """Reads on. False: there is nothing more, or not in time."""
        left = deadline - time.monotonic()
        if self.ended or left <= 0:
            return False
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(65536)
        except socket.timeout:
            return False
        except OSError:
            self.was_reset = True
            data = b""
        if not data:
            self.ended = True
            return False
        self.buffer += data
        return True

    def _line(self, deadline):
        while b"\r\n" not in self.buffer:
            if not self._more(deadline):
                return None
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def _exactly(self, count, deadline):
        while len(self.buffer) < count:
            if not self._more(deadline):
                break
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def reply(self, timeout=None, to_head=False):
        """The next answer that is no 1xx, or None if none comes."""
        deadline = time.monotonic() + (timeout if timeout is not None else self.timeout)
        while True:
            line = self._line(deadline)
            if line is None:
                return None
            status = int(line.split(b" ")[1])
            headers = {}
            while True:
                line = self._line(deadline)
                if line is None:
                    return Reply(status, headers, b"", False)
                if not line:
                    break
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            if status >= 200:
                break
        if to_head or status in (204, 304):
            return Reply(status, headers, b"", True)
        if headers.get("transfer-encoding") == "chunked":
            return self._chunked(status, headers, deadline)
        if "content-length" in headers:
            length = int(headers["content-length"])
            body = self._exactly(length, deadline)
            return Reply(status, headers, body, len(body) == length)
        while self._more(deadline):
            pass
        body, self.buffer = self.buffer, b""
        return Reply(status, headers, body, self.ended)

    def _chunked(self, status, headers, deadline):
        body = b""
        while True:
            line = self._line(deadline)
            if line is None:
                return Reply(status, headers, body, False)
            size = int(line.split(b";")[0], 16)
            body += self._exactly(size, deadline)
            if self._line(deadline) is None:
                return Reply(status, headers, body, False)
            if size == 0:
                return Reply(status, headers, body, True)

    def is_ended(self, timeout):
        """True if the other side ends the connection in time, without a further byte."""
        deadline = time.monotonic() + timeout
        while self._more(deadline):
            pass
        return self.ended and not self.buffer


def request(path, body=b"", method="POST", fields=(), host="gatehouse", key=None, version="1.1"):
    """The bytes of a well-formed request. A field whose value is None is left out."""
    lines = {"Host": host, "Content-Type": "application/json", "Content-Length": str(len(body))}
    if key is not None:
        lines["Authorization"] = f"Bearer {key}"
    lines.update(dict(fields))
    head = f"{method} {path} HTTP/{version}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return head.encode("latin-1") + b"\r\n" + body


def ask(port, data, timeout=30.0):
    """One request on a connection of its own."""
    with Connection(port, timeout) as connection:
        connection.send(data)
        return connection.reply()
