"""What the tests of the running program share: the program itself, and its management API.

Every test is a script that takes the path of the built program. It needs nothing but Python's
standard library.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

PASSWORD = "correct horse battery staple"


class Failure(Exception):
    """A test found something else than it expected."""


def check(condition, message):
    if not condition:
        raise Failure(message)


def same(found, expected, what):
    if found != expected:
        raise Failure(f"{what}: expected {expected!r}, found {found!r}")


def wait_until(condition, what, timeout=10.0):
    """Waits for what happens in another process; there is nothing else to wait on."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise Failure(f"{what} did not happen within {timeout:g} s")


class Program:
    """The gateway on a directory of its own. It can be stopped, killed and started again."""

    def __init__(self, path, environment=None, options=(), wrapper=(), listen="127.0.0.1:0"):
        self.path = os.path.abspath(path)
        self.root = tempfile.mkdtemp(prefix="gatehouse-test-")
        self.data = os.path.join(self.root, "data")
        self.log = os.path.join(self.root, "stderr.log")
        self.options = list(options)
        self.wrapper = list(wrapper)  # a command that becomes the one that follows it
        self.listen = listen
        self.process = None
        self.port = 0
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": os.path.join(self.root, "home"),
            "XDG_RUNTIME_DIR": os.path.join(self.root, "run"),
            "LANG": "C.UTF-8",
            "GATEHOUSE_SECRETS": "file",
            "GATEHOUSE_ROOT_PASSWORD": PASSWORD,
            "GLOBAL_API_RATE_LIMIT": "0",
            "GLOBAL_WEB_RATE_LIMIT": "0",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.environment.update(environment or {})
        for name in ("HOME", "XDG_RUNTIME_DIR"):
            os.makedirs(self.environment[name], mode=0o700)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        ended = None if self.process is None else self.process.poll()
        self.kill()
        if kind is not None:
            if ended is not None:
                print(f"--- the program had ended with code {ended}", file=sys.stderr)
            print(f"--- the end of {self.log}:", file=sys.stderr)
            sys.stderr.write(self.errors()[-6000:])
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, timeout=60.0):
        """Starts it and waits for the line that says where it listens. Gives the seconds that took."""
        begin = time.monotonic()
        command = [*self.wrapper, self.path, "serve", "--data-dir", self.data, "--listen", self.listen]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command + self.options,
                                            stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE,
                                            stderr=log,
                                            env=self.environment,
                                            text=True)
        timer = threading.Timer(timeout, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        if not line:
            code = self.process.wait()
            raise Failure(f"the program ended with code {code} before it listened:\n{self.errors()}")
        prefix = "listening on http://127.0.0.1:"
        check(line.startswith(prefix), f"standard output begins with {line!r}")
        self.port = int(line[len(prefix):])
        return time.monotonic() - begin

    def fail_to_start(self, options=(), wrapper=(), timeout=60.0, **more):
        """Starts it where it must refuse. Gives its exit code and what it says; it never listens."""
        command = [*wrapper, self.path, "serve", "--data-dir", self.data, "--listen", self.listen]
        found = subprocess.run(command + self.options + list(options),
                               stdin=subprocess.DEVNULL,
                               capture_output=True,
                               env=self.environment,
                               text=True,
                               timeout=timeout,
                               check=False,
                               **more)
        same(found.stdout, "", "what it prints although it cannot start")
        check(found.returncode > 0, f"it was ended by signal {-found.returncode}: {found.stderr}")
        return found.returncode, found.stderr

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout=30.0):
        """Asks it to end, and gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout)
        self.process.stdout.close()
        return code

    def kill(self):
        if self.is_alive():
            self.process.kill()
        if self.process is not None:
            self.process.wait()
            self.process.stdout.close()

    def errors(self):
        with open(self.log, "r", encoding="utf-8", errors="replace") as log:
            return log.read()

    def command(self, *arguments, text=""):
        """Runs a sub-command on the same data, as the same person."""
        environment = dict(self.environment, GATEHOUSE_DATA_DIR=self.data)
        return subprocess.run([self.path, *arguments],
                              input=text,
                              env=environment,
                              capture_output=True,
                              text=True,
                              timeout=120,
                              check=False)

    def database(self):
        for name in sorted(os.listdir(self.data)):
            path = os.path.join(self.data, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    if file.read(16) == b"SQLite format 3\0":
                        return path
        raise Failure(f"there is no database in {self.data}: {os.listdir(self.data)}")


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cookies = response.headers.get_all("Set-Cookie") or []
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Management:
    """A person who is signed in, over the management API."""

    def __init__(self, program):
        self.program = program
        self.cookie = None

    def ask(self, method, path, body=None, headers=None, timeout=60.0):
        connection = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=timeout)
        fields = dict(headers or {})
        if self.cookie is not None:
            fields["Cookie"] = self.cookie
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, data, fields)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def call(self, method, path, body=None):
        """A call that must succeed. Gives its data."""
        answer = self.ask(method, path, body)
        same(answer.status, 200, f"{method} {path} ({answer.body[:300]!r})")
        envelope = answer.json()
        check(envelope["success"], f"{method} {path}: {envelope.get('message')}")
        return envelope.get("data")

    def sign_in(self, name="root", password=PASSWORD):
        answer = self.ask("POST", "/api/user/login", {"username": name, "password": password})
        same(answer.status, 200, f"signing in ({answer.body[:300]!r})")
        check(answer.json()["success"], f"signing in: {answer.json().get('message')}")
        cookies = [each for each in answer.cookies if each.startswith("session=")]
        check(cookies, "signing in sets no cookie named session")
        self.cookie = cookies[0].split(";")[0]
        return cookies[0]

    def is_signed_in(self):
        answer = self.ask("GET", "/api/user/self")
        return answer.status == 200 and answer.json()["success"]

    def pages(self, path):
        """All rows of a list that is paged from 0, ten at a time."""
        rows = []
        separator = "&" if "?" in path else "?"
        for page in range(100_000):
            part = self.call("GET", f"{path}{separator}p={page}")
            rows.extend(part)
            if len(part) < 10:
                return rows
        raise Failure(f"{path} has no end")

    def add_channel(self, **fields):
        channel = {"type": 1, "name": "provider", "key": "sk-upstream", "group": "default",
                   "models": "m"}
        channel.update(fields)
        self.call("POST", "/api/channel/", channel)
        found = [row for row in self.pages("/api/channel/") if row["name"] == channel["name"]]
        check(found, f"the channel {channel['name']} is not in the list")
        return found[0]["id"]

    def add_token(self, name="test", **fields):
        """The key of a new token, as a client sends it."""
        token = {"name": name, "unlimited_quota": True, "remain_quota": 0, "expired_time": -1}
        token.update(fields)
        return "sk-" + self.call("POST", "/api/token/", token)["key"]

    def token(self, name):
        found = [row for row in self.pages("/api/token/") if row["name"] == name]
        same(len(found), 1, f"tokens named {name}")
        return found[0]

    def set_option(self, key, value):
        self.call("PUT", "/api/option/", {"key": key, "value": value})


def chat_body(text, model="m", stream=False, **more):
    body = {"model": model, "messages": [{"role": "user", "content": text}]}
    if stream:
        body["stream"] = True
    body.update(more)
    return json.dumps(body).encode()


def main(test):
    """Runs a test that takes the path of the program. Ends the process."""
    if len(sys.argv) < 2:
        print(f"usage: {sys.argv[0]} PROGRAM", file=sys.stderr)
        sys.exit(2)
    try:
        test(*sys.argv[1:])
    except Failure as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        sys.exit(1)
    print("passed")
