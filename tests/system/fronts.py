"""Hostile clients behind a reverse proxy: no request is smuggled past nginx or HAProxy, and nobody gets
another's answer.

Each front keeps its connections to the program and shares them among its clients. All raw cases of
the corpus that are about the shape of a message go through it, and others whose body holds a whole
request. Whatever the front makes of them: the provider sees no request that the front did not take for
one, none twice, and whoever asks meanwhile through the same front gets the answer to what was asked.
"""

import collections
import contextlib
import os
import re
import shutil
import socket
import subprocess
import threading

import corpus_cases
from corpus_cases import CODINGS, NONCE, chunks, odd_lengths, post
from provider import Provider
from rawhttp import Connection, request
from support import Failure, Management, Program, chat_body, check, main, same, wait_until

GROUPS = ("good", "smuggling, coding", "smuggling, length", "chunks", "first line", "fields", "host")
ATTACKERS = 6
# Where a front waits for more of a message, nobody sends it.
SILENCE = 0.25

# Loose wherever it can be, so that as much as possible reaches the program.
NGINX = """
daemon off; master_process off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log;
events {{ worker_connections 1024; }}
http {{
    log_format forwarded '$upstream_addr $request';
    access_log {root}/access.log forwarded;
    client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/f;
    uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;
    underscores_in_headers on; ignore_invalid_headers off; merge_slashes off;
    large_client_header_buffers 8 128k; client_max_body_size 64m;
    client_header_timeout 3s; client_body_timeout 3s;
    upstream gatehouse {{ server 127.0.0.1:{port}; keepalive 4; }}
    server {{
        listen 127.0.0.1:{own};
        location / {{
            proxy_pass http://gatehouse; proxy_http_version 1.1;
            proxy_set_header Connection ""; proxy_set_header Host $http_host;
            proxy_request_buffering {buffering}; proxy_buffering off; proxy_read_timeout 5s;
            proxy_next_upstream off;
        }}
    }}
}}
"""

HAPROXY = """
global
    log stdout format raw local0
    nbthread 1  # threads that log at once may lose a line
    maxconn 500
    tune.bufsize 131072
defaults
    mode http
    log global
    log-format "%[srv_name] %ST %[capture.req.method] %[capture.req.uri]"
    timeout connect 5s
    timeout client 3s
    timeout server 5s
    timeout http-request 3s
    option http-keep-alive
    http-reuse always
frontend clients
    bind fd@{descriptor}
    {looseness}
    default_backend gatehouse
backend gatehouse
    server gatehouse 127.0.0.1:{port} pool-max-conn 4
"""


class Front:
    """A reverse proxy in front of the program."""

    def __init__(self, name, folder, port):
        self.name = name
        self.folder = folder
        self.log = os.path.join(folder, "access.log")
        os.makedirs(folder)
        # HAProxy takes over a socket that listens already; nginx wants to make its own.
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.process = self.nginx(port) if name.startswith("nginx") else self.haproxy(port)
        wait_until(self.is_ready, f"the start of {name}")

    def nginx(self, port):
        self.listener.close()
        text = NGINX.format(root=self.folder, port=port, own=self.port,
                            buffering="off" if "unbuffered" in self.name else "on")
        return self.started(text, [program_of("nginx"), "-p", self.folder, "-c"], subprocess.DEVNULL)

    def haproxy(self, port):
        text = HAPROXY.format(port=port, descriptor=self.listener.fileno(),
                              looseness="option accept-invalid-http-request" if "loose" in self.name
                              else "")
        with open(self.log, "wb") as log:
            return self.started(text, [program_of("haproxy"), "-db", "-f"], log,
                                pass_fds=[self.listener.fileno()])

    def started(self, text, command, output, **more):
        file = os.path.join(self.folder, "front.conf")
        with open(file, "w", encoding="utf-8") as config:
            config.write(text)
        with open(os.path.join(self.folder, "errors"), "wb") as errors:
            return subprocess.Popen([*command, file], stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=errors, **more)

    def is_ready(self):
        if self.process.poll() is not None:
            with open(os.path.join(self.folder, "errors"), encoding="utf-8") as errors:
                raise Failure(f"{self.name} ended: {errors.read()}")
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.process.kill()
        self.process.wait()
        self.listener.close()

    def taken(self):
        """Of the requests that it took for such and sent on, the words in their targets."""
        with open(self.log, encoding="latin-1") as log:
            lines = [line for line in log.read().splitlines() if re.search(r"^(127\.0\.0\.1:|gatehouse )", line)]
        return collections.Counter(word for line in lines for word in re.findall(r"\?n=(\w+)", line))


