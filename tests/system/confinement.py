"""What the program asks of the system while hostile things are sent to it, as seen by strace.

It starts no other program, whatever a request, an import or a setting says. It looks at no file
whose name came from outside, and makes none but in its own folders. And it connects to nothing but the
configured channels.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import threading

import corpus_cases
from oneapi import ONE_API, insert
from provider import Provider, completion, reply
from rawhttp import Connection, request
from support import Management, Program, chat_body, check, main, same

# In the name of every file that clients name and nobody may look at.
CANARY = "canary-5e1f"
SYSCALLS = "%file,connect,sendto,sendmsg,sendmmsg"
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")
# Any call by these makes, changes or removes what is named.
CHANGING = ("creat", "unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat",
            "rmdir", "link", "linkat", "symlink", "symlinkat", "truncate", "mknod", "mknodat", "chmod",
            "fchmodat", "chown", "lchown", "fchownat")


def strace():
    found = shutil.which("strace")
    check(found, "strace is not installed")
    return found


class Trace:
    def __init__(self, path):
        self.path = path

    def wrapper(self):
        # -D: what is traced stays a child of ours.
        return [strace(), "-D", "-f", "-qq", "-s", "4096", "-e", f"trace={SYSCALLS}",
                "-e", "signal=none", "-o", self.path]

    def calls(self):
        """(name, arguments) of each call. One that another thread interrupts has its arguments in the
        first of its two lines."""
        with open(self.path, encoding="utf-8", errors="backslashreplace") as file:
            for line in file:
                found = CALL.match(line)
                if found and "resumed>" not in line[:40]:
                    yield found.group(1), found.group(2)

    def programs(self):
        return [arguments for name, arguments in self.calls() if name in ("execve", "execveat")]

    def named(self, word):
        return [f"{name}({arguments[:200]}" for name, arguments in self.calls()
                if name not in ("execve", "connect", "sendto", "sendmsg", "sendmmsg")
                and word in arguments]

    def changed(self, own):
        """The paths outside of the folders of its own that it opened to write, made or removed."""
        found = []
        for name, arguments in self.calls():
            opens = name in ("open", "openat", "openat2") and re.search(
                r"O_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE)", arguments)
            if not opens and name not in CHANGING:
                continue
            for path in re.findall(r'"((?:[^"\\]|\\.)*)"', arguments):
                if not path.startswith((own, "/dev/", "/proc/self/fd/")):
                    found.append(f"{name} {path}")
        return found

    def destinations(self):
        """The addresses, with ports, of other machines' programs or ours that it turned to."""
        found = set()
        for name, arguments in self.calls():
            if name not in ("connect", "sendto", "sendmsg", "sendmmsg"):
                continue
            port = re.search(r"sin6?_port=htons\((\d+)\)", arguments)
            address = re.search(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"', arguments)
            if port and address:
                found.add(f"{address.group(1)}:{port.group(1)}")
        return found


class Hostile:
    """Sends everything from outside that may be taken for the name of a file or a program."""

    def __init__(self, program, folder):
        self.program = program
        self.person = Management(program)
        self.person.sign_in()
        self.folder = folder
        secret = os.path.join(folder, CANARY)
        with open(secret, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\ntouch {secret}-was-run\n")
        os.chmod(secret, 0o700)
        up = "/".join([".."] * 12)
        self.names = [secret, f"{up}{secret}", f"file://{secret}", f"`{secret}`", f"$({secret})",
                      f";{secret};", f"|{secret}", f"@{secret}", f"{secret}\0.json", f"%2e%2e{secret}",
                      f"sha256:{up}{secret}", f"--config={secret}"]
        self.statuses = []

    def send(self, data):
        with Connection(self.program.port, timeout=5) as connection:
            connection.send(data)
            found = connection.reply(0.5)
            if found is not None:
                self.statuses.append(found.status)
                check(b"was-run" not in found.body, "an answer holds the file's content")

    def corpus(self, key, other):
        waiting = [case.data for case in corpus_cases.all_cases() if not case.name.startswith("size")]

        def work():
            while waiting:
                data = waiting.pop()
                for name, value in (("@KEY@", key), ("@OTHER@", other), ("@COOKIE@", self.person.cookie)):
                    data = data.replace(name.encode(), value.encode())
                self.send(data)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
            check(not thread.is_alive(), "a client hangs")

    def requests(self, key):
        quoted = "".join(f"%{byte:02x}" for byte in self.names[1].encode())
        for path in (f"/v1/models/{quoted}", f"/v1beta/models/{quoted}:generateContent",
                     f"/v1/files/{quoted}/content", f"/{quoted}", f"/api/{quoted}",
                     f"/v1/models{self.names[1]}", f"/api/file?path={quoted}"):
            for method in ("GET", "POST", "HEAD", "DELETE"):
                self.send(request(path, b"{}", method=method, key=key))
        for name in self.names:
            self.send(request("/v1/chat/completions", chat_body("hello", model=name), key=key))
            self.send(request("/v1/chat/completions", chat_body(
                "hello", messages=[{"role": "user", "content": [
                    {"type": "image_url", "image_url": {"url": name}},
                    {"type": "file", "file": {"filename": name, "file_id": name}}]}]), key=key))
            self.send(request("/v1/chat/completions", chat_body("hello", user=name, metadata={
                "path": name}), key=key, fields={"X-Request-Id": name.replace("\0", ""),
                                                 "X-File": name.replace("\0", "")}))
            part = (f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\nx\r\n'
                    f'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--b--\r\n')
            self.send(request("/v1/audio/transcriptions", part.encode(), key=key,
                              fields={"Content-Type": "multipart/form-data; boundary=b"}))

    def administration(self, channel):
        """Names of files where an administrator may enter anything; whether it is accepted is not the
        question here."""
        ask = self.person.ask
        for number, name in enumerate(self.names):
            for field in ("name", "tag", "models", "group", "base_url", "proxy", "test_model",
                          "certificate_authority", "system_prompt", "other", "organization", "key",
                          "type"):
                ask("POST", "/api/channel/", dict({"type": 1, "name": f"n{number}", "key": "k",
                                                   "models": "file", "group": "default",
                                                   "status": 2}, **{field: name}))
            ask("PUT", "/api/channel/", {"id": channel, "header_overrides": {"X-Path": name},
                                         "model_mapping": {"x": name}})
            ask("POST", "/api/user/", {"username": name[:30], "password": "wonderland-1865",
                                       "display_name": name})
            ask("POST", "/api/token/", {"name": name, "models": name, "subnet": name})
            for key in ("Notice", "Logo", "About", "HomePageContent", "SystemName", "Footer",
                        "ServerAddress", "Theme", "TopUpLink", "ChatLink", name):
                ask("PUT", "/api/option/", {"key": key, "value": name})
            quoted = "".join(f"%{byte:02x}" for byte in name.encode())
            for path in (f"/api/channel/test/{quoted}", f"/api/channel/search?keyword={quoted}",
                         f"/api/log/search?keyword={quoted}", f"/api/user/search?keyword={quoted}",
                         f"/api/channel/test/{channel}?model={quoted}"):
                ask("GET", path)
            # Files are imported by those at the machine alone.
            answer = ask("POST", "/api/import", {"path": self.names[0]})
            check(answer.status >= 400 or not answer.json()["success"], "an import over the network")


def in_all_its_kinds(person, provider):
    """A channel of every kind that is served, with everything that a channel is asked for."""
    kinds = set()
    for number in [*range(1, 52), 1001]:
        answer = person.ask("POST", "/api/channel/", {
            "type": number, "name": f"kind {number}", "key": "sk-kind", "models": f"kind-{number}",
            "group": "default", "base_url": provider.url, "other": "2024-10-21"})
        if answer.json()["success"]:
            kinds.add(f"kind {number}")
    tested = 0
    for row in person.pages("/api/channel/"):
        if row["name"] not in kinds:
            continue
        before = provider.hits
        person.ask("GET", f"/api/channel/test/{row['id']}")
        person.ask("GET", f"/api/channel/update_balance/{row['id']}")
        tested += provider.hits > before
    check(tested >= 30, f"only {tested} kinds of channels reach their provider")


def echoing_all(upstream_request, connection):
    connection.sendall(reply(completion("hello")))


def serves(path):
    with Provider(echoing_all) as provider, Program(path) as program:
        trace = Trace(os.path.join(program.root, "trace"))
        temporary = os.path.join(program.root, "temporary")
        hidden = os.path.join(program.root, "elsewhere")
        for folder in (temporary, hidden):
            os.mkdir(folder, 0o700)
        program.environment["TMPDIR"] = temporary
        program.wrapper = trace.wrapper()
        program.start()
        hostile = Hostile(program, hidden)
        person = hostile.person
        channel = person.add_channel(base_url=provider.url)
        person.call("POST", "/api/user/", {"username": "alice", "password": "wonderland-1865"})
        alice = Management(program)
        alice.sign_in("alice", "wonderland-1865")
        key = person.add_token()
        person.set_option("traffic.capture", "all")
        in_all_its_kinds(person, provider)
        hostile.corpus(key, alice.add_token())
        hostile.requests(key)
        hostile.administration(channel)
        check(person.is_signed_in(), "the session ended")
        same(program.stop(60), 0, "the exit code")

        same(sorted(os.listdir(hidden)), [CANARY], "the folder that only clients name")
        same(len(trace.programs()), 1, f"programs that were started: {trace.programs()[1:3]}")
        same(trace.named(CANARY)[:3], [], "files that only clients name")
        same([each for each in trace.named("etc/passwd") if "/etc/passwd\"" not in each][:3], [],
             "files that only the corpus names")
        same(trace.changed(program.root)[:3], [], "files outside of its own folders")
        same(sorted(trace.destinations()), [f"127.0.0.1:{provider.port}"], "where it connects to")
        check(len(hostile.statuses) > 300, f"hardly anything was answered: {len(hostile.statuses)}")
        calls = sum(1 for _ in trace.calls())
        print(f"{len(hostile.statuses)} answers, {calls} calls of the system")


# Configurations of other programs that name files to be read and commands to be run.
def configurations(folder, secret, address):
    def put(name, text):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    evil = f"$({secret})"
    yield put("ccswitch.json", json.dumps({"current": "relay", "claude": {"current": "relay",
        "providers": {"relay": {"id": "relay", "name": "relay", "settingsConfig": {
            "apiKeyHelper": secret, "awsAuthRefresh": secret, "otelHeadersHelper": secret,
            "env": {"ANTHROPIC_BASE_URL": address, "ANTHROPIC_AUTH_TOKEN": evil,
                    "NODE_OPTIONS": f"--require {secret}", "CLAUDE_CODE_SHELL": secret},
            "hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": secret}]}]},
            "statusLine": {"type": "command", "command": secret}}}}},
        "codex": {"current": "relay", "providers": {"relay": {
            "id": "relay", "name": "relay", "settingsConfig": {"auth": {"OPENAI_API_KEY": evil},
                "config": f"""
model_provider = "relay"
notify = ["{secret}"]
experimental_instructions_file = "{secret}"
[model_providers.relay]
name = "relay"
base_url = "{address}/v1"
env_key = "{evil}"
experimental_bearer_token_file = "{secret}"
[mcp_servers.evil]
command = "{secret}"
"""}}}}}))
    yield put(".env", f"""
OPENAI_API_KEY={evil}
OPENAI_BASE_URL={address}
ANTHROPIC_API_KEY=`{secret}`
GEMINI_API_KEY=$(cat {secret})
GOOGLE_APPLICATION_CREDENTIALS={secret}
DEEPSEEK_API_KEY_FILE={secret}
LD_PRELOAD={secret}
. {secret}
source {secret}
""")
    yield put("config.json", json.dumps({"Providers": [
        {"name": "relay", "api_base_url": f"{address}/v1/chat/completions", "api_key": evil,
         "models": ["m"], "transformer": {"use": [secret], "path": secret}}],
        "CUSTOM_ROUTER_PATH": secret, "transformers": [{"path": secret}]}))
    yield put("litellm.yaml", f"""
model_list:
  - model_name: gpt
    litellm_params: {{model: openai/gpt-4o, api_key: "{evil}", api_base: "{address}",
                      vertex_credentials: "{secret}", aws_web_identity_token: "file://{secret}"}}
  - model_name: tagged
    litellm_params: !!python/object/apply:os.system ["{secret}"]
include: ["{secret}"]
litellm_settings: {{callbacks: {secret}, custom_provider_map: [{{custom_handler: {secret}}}]}}
""")
    database = os.path.join(folder, "one-api.db")
    with sqlite3.connect(database) as connection:
        connection.executescript(ONE_API)
        insert(connection, "users", id=1, username="root", password="x", role=100)
        insert(connection, "users", id=7, username=secret, password="x", display_name=secret)
        insert(connection, "channels", id=31, type=1, key=evil, name=secret, base_url=address,
               models=f"m,{secret}", model_mapping=secret, config=secret, other=secret,
               system_prompt=f"@{secret}")
        insert(connection, "channels", id=32, type=1, key="sk-x", name="local", models="m",
               base_url=f"file://{secret}")
        insert(connection, "tokens", id=21, user_id=7, key=("k" * 48), name=secret, models=secret,
               subnet=secret)
        insert(connection, "options", key="Logo", value=secret)
        insert(connection, "options", key=secret, value=secret)
        connection.executescript(f"""
            CREATE VIEW abilities AS SELECT load_extension('{secret}') AS id;
            CREATE TRIGGER evil AFTER UPDATE ON users BEGIN SELECT load_extension('{secret}'); END;
        """)
    connection.close()
    yield database


