"""A database of One API or New API is taken over, while the gateway runs and while it does not: a key
of a token is accepted, an old password signs in, channels serve, and what cannot come along is told."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess

from oneapi import ONE_API, insert
from provider import Provider
from rawhttp import ask, request
from support import Management, Program, chat_body, check, main, same, wait_until

USAGE, FAILURE, NOT_FOUND, PARTIAL, INTERRUPTED = 2, 1, 4, 8, 130
OLD_PASSWORD = "the old password"
# Of that password, as One API stores it.
HASH = "$2a$04$abcdefghijklmnopqrstuuacgXC3CLH4Asiwiu1rBfOd2rjKHwe3W"
KEY = "aB3dEfGh1jKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKl"

def make_source(path, address):
    database = sqlite3.connect(path)
    database.executescript(ONE_API)
    insert(database, "users", id=1, username="root", password=HASH, role=100, quota=10**12)
    insert(database, "users", id=7, username="alice", password=HASH, quota=5_000_000)
    insert(database, "users", id=8, username="deleted_0123456789abcdef", password=HASH, status=3)
    insert(database, "tokens", id=21, user_id=7, key=KEY, name="laptop", unlimited_quota=1,
           remain_quota=-1, models="m")
    insert(database, "tokens", id=22, user_id=7, key="x" * 48, name="switched off", status=2,
           unlimited_quota=1)
    insert(database, "channels", id=31, type=1, key="sk-first\nsk-second", name="provider",
           base_url=address, models="m,n", priority=None, model_mapping="{broken")
    insert(database, "channels", id=32, type=77, key="sk-unknown", name="of the future", models="m")
    insert(database, "options", key="Notice", value="Moved here")
    insert(database, "logs", user_id=7, content="old")
    database.commit()
    return database


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def chat(program, key, model="m"):
    return ask(program.port, request("/v1/chat/completions", chat_body("hello", model), key=key))


def refusals(program, folder):
    """What is no such database is refused, with a reason, and nothing happens."""
    text = os.path.join(folder, "notes.txt")
    with open(text, "w", encoding="utf-8") as file:
        file.write("these are notes\n" * 100)
    other = os.path.join(folder, "cats.db")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE cats (name TEXT)")
    database.close()
    for path, code, words in ((text, FAILURE, "none that can be imported"),
                              (other, FAILURE, "neither of One API nor of New API"),
                              (program.database(), FAILURE, "own folder"),
                              (folder, FAILURE, "is no file"),
                              (os.path.join(folder, "none.db"), NOT_FOUND, "There is no file")):
        found = program.command("import", path)
        same(found.returncode, code, f"importing {path}: {found.stderr}")
        check(words in found.stderr, f"importing {path} says {found.stderr!r}")
        same(found.stdout, "", f"what importing {path} prints")


def configurations(program, folder):
    """Files of other programs become channels, once, and are not written to."""
    router = os.path.join(folder, "config.json")
    with open(router, "w", encoding="utf-8") as file:
        file.write("""{ // by hand
            "Providers": [
              {"name": "relay", "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
               "api_key": "sk-of-the-router-0123456789", "models": ["r1", "r2"],},
              {"name": "nowhere", "api_key": "sk-x", "models": []},
            ]}""")
    proxy = os.path.join(folder, "config.yaml")
    with open(proxy, "w", encoding="utf-8") as file:
        file.write("model_list:\n"
                   "  - model_name: gpt\n"
                   "    litellm_params: {model: openai/gpt-4o, api_key: sk-of-litellm-0123456789}\n")
    for path, source, counts in ((router, "claude-code-router", {"found": 2, "imported": 1}),
                                 (proxy, "litellm", {"found": 1, "imported": 1})):
        before = digest(path)
        planned = program.command("import", path, "--dry-run", "--json")
        done = program.command("import", path, "--json")
        report = json.loads(done.stdout)
        same(report["source"], source, "the source")
        same(report["counts"]["channels"], counts, f"the channels of {source}")
        same(json.loads(planned.stdout)["counts"], report["counts"], "the dry run")
        check("sk-of" not in planned.stdout + done.stdout, f"the report of {source} holds a key")
        again = json.loads(program.command("import", path, "--json").stdout)
        same(again["counts"]["channels"]["imported"], 0, f"a second import of {source}")
        same(digest(path), before, path)
    root = Management(program)
    root.sign_in()
    rows = {row["name"]: row for row in root.pages("/api/channel/")}
    same(rows["relay"]["models"], "r1,r2", "the models of the router's channel")
    same(json.loads(rows["OpenAI"]["model_mapping"]), {"gpt": "gpt-4o"}, "the mapping")


def plan(program, path):
    before = digest(path)
    found = program.command("import", path, "--dry-run", "--json")
    same(found.returncode, PARTIAL, f"the dry run: {found.stdout}{found.stderr}")
    report = json.loads(found.stdout)
    same(report["stored"], False, "a dry run stores")
    same(report["counts"]["users"], {"found": 3, "imported": 2}, "users")
    same(report["counts"]["tokens"], {"found": 2, "imported": 2}, "tokens")
    same(report["counts"]["channels"], {"found": 2, "imported": 1}, "channels")
    same(report["logs_left"], 1, "logs")
    for secret in (KEY, "sk-first", "sk-unknown", "$2a$"):
        check(secret not in found.stdout, f"the report holds {secret}")
    same(digest(path), before, "the database that is imported")
    return report


def check_imported(program, provider):
    """What must hold once the gateway serves with what was imported."""
    person = Management(program)
    person.sign_in("alice", OLD_PASSWORD)
    me = person.call("GET", "/api/user/self")
    same((me["id"], me["role"], me["quota"]), (7, 1, 5_000_000), "alice")
    names = {token["name"]: token for token in person.pages("/api/token/")}
    same(sorted(names), ["laptop", "switched off"], "alice's tokens")
    same((names["laptop"]["id"], names["laptop"]["key"]), (21, KEY), "the token")

    before = provider.hits
    answer = chat(program, "sk-" + KEY)
    same(answer.status, 200, f"a request with the imported key: {answer.body!r}")
    same(provider.hits, before + 1, "requests that reached the provider")
    same(chat(program, "sk-" + KEY, "n").status, 403, "a model that the token may not use")
    check(chat(program, "sk-" + "x" * 48).status in (401, 403), "a token that was switched off is accepted")

    root = Management(program)
    root.sign_in()
    users = {user["username"]: user for user in root.pages("/api/user/")}
    same(sorted(users), ["alice", "root", "root-2"], "the users")
    same(users["root-2"]["role"], 1, "the role of the other root")
    channels = root.pages("/api/channel/")
    same([(row["id"], row["name"]) for row in channels], [(31, "provider")], "the channels")
    same(root.call("GET", "/api/notice"), "Moved here", "the notice")
    left = [name for name in os.listdir(program.data) if name == ".gatehouse-imports"]
    same(left, [], "copies that were left")


def deleted_stays_deleted(program, source):
    """A token that was revoked here, and a channel that was deleted, do not come back."""
    root = Management(program)
    root.sign_in()
    person = Management(program)
    person.sign_in("alice", OLD_PASSWORD)
    person.call("DELETE", "/api/token/21")
    root.call("DELETE", "/api/channel/31")
    again = json.loads(program.command("import", source, "--json").stdout)
    causes = {(note["kind"], note["name"]): note["cause"] for note in again["skipped"]}
    same(causes[("token", "laptop")], "deleted", "the token that was revoked")
    same(causes[("channel", "provider")], "deleted", "the channel that was deleted")
    same(root.pages("/api/channel/"), [], "the channels")
    check(chat(program, "sk-" + KEY).status in (401, 403), "a revoked key is accepted again")


def has_open(process, path):
    folder = f"/proc/{process}/fd"
    for name in os.listdir(folder):
        try:
            if os.path.realpath(os.path.join(folder, name)) == os.path.realpath(path):
                return True
        except OSError:
            continue  # it was closed meanwhile
    return False


def interrupt(program, source, says):
    """Ctrl+C while the other program keeps its database to itself."""
    with open(os.path.join(program.root, "import.log"), "w+", encoding="utf-8") as log:
        command = subprocess.Popen([program.path, "import", source],
                                   stdin=subprocess.DEVNULL,
                                   stdout=log,
                                   stderr=log,
                                   env=dict(program.environment, GATEHOUSE_DATA_DIR=program.data))
        reader = program.process if program.is_alive() else command
        wait_until(lambda: has_open(reader.pid, source), "the reading of the database")
        command.send_signal(signal.SIGINT)
        same(command.wait(30), INTERRUPTED, "the exit code of an import that was interrupted")
        log.seek(0)
        found = log.read()
    check(says in found, f"an import that was interrupted says {found!r}")


def interrupted(program, source):
    database = make_source(source, "http://127.0.0.1:9")
    database.execute("BEGIN EXCLUSIVE")
    interrupt(program, source, "The import was stopped. Nothing was changed.")
    program.start()
    interrupt(program, source, "The import goes on in the running Gatehouse.")
    database.rollback()
    root = Management(program)
    root.sign_in()
    wait_until(lambda: any(user["username"] == "alice" for user in root.pages("/api/user/")),
               "the import that goes on")
    same(program.stop(), 0, "the end of the program")


def test(path):
    with Provider() as provider, Program(path) as program:
        source = os.path.join(program.root, "one-api.db")
        database = make_source(source, provider.url)
        program.start()
        refusals(program, program.root)
        report = plan(program, source)
        # The other program is in the middle of something.
        insert(database, "users", id=9, username="not stored yet", password="x")
        found = program.command("import", source)
        same(found.returncode, PARTIAL, f"the import: {found.stdout}{found.stderr}")
        check("2 of 3 users" in found.stdout, f"the import says {found.stdout!r}")
        check("of the future" in found.stdout, f"the import does not name what is left: {found.stdout!r}")
        check(KEY not in found.stdout, "the import prints a key")
        database.rollback()
        check_imported(program, provider)
        again = json.loads(program.command("import", source, "--json").stdout)
        same({kind: count["imported"] for kind, count in again["counts"].items()},
             {"users": 0, "tokens": 0, "channels": 0, "groups": 0, "settings": 0}, "a second import")
        check(len(again["skipped"]) > len(report["skipped"]), "what is here is not told")
        same(again["safety_copy"], "", "the backup before an import of nothing")
        deleted_stays_deleted(program, source)
        same(program.stop(), 0, "the end of the program")
        with open(program.log, "r", encoding="utf-8") as log:
            text = log.read()
        for secret in (KEY, "sk-first", OLD_PASSWORD):
            check(secret not in text, f"the log holds {secret}")

    if os.path.isdir("/proc/self/fd"):
        with Program(path) as program:
            interrupted(program, os.path.join(program.root, "one-api.db"))

    with Provider() as provider, Program(path) as program:
        source = os.path.join(program.root, "one-api.db")
        make_source(source, provider.url).close()
        found = program.command("import", source)
        same(found.returncode, PARTIAL, f"an import without a gateway: {found.stdout}{found.stderr}")
        program.start()
        check_imported(program, provider)
        same(program.stop(), 0, "the end of the program")

    with Program(path) as program:
        program.start()
        configurations(program, program.root)
        same(program.stop(), 0, "the end of the program")


main(test)