def program_of(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    check(found, f"{name} is not installed")
    return found


def nonce():
    return os.urandom(8).hex()


def marked(data):
    """With the word in the target, too: there the front's log has it."""
    if b"?n=" + NONCE in data:
        return data
    path = re.escape(corpus_cases.PATH) + rb"(?=[\s?])"
    return re.sub(path, corpus_cases.PATH + b"?n=" + NONCE, data, count=1)


class Attack:
    """Bytes, the word of the request that they are by all rights, and that of the one that is hidden in
    them, if there is one."""

    def __init__(self, name, data, key, is_good=False, hides=False):
        self.name = name
        self.word = nonce()
        self.hidden = nonce() if hides else None
        self.is_good = is_good
        self.data = data.replace(b"@KEY@", key.encode()).replace(NONCE, self.word.encode())
        if hides:
            self.data = self.data.replace(HIDDEN, self.hidden.encode())


# As long as a nonce.
HIDDEN = b"@HIDDEN@@HIDDEN@"
INNER = post(body=corpus_cases.BODY).replace(NONCE, HIDDEN).replace(
    corpus_cases.PATH, corpus_cases.PATH + b"?n=" + HIDDEN, 1)


def smuggled():
    """A whole request in the body of another, which one may read as ended before it."""
    for name, coding in CODINGS:
        has_length = b"Content-Length" in coding
        ended = b"0\r\n\r\n" + INNER
        yield f"coding, {name}: behind the last chunk", post(
            coding, ended, length=False if has_length else None)
        whole = chunks(INNER)
        begin = whole.index(b"\r\n") + 2
        yield f"coding, {name}: in a chunk", post(
            coding, whole, length=False if has_length else b"%d" % begin)
        yield f"coding, {name}: no length", post(coding, ended, length=False)
    for name, length in odd_lengths(b"%d" % len(INNER)):
        yield f"length, {name}: in the body", post(body=INNER, length=length)
        yield f"length, {name}: chunked", post(b"Transfer-Encoding: chunked\r\n",
                                               b"0\r\n\r\n" + INNER, length=length)
    for name, length in (("0", b"0"), ("none", False), ("two, 0 first", b"0\r\nContent-Length: "
                                                        + b"%d" % len(INNER))):
        yield f"length, {name}", post(body=INNER, length=length)
    for name, method in (("GET", b"GET"), ("OPTIONS", b"OPTIONS"), ("TRACE", b"TRACE")):
        yield f"a {name} with a body", post(
            body=INNER, line=method + b" /v1/models?n=" + NONCE + b" HTTP/1.1\r\n")
    yield "an upgrade with a body", post(b"Connection: Upgrade\r\nUpgrade: websocket\r\n", INNER)
    yield "continue is expected, in vain", post(b"Expect: 100-continue\r\n", INNER, key=b"")
    yield "a length named in Connection", post(b"Connection: Content-Length\r\n", INNER)
    yield "a coding named in Connection", post(
        b"Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + INNER,
        length=False)
    yield "HTTP/1.0 that stays", post(
        b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + INNER,
        version=b"1.0")


def attacks(key):
    for case in corpus_cases.all_cases():
        group = case.name.split(":")[0]
        if group in GROUPS:
            yield Attack(case.name, marked(case.data), key, is_good=group == "good")
    for name, data in smuggled():
        yield Attack(f"hidden, {name}", marked(data), key, hides=True)


def content(reply):
    return reply.json()["choices"][0]["message"]["content"]


class Siege:
    """All attacks through one front, several at a time, each followed by an honest request."""

    def __init__(self, front, key):
        self.front = front
        self.key = key
        self.lock = threading.Lock()
        self.waiting = list(attacks(key))
        self.own = {}      # which of the attacks a word belongs to
        self.honest = set()
        self.hidden = set()
        self.good_served = 0
        self.problems = []

    def run(self):
        threads = [threading.Thread(target=self.work, daemon=True) for _ in range(ATTACKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
            check(not thread.is_alive(), f"{self.front.name}: an attacker hangs")

    def work(self):
        while True:
            with self.lock:
                if not self.waiting:
                    return
                attack = self.waiting.pop()
                self.own[attack.word] = attack.name
                if attack.hidden:
                    self.own[attack.hidden] = attack.name
                    self.hidden.add(attack.hidden)
            try:
                self.attack(attack)
                self.ask_honestly(attack.name)
            except (Failure, OSError, ValueError, KeyError) as problem:
                with self.lock:
                    self.problems.append(f"{self.front.name}, {attack.name}: {problem!r}")

    def request(self):
        word = nonce()
        return word, request(f"/v1/chat/completions?n={word}", chat_body(word), key=self.key)

    def attack(self, attack):
        word, behind = self.request()
        with self.lock:
            self.own[word] = attack.name
        expected = [each for each in (attack.word, attack.hidden, word) if each]
        with Connection(self.front.port, timeout=5) as connection:
            connection.send(attack.data + behind)
            while expected:
                try:
                    reply = connection.reply(5 if attack.is_good else SILENCE)
                except (ValueError, IndexError):
                    break  # what nginx answers to HTTP/0.9 has no head
                if reply is None:
                    break
                if reply.status != 200 or b'"choices"' not in reply.body:
                    continue
                found = content(reply)
                # In the order in which they were sent.
                check(found in expected, f"the attacker is given the answer to {found!r}")
                expected = expected[expected.index(found) + 1:]
                if found == attack.word and attack.is_good:
                    with self.lock:
                        self.good_served += 1

    def ask_honestly(self, what):
        word, data = self.request()
        with self.lock:
            self.own[word] = f"an honest request behind {what}"
            self.honest.add(word)
        with Connection(self.front.port, timeout=10) as connection:
            connection.send(data)
            reply = connection.reply()
        check(reply is not None, "an honest request is not answered")
        same(reply.status, 200, f"an honest request ({reply.body[:200]!r})")
        same(content(reply), word, "the answer to an honest request")


def judge(siege, provider):
    """What reached the provider, against what the front says that it sent on."""
    front = siege.front
    check(not siege.problems, f"{len(siege.problems)} problems: {siege.problems[:3]}")
    hits = collections.Counter()
    for each in list(provider.requests):
        hits.update(re.findall(r"[0-9a-f]{16}", each.last_text()))
    # A front tells of a request when it is done with it.
    with contextlib.suppress(Failure):
        wait_until(lambda: siege.honest | set(hits) <= set(front.taken()), "its log")
    taken = front.taken()
    twice = [siege.own.get(word) for word, count in hits.items() if count > 1]
    same(twice, [], f"{front.name}: requests that the provider saw twice")
    past = [siege.own.get(word) for word in hits if word not in taken]
    same(past, [], f"{front.name}: requests that it never sent on, but the provider saw")
    check(siege.honest <= set(hits), f"{front.name}: an honest request did not reach the provider")

    hidden = sum(1 for word in siege.hidden if word in taken)
    sent_on = sum(1 for word in siege.own if word in taken) - len(siege.honest)
    print(f"{front.name}: {len(siege.own) - len(siege.honest)} messages, {sent_on} sent on,"
          f" {len(hits) - len(siege.honest)} of them served;"
          f" {hidden} of {len(siege.hidden)} hidden requests were taken for such by the front;"
          f" {siege.good_served} good ones served", flush=True)
    check(siege.good_served >= 20, f"{front.name}: hardly any good case is served")
    check(sent_on >= 100, f"{front.name}: hardly anything is sent on")


def test(path):
    with Program(path) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        with Provider() as provider:
            person.add_channel(base_url=provider.url)
            key = person.add_token()
            for name in ("nginx", "nginx, unbuffered", "HAProxy", "HAProxy, loose"):
                provider.requests.clear()
                folder = os.path.join(program.root, re.sub(r"\W+", "-", name))
                with contextlib.ExitStack() as stack:
                    front = stack.enter_context(Front(name, folder, program.port))
                    siege = Siege(front, key)
                    siege.run()
                    judge(siege, provider)
                check(program.is_alive(), "the program ended")
        same(program.stop(), 0, "the exit code")


main(test)
