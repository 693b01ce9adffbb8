"""Sends the corpus of corpus_cases.py to the running program, with a counting provider behind it.

For each case: every answer has a status that is expected, the provider is reached exactly as often
as it should be, nothing is served behind a refusal on the same connection, and a good request on a
new connection is served right after, with its own answer.
"""

import os
import time

import corpus_cases
from provider import Provider
from rawhttp import Connection, ask, request
from support import Failure, Management, Program, chat_body, check, main, same

# A closed connection is told by its end; the early refusal of an upload may discard for 2 s.
ENDS_WITHIN = 4.0


def nonce():
    return os.urandom(8).hex()


class Corpus:
    def __init__(self, program, provider):
        self.program = program
        self.provider = provider
        person = Management(program)
        person.sign_in()
        person.add_channel(base_url=provider.url)
        self.key = person.add_token()
        self.cookie = person.cookie
        person.call("POST", "/api/user/", {"username": "alice", "password": "wonderland-1865"})
        alice = Management(program)
        alice.sign_in("alice", "wonderland-1865")
        self.other = alice.add_token()

    def filled(self, data, word):
        for name, value in {
                "@KEYCUT@": self.key[:-1],
                "@KEYUPPER@": self.key.upper() if self.key.upper() != self.key else "sk-none",
                "@KEY@": self.key,
                "@OTHER@": self.other,
                "@COOKIECUT@": self.cookie[:-4],
                "@COOKIE@": self.cookie}.items():
            data = data.replace(name.encode(), value.encode())
        return data.replace(corpus_cases.NONCE, word.encode())

    def serve_one(self):
        """A good request on a new connection, with an answer of its own."""
        word = nonce()
        reply = ask(self.program.port,
                    request("/v1/chat/completions", chat_body(word), key=self.key))
        check(reply is not None, "a good request right after is not answered")
        same(reply.status, 200, f"a good request right after ({reply.body[:200]!r})")
        same(reply.json()["choices"][0]["message"]["content"], word, "the answer to it")

    def run(self, case):
        before = self.provider.hits
        word, later = nonce(), nonce()
        data = self.filled(case.data, word)
        with Connection(self.program.port) as connection:
            if case.split:
                for i in range(0, len(data), case.split):
                    connection.send(data[i:i + case.split])
                data = b""
            if case.follow is not None:
                data += request("/v1/chat/completions", chat_body(later), key=self.key)
            connection.send(data)
            self.judge_answers(case, connection, word, later)
        hits = self.provider.hits - before - self.provider.hits_with(later)
        same(hits, case.hits, "requests that reached the provider")
        if case.follow == "refused":
            same(self.provider.hits_with(later), 0, "requests served behind the refusal")

    def judge_answers(self, case, connection, word, later):
        reply = connection.reply(to_head=case.to_head)
        if reply is None:
            check(case.optional and connection.ended, "there is no answer")
            return
        check(reply.status in case.expect,
              f"expected {sorted(case.expect)}, found {reply.status} {reply.body[:200]!r}")
        check(reply.whole or case.to_head, "the answer is cut")
        check(case.absent is None or case.absent not in reply.headers, f"the answer has {case.absent}")
        if case.hits and reply.status == 200:
            same(reply.json()["choices"][0]["message"]["content"], word, "the answer")

        if case.follow in ("served", "either"):
            reply = connection.reply()
            if reply is None and case.follow == "either":
                check(connection.ended, "the connection neither goes on nor ends")
                return
            check(reply is not None, "the next request on the connection is not answered")
            same(reply.status, 200, f"the next request on the connection ({reply.body[:200]!r})")
            same(reply.json()["choices"][0]["message"]["content"], later, "the next answer")
        elif case.follow == "refused":
            # What looked like a body may be taken for a further message, and is refused in turn.
            for _ in range(3):
                reply = connection.reply(ENDS_WITHIN)
                if reply is None:
                    break
                check(reply.status >= 400, f"behind the refusal {reply.status} is answered")
            check(connection.ended, "the connection goes on after the refusal")


