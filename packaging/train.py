#!/usr/bin/env python3
"""Lets a program that was built to count (PROFILE=generate) serve what clients ask for most.

    packaging/train.py PROGRAM

Starts `gatehouse demo`, sends it plain and streamed requests of all three dialects over 32
connections that stay open, and ends it, whereupon it writes its counts.
"""
import json
import re
import signal
import socket
import subprocess
import sys
import threading

CONNECTIONS = 32
ROUNDS = 100
TEXT = "Write a haiku about a gate that lets the right ones through. " * 6


def requests(key):
    """One round: what most clients send, in the shares in which they send it."""
    openai = {"model": "echo-fast", "temperature": 0.7,
              "messages": [{"role": "system", "content": "You are brief."},
                           {"role": "user", "content": TEXT}]}
    anthropic = {"model": "echo-fast", "max_tokens": 256,
                 "messages": [{"role": "user", "content": TEXT}]}
    gemini = {"contents": [{"role": "user", "parts": [{"text": TEXT}]}]}
    bearer = f"Authorization: Bearer {key}"
    return [
        ("/v1/chat/completions", bearer, openai),
        ("/v1/chat/completions", bearer, openai),
        ("/v1/chat/completions", bearer, openai | {"stream": True}),
        ("/v1/messages", f"x-api-key: {key}\r\nanthropic-version: 2023-06-01", anthropic),
        ("/v1/messages", f"x-api-key: {key}\r\nanthropic-version: 2023-06-01",
         anthropic | {"stream": True}),
        ("/v1beta/models/echo-fast:generateContent", f"x-goog-api-key: {key}", gemini),
    ]


def answer(stream):
    """Reads one answer, whole; returns its status."""
    status = int(stream.readline().split()[1])
    length, chunked = 0, False
    while (line := stream.readline().strip().lower()):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        chunked = chunked or line == b"transfer-encoding: chunked"
    if not chunked:
        stream.read(length)
        return status
    while (size := int(stream.readline().split(b";")[0], 16)):
        stream.read(size + 2)
    stream.readline()
    return status


def ask(host, port, key, statuses):
    with socket.create_connection((host, port), timeout=60) as connection:
        stream = connection.makefile("rb")
        for _ in range(ROUNDS):
            for path, credentials, body in requests(key):
                content = json.dumps(body).encode()
                connection.sendall(
                    f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{credentials}\r\n"
                    f"User-Agent: training\r\nAccept: application/json\r\n"
                    f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
                    .encode() + content)
                statuses.append(answer(stream))


def main():
    program = subprocess.Popen([sys.argv[1], "demo", "--listen", "127.0.0.1:0"],
                               stdout=subprocess.PIPE, text=True)
    try:
        port = key = None
        for line in program.stdout:
            port = port or (re.search(r"http://127\.0\.0\.1:(\d+)", line) or [None, None])[1]
            key = key or (re.search(r"Bearer (sk-\w+)", line) or [None, None])[1]
            if "Ctrl+C" in line:
                break
        if not port or not key:
            sys.exit("The demo did not start.")
        threading.Thread(target=program.stdout.read, daemon=True).start()
        statuses = []
        asking = [threading.Thread(target=ask, args=("127.0.0.1", int(port), key, statuses))
                  for _ in range(CONNECTIONS)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    finally:
        program.send_signal(signal.SIGTERM)
        code = program.wait(timeout=60)
    served = sum(status == 200 for status in statuses)
    print(f"{served} of {CONNECTIONS * ROUNDS * len(requests(key))} requests were served.")
    if code or served != CONNECTIONS * ROUNDS * len(requests(key)):
        sys.exit("The counts are of no use.")


if __name__ == "__main__":
    main()
