"""The program on a real PostgreSQL server, which this test starts in a temporary directory: it serves,
it is restarted, and whoever was signed in still is."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import urllib.parse

from provider import Provider, echoing
from rawhttp import ask, request
from support import PASSWORD, Management, Program, chat_body, check, main, same, wait_until

UNAVAILABLE, CONFIGURATION = 69, 7
CHANNEL_KEY = "sk-canary-postgresql-2f7d9a31c0"


class Server:
    """PostgreSQL on a socket in a directory of its own. It refuses root, so root becomes postgres."""

    def __init__(self):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        check(programs, "PostgreSQL is not installed; this test needs the package postgresql")
        self.programs = programs[-1]
        self.folder = tempfile.mkdtemp(prefix="gatehouse-postgresql-")
        self.process = None
        self.wrapper = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.wrapper = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                            "--clear-groups"]

    def __enter__(self):
        self.run("initdb", "-D", self.folder + "/data", "-U", "gatehouse", "-A", "trust", "-E", "UTF8",
                 "--no-locale", "--no-sync")
        self.start()
        self.run("createdb", "-h", self.folder, "-U", "gatehouse", "gateway")
        return self

    def __exit__(self, *ignored):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, program, *arguments):
        return subprocess.run([*self.wrapper, os.path.join(self.programs, program), *arguments],
                              cwd=self.folder, capture_output=True, text=True, timeout=60, check=True)

    def start(self):
        self.process = subprocess.Popen([*self.wrapper, os.path.join(self.programs, "postgres"),
                                         "-D", self.folder + "/data", "-k", self.folder,
                                         "-c", "listen_addresses=", "-c", "fsync=off"],
                                        cwd=self.folder, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        wait_until(self.is_ready, "the start of PostgreSQL", 30)

    def is_ready(self):
        return subprocess.run([os.path.join(self.programs, "pg_isready"), "-h", self.folder],
                              capture_output=True, check=False).returncode == 0

    def stop(self):
        if self.process:
            self.process.send_signal(2)  # "fast shutdown"
            self.process.wait(30)
            self.process = None

    def url(self):
        return f"postgresql://gatehouse@localhost/gateway?host={urllib.parse.quote(self.folder, '')}"

    def dump(self):
        return self.run("pg_dump", "-h", self.folder, "-U", "gatehouse", "gateway").stdout


def asked(program, key, text, stream=False):
    answer = ask(program.port, request("/v1/chat/completions", chat_body(text, stream=stream), key=key))
    same(answer.status, 200, f"a request ({answer.body[:300]!r})")
    check(answer.whole and text.encode() in answer.body, f"the answer is {answer.body[:300]!r}")


def serves_and_outlives_restarts(path, server):
    with Provider(echoing) as provider, \
            Program(path, options=["--database", server.url()]) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_channel(base_url=provider.url, key=CHANNEL_KEY)
        key = person.add_token("postgres", unlimited_quota=False, remain_quota=500_000)
        asked(program, key, "first")
        asked(program, key, "streamed", stream=True)
        rows = wait_until(lambda: [row for row in person.pages("/api/log/") if row["type"] == 2],
                          "the log row")
        same(len(rows), 2, "rows in the log")
        same(provider.requests[0].header("authorization"), f"Bearer {CHANNEL_KEY}",
             "what the provider is sent")
        check(not [name for name in os.listdir(program.data) if name.endswith(".db")],
              "there is a SQLite file beside PostgreSQL")

        same(program.stop(), 0, "the exit code")
        program.start()
        check(person.is_signed_in(), "the session is not valid after a restart")
        asked(program, key, "second")
        program.kill()
        program.start()
        check(person.is_signed_in(), "the session is not valid after being killed")
        asked(program, key, "third")
        listed = program.command("channel", "list", "--json")
        same(listed.returncode, 0, f"channel list: {listed.stderr[:300]}")
        same(program.stop(), 0, "the exit code")

        dump = server.dump()
        for name, secret in {"the channel's key": CHANNEL_KEY, "the token": key[3:],
                             "the password": PASSWORD}.items():
            check(secret not in dump, f"{name} is in the database")
        check("postgres" in dump, "the dump is empty")


def cannot_be_reached(path, server):
    url = server.url().replace("gatehouse@", "gatehouse:a-secret-password@")
    with Program(path, options=["--database", url]) as program:
        code, text = program.fail_to_start()
        same(code, UNAVAILABLE, f"the exit code without a server: {text[-500:]}")
        check("a-secret-password" not in text, "the password is repeated")
    with Program(path, options=["--database", "mysql://localhost/x"]) as program:
        code, text = program.fail_to_start()
        same(code, CONFIGURATION, f"the exit code for a foreign database: {text[-500:]}")


def test(path):
    with Server() as server:
        serves_and_outlives_restarts(path, server)
        server.stop()
        cannot_be_reached(path, server)


main(test)