def imports(path):
    """Configurations of others are read as data, by the command that is alone with them."""
    with Program(path) as program:
        hidden = os.path.join(program.root, "elsewhere")
        os.mkdir(hidden)
        secret = os.path.join(hidden, CANARY)
        with open(secret, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\ntouch {secret}-was-run\n")
        os.chmod(secret, 0o700)
        environment = dict(program.environment, GATEHOUSE_DATA_DIR=program.data)
        program.start()
        program.stop()
        folder = os.path.join(program.root, "configurations")
        os.mkdir(folder)
        taken = 0
        for number, file in enumerate(configurations(folder, secret, "http://127.0.0.1:9")):
            trace = Trace(os.path.join(program.root, f"trace-{number}"))
            found = subprocess.run([*trace.wrapper(), path, "import", file, "--json"],
                                   env=environment, capture_output=True, text=True, timeout=120,
                                   check=False)
            what = f"importing {os.path.basename(file)} ({found.returncode}, {found.stderr[-300:]})"
            check(found.returncode >= 0, what)
            taken += found.returncode in (0, 8)
            check("was-run" not in found.stdout + found.stderr, f"{what} shows the file")
            same(len(trace.programs()), 1, f"programs that {what} starts: {trace.programs()[1:3]}")
            same(trace.named(CANARY)[:3], [], f"files that {what} looks at")
            same(trace.changed(program.root)[:3], [], f"files that {what} changes elsewhere")
            same(sorted(trace.destinations()), [], f"destinations of {what}")
            print(what.replace("\n", " ")[:160], flush=True)
        check(taken >= 5, f"only {taken} of the configurations can be imported at all")
        same(sorted(os.listdir(hidden)), [CANARY], "the folder that only configurations name")


def test(path):
    path = os.path.abspath(path)
    imports(path)
    serves(path)


main(test)
