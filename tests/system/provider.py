"""A provider that counts: it records every request that reaches it and answers as it is told."""

import json
import socket
import threading


class Request:
    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        self.headers = headers  # (lower-case name, value), in order
        self.body = body

    def header(self, name):
        for each, value in self.headers:
            if each == name:
                return value
        return None

    def json(self):
        return json.loads(self.body)

    def last_text(self):
        messages = self.json().get("messages", [])
        content = messages[-1].get("content") if messages else ""
        return content if isinstance(content, str) else json.dumps(content)


def reply(body, status="200 OK", fields="", content_type="application/json"):
    """The bytes of an answer with a length."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return (f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{fields}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def completion(text, model="m", tokens=(3, 5)):
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": model,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text},
                         "finish_reason": "stop"}],
            "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1],
                      "total_tokens": sum(tokens)}}


def stream_head():
    return (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n")


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(delta, reason=None, usage=None):
    body = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000,
            "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}
    if usage is not None:
        body["choices"] = []
        body["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1],
                         "total_tokens": sum(usage)}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def stream_of(words, usage=(3, 5)):
    """The events of a whole stream."""
    yield event({"role": "assistant", "content": ""})
    for word in words:
        yield event({"content": word})
    yield event({}, "stop")
    yield event({}, usage=usage)
    yield b"data: [DONE]\n\n"


def echoing(request, connection):
    """Repeats the last message, as a stream if that was asked for."""
    try:
        body = request.json()
        text = request.last_text()
    except (ValueError, AttributeError, TypeError):
        connection.sendall(reply({"error": {"message": "no JSON"}}, "400 Bad Request"))
        return
    if not body.get("stream"):
        connection.sendall(reply(completion(text)))
        return
    connection.sendall(stream_head())
    for each in stream_of([text]):
        connection.sendall(chunk(each))
    connection.sendall(b"0\r\n\r\n")


class Provider:
    """Listens on a loopback port until it is closed. `answer` writes to the connection; if it gives
    False the connection is closed behind it."""

    def __init__(self, answer=echoing):
        self.answer = answer
        self.requests = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.listener.close()

    @property
    def hits(self):
        with self.lock:
            return len(self.requests)

    def hits_with(self, text):
        text = text.encode()
        with self.lock:
            return sum(1 for each in self.requests if text in each.body)

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            try:
                with connection.makefile("rb") as stream:
                    while True:
                        request = self._read(stream)
                        if request is None:
                            return
                        with self.lock:
                            self.requests.append(request)
                        if self.answer(request, connection) is False:
                            return
            except OSError:
                return

    @staticmethod
    def _read(stream):
        line = stream.readline()
        if not line:
            return None
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers = []
        while True:
            line = stream.readline().decode("latin-1").rstrip("\r\n")
            if not line:
                break
            name, _, value = line.partition(":")
            headers.append((name.lower(), value.strip()))
        fields = dict(headers)
        body = b""
        if fields.get("transfer-encoding") == "chunked":
            while True:
                size = int(stream.readline().split(b";")[0], 16)
                body += stream.read(size)
                stream.readline()
                if size == 0:
                    break
        elif "content-length" in fields:
            body = stream.read(int(fields["content-length"]))
        return Request(method, target, headers, body)