def run_cases(corpus):
    failures = []
    names = set()
    for case in corpus_cases.all_cases():
        check(case.name not in names, f"two cases are named {case.name!r}")
        names.add(case.name)
        try:
            corpus.run(case)
            corpus.serve_one()
        except (Failure, OSError, ValueError, KeyError) as failure:
            failures.append(case.name)
            print(f"{case.name}: {failure!r}", flush=True)
    print(f"{len(names)} cases, {len(failures)} failed")
    check(len(names) >= 150, "the corpus has shrunk")
    return failures


def test_pipelining(corpus):
    """Five requests in one go are answered in order."""
    words = [nonce() for _ in range(5)]
    with Connection(corpus.program.port) as connection:
        connection.send(b"".join(request("/v1/chat/completions", chat_body(word), key=corpus.key)
                                 for word in words))
        for word in words:
            reply = connection.reply()
            check(reply is not None, "a pipelined request is not answered")
            same(reply.json()["choices"][0]["message"]["content"], word, "a pipelined answer")


def test_early_refusal(corpus):
    """A wrong key is told at once, and the answer can be read although 5 MiB are under way."""
    body = chat_body("x" * (5 << 20))
    for attempt in range(10):
        reply = ask(corpus.program.port, request("/v1/chat/completions", body, key="sk-wrong"))
        check(reply is not None, f"the refusal of a long upload is lost (attempt {attempt})")
        same(reply.status, 401, "a long upload with a wrong key")
        check(reply.whole, "the refusal of a long upload is cut")


def test_long_upload(corpus):
    """5 MiB with a good key arrive whole, the last byte included."""
    word = nonce()
    reply = ask(corpus.program.port,
                request("/v1/chat/completions", chat_body("y" * (5 << 20) + word), key=corpus.key))
    same(reply.status, 200, "a long upload")
    check(reply.json()["choices"][0]["message"]["content"].endswith(word), "a long upload is cut")


def test_slow_clients(program_path, provider):
    """Total deadlines: who sends a byte now and then is cut all the same, others are served."""
    environment = {"GATEHOUSE_HTTP_HEAD_TIMEOUT": "1", "GATEHOUSE_HTTP_BODY_TIMEOUT": "1",
                   "GATEHOUSE_HTTP_IDLE_TIMEOUT": "1"}
    with Program(program_path, environment) as program:
        program.start()
        corpus = Corpus(program, provider)
        whole = request("/v1/chat/completions", chat_body("slow"), key=corpus.key)
        split = whole.index(b"\r\n\r\n") + 4
        before = provider.hits
        for name, sent, rest in [("a slow head", b"", whole[:split]),
                                 ("a slow body", whole[:split], whole[split:]),
                                 ("a slow chunk", whole[:split].replace(
                                     b"Content-Length: %d" % (len(whole) - split),
                                     b"Transfer-Encoding: chunked") + b"ff\r\n", b"a" * 250)]:
            with Connection(program.port) as connection:
                connection.send(sent)
                begin = time.monotonic()
                for i in range(40):
                    connection.send(rest[i:i + 1])
                    if connection.is_ended(0.2) or connection.buffer or connection.was_reset:
                        break
                reply = connection.reply(1.0) if connection.buffer else None
                took = time.monotonic() - begin
                check(took < 6, f"{name} is still open after {took:.1f} s")
                check(reply is None or reply.status == 408, f"{name}: answered {reply and reply.status}")
        same(provider.hits, before, "slow requests that reached the provider")
        with Connection(program.port) as connection:
            check(connection.is_ended(5), "an idle connection is not closed")
        corpus.serve_one()


def test(path):
    with Provider() as provider:
        with Program(path) as program:
            program.start()
            corpus = Corpus(program, provider)
            corpus.serve_one()
            failures = run_cases(corpus)
            test_pipelining(corpus)
            test_early_refusal(corpus)
            test_long_upload(corpus)
            same(corpus_cases_changed_nothing(corpus), True, "the notice is unchanged")
            check(program.is_alive(), "the program ended")
            same(program.stop(), 0, "the exit code")
        check(not failures, f"{len(failures)} cases failed: {failures}")
        test_slow_clients(path, provider)


def corpus_cases_changed_nothing(corpus):
    person = Management(corpus.program)
    person.sign_in()
    options = {row["key"]: row["value"] for row in person.call("GET", "/api/option/")}
    return options.get("Notice", "") == ""


main(test)
