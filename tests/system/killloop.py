"""kill -9 under load, again and again, at random moments.

Each answer that a client received whole must have exactly one row in the ledger, no request may have
two, the session that was made before the first round must be valid after the last, and the database
must be whole.
"""

import random
import sqlite3
import threading
import time

from provider import Provider, chunk, completion, reply, stream_head, stream_of
from rawhttp import Connection, request
from support import Management, Program, chat_body, check, main, same

ROUNDS = 50
CLIENTS = 20
RATHER_QUICK = 5.0  # seconds until it listens again


def answer(upstream_request, connection):
    """Takes a moment, so that at each kill requests are in every stage."""
    time.sleep(random.uniform(0.0, 0.03))
    text = upstream_request.last_text()
    if not upstream_request.json().get("stream"):
        connection.sendall(reply(completion(text)))
        return
    connection.sendall(stream_head())
    for each in stream_of(["a ", "b ", text]):
        connection.sendall(chunk(each))
        time.sleep(random.uniform(0.0, 0.01))
    connection.sendall(b"0\r\n\r\n")


class Client(threading.Thread):
    """Asks until the program is gone, and notes the ids of the answers that came whole."""

    def __init__(self, port, key, stream):
        super().__init__(daemon=True)
        self.port = port
        self.key = key
        self.stream = stream
        self.received = []
        self.odd = []

    def run(self):
        try:
            with Connection(self.port, timeout=20) as connection:
                while self.ask(connection):
                    time.sleep(0.01)
        except OSError:
            pass  # the program was killed

    def ask(self, connection):
        connection.send(request("/v1/chat/completions", chat_body("hello", stream=self.stream),
                                key=self.key))
        answer_ = connection.reply()
        if answer_ is None or not answer_.whole:
            return False
        if answer_.status != 200:
            self.odd.append((answer_.status, answer_.body[:200]))
            return False
        if self.stream and b"data: [DONE]" not in answer_.body:
            self.odd.append(("a stream without its end", answer_.body[-200:]))
            return False
        self.received.append(answer_.headers["x-oneapi-request-id"])
        return True


def one_round(program, key):
    """Gives the ids of the whole answers."""
    clients = [Client(program.port, key, stream=bool(i % 2)) for i in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(random.uniform(0.2, 2.0))
    program.kill()
    for client in clients:
        client.join(30)
        check(not client.is_alive(), "a client hangs after the program was killed")
        check(not client.odd, f"an odd answer: {client.odd[:1]}")
    return [each for client in clients for each in client.received]


def check_ledger(person, received):
    rows = {}
    for row in person.pages("/api/log/?type=2"):
        rows[row["request_id"]] = rows.get(row["request_id"], 0) + 1
    twice = [each for each, count in rows.items() if count > 1]
    missing = [each for each in received if each not in rows]
    print(f"{len(received)} whole answers, {len(rows)} rows", flush=True)
    same(len(received), len(set(received)), "request ids of answers")
    same(missing[:5], [], "whole answers without a row")
    same(twice[:5], [], "requests with two rows")


def test(path, rounds=str(ROUNDS)):
    seed = random.randrange(1 << 32)
    random.seed(seed)
    print(f"seed {seed}")
    with Provider(answer) as provider, Program(path) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_channel(base_url=provider.url)
        key = person.add_token()

        received = []
        slowest = 0.0
        for _ in range(int(rounds)):
            received += one_round(program, key)
            slowest = max(slowest, program.start())
            check(person.is_signed_in(), "the session ended with the kill")
        print(f"{rounds} rounds, the slowest start took {slowest:.2f} s")
        check(len(received) > 10 * int(rounds), f"hardly any load: {len(received)} answers")
        check(slowest < RATHER_QUICK or "asan" in path, f"a start took {slowest:.1f} s")

        check_ledger(person, received)
        same(program.stop(), 0, "the exit code")
        with sqlite3.connect(f"file:{program.database()}?mode=ro", uri=True) as database:
            same(database.execute("PRAGMA integrity_check").fetchone()[0], "ok", "the database")


main(test)
