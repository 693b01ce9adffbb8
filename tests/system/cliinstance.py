"""The command line and the program that runs: status, stop and reload, the ledger, backups, and what
looks after the installation."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading

from provider import Provider, reply
from rawhttp import ask, request
from support import Management, Program, chat_body, check, main, same, wait_until

UNREACHABLE, NOT_FOUND, DENIED, CONFLICT, CONFIGURATION, PARTIAL, USAGE = 3, 4, 5, 6, 7, 8, 2
SHELLS = ("bash", "zsh", "fish", "powershell")


def done(program, *words, text=""):
    """Runs a command that must succeed. Gives what it prints."""
    found = program.command(*words, text=text)
    same(found.returncode, 0, f"{words}: {found.stdout[-300:]!r} {found.stderr[-300:]!r}")
    return found.stdout


def refused(program, code, *words, text=""):
    """Runs a command that must end with the code. Gives what it says."""
    found = program.command(*words, text=text)
    same(found.returncode, code, f"{words}: {found.stdout[-300:]!r} {found.stderr[-300:]!r}")
    check(found.stderr, f"{words} are refused without a word")
    return found.stderr


def levels(program, *words):
    """What doctor or check-config find, by what they looked at. Gives the exit code, too."""
    found = program.command(*words, "--json")
    rows = json.loads(found.stdout)
    return found.returncode, {row["subject"]: row["level"] for row in rows}


def test_usage(program):
    for words in (["status", "more"], ["stop", "--now"], ["reload", "--json"], ["logs", "--lines", "0"],
                  ["logs", "--filter"], ["stats", "--by", "planet"], ["stats", "--since", "soon"],
                  ["stats", "--since", "2999-01-01"], ["logs", "--filter", "modle:x"],
                  ["history", "--filter", "objekt:x"],
                  ["backup", "a", "b"], ["backup", ""], ["restore"], ["restore", "a", "--cancel"],
                  ["completion"], ["completion", "csh"], ["openapi", "json"], ["open"],
                  ["doctor", "more"], ["check-config", "--fix"]):
        refused(program, USAGE, *words)
    told = refused(program, USAGE, "open", "https://host/?key=0123456789abcdef")
    check("0123456789abcdef" not in told, "a link that is none is repeated")


def test_nobody_runs(program):
    for words in (["status"], ["stop"], ["reload"], ["logs", "-f"]):
        told = refused(program, UNREACHABLE, *words)
        check(program.data in told, f"{words} do not name the directory: {told!r}")
    refused(program, NOT_FOUND, "logs")
    refused(program, NOT_FOUND, "stats")
    refused(program, NOT_FOUND, "history")
    refused(program, NOT_FOUND, "backup")
    refused(program, NOT_FOUND, "restore", os.path.join(program.root, "no-such-file"))
    refused(program, UNREACHABLE, "open", "gatehouse://v1/open?page=traffic")
    check(not os.path.exists(program.data), "a question made the data directory")


def test_status(program):
    status = json.loads(done(program, "status", "--json"))
    same(status["state"], "running", "the state")
    same(status["mode"], "serve", "what runs")
    same(status["process"], program.process.pid, "the process")
    same(status["listeners"], [f"http://127.0.0.1:{program.port}"], "where it listens")
    same(os.path.realpath(status["data_directory"]), os.path.realpath(program.data), "the directory")
    text = done(program, "status")
    check(str(program.port) in text and "running" in text, f"status says {text!r}")


def find_port(program):
    """Where it listens now: a port that the system chooses is chosen anew by a reload."""
    url = json.loads(done(program, "status", "--json"))["listeners"][0]
    program.port = int(url.rpartition(":")[2])
    return url


def test_reload(program, person):
    """It listens anew and goes on."""
    printed = done(program, "reload").strip()
    same(printed, f"listening on {find_port(program)}", "what a reload prints")
    check(person.is_signed_in(), "a reload ended the session")
    same(done(program, "reload", "--quiet"), "", "what a quiet reload prints")
    if sys.platform != "win32":
        before = program.errors().count("settings were read again")
        program.process.send_signal(signal.SIGHUP)
        wait_until(lambda: program.errors().count("settings were read again") > before,
                   "a reload by SIGHUP")
    find_port(program)
    check(program.is_alive() and person.is_signed_in(), "SIGHUP ended it")


def relay(program, key, text, model="m"):
    return ask(program.port, request("/v1/chat/completions", chat_body(text, model=model), key=key), 20)


def requests_of(program, *words):
    lines = done(program, "logs", "--json", *words).splitlines()
    return [json.loads(line) for line in lines]


def test_logs(program, state):
    rows = wait_until(lambda: [rows for rows in [requests_of(program)] if len(rows) >= 3],
                      f"three requests in the ledger, {state}")[0]
    same([row["model_name"] for row in rows], ["m", "m", "broken"], f"the requests, {state}")
    same([row["model_name"] for row in requests_of(program, "--filter", "status:error")], ["broken"],
         f"the failures, {state}")
    same(len(requests_of(program, "--filter=model:m status:ok", "-n", "1")), 1, f"one line, {state}")
    same(requests_of(program, "--filter", "user:nobody"), [], f"of nobody, {state}")
    text = done(program, "logs", "--filter", "-status:error")
    same(len(text.splitlines()), 2, f"lines for people, {state}")
    check("m -> good" in text and "root/test" in text, f"the lines are {text!r}")
    told = refused(program, USAGE, "logs", "--filter", "status:nonsense")
    check("nonsense" in told, f"a filter that is none: {told!r}")


def test_history(program):
    lines = done(program, "history", "--json", "--filter", "object:channel").splitlines()
    rows = [json.loads(line) for line in lines]
    same([(row["action"], row["username"]) for row in rows], [("created", "root")], "the changes")
    text = done(program, "history", "--filter", "good")
    check("Channel “good”: Created" in text, f"the lines are {text!r}")
    told = refused(program, USAGE, "history", "--filter", "since:nonsense")
    check("nonsense" in told, f"a filter that is none: {told!r}")


def test_follow(program, key):
    """It prints what comes, and ends when it is asked to."""
    follower = subprocess.Popen([program.path, "logs", "-f", "--json", "--lines", "1", "--filter",
                                 "model:m", "--data-dir", program.data],
                                env=program.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    timer = threading.Timer(60, follower.kill)
    timer.start()
    first = json.loads(follower.stdout.readline())
    same(relay(program, key, "again").status, 200, "a request while it is followed")
    second = json.loads(follower.stdout.readline())
    check(second["id"] > first["id"], f"{second['id']} follows {first['id']}")
    follower.send_signal(signal.SIGINT)
    _, errors = follower.communicate(timeout=30)
    timer.cancel()
    same(follower.returncode, 0, f"the exit code of following: {errors!r}")


def test_follow_to_nobody(program, key):
    """It ends with who reads it, as with head."""
    follower = subprocess.Popen([program.path, "logs", "-f", "--lines", "1", "--data-dir", program.data],
                                env=program.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    timer = threading.Timer(60, follower.kill)
    timer.start()
    check(follower.stdout.readline(), "it prints nothing")
    follower.stdout.close()
    same(relay(program, key, "again").status, 200, "a request that nobody reads of")
    same(follower.wait(60), 1, "the exit code of following to nobody")
    timer.cancel()


def test_stats(program, requests, state):
    stats = json.loads(done(program, "stats", "--json", "--since", "1h"))
    check(stats["complete"], f"the figures lack some, {state}")
    same(stats["total"]["requests"], requests, f"all requests, {state}")
    by_model = {row["name"]: row for row in stats["entries"]}
    same(by_model["m"]["requests"], requests - 1, f"the requests of m, {state}")
    same(by_model["broken"]["client_errors"], 1, f"the failure, {state}")
    same(by_model["m"]["output_tokens"], 5 * (requests - 1), f"the tokens of m, {state}")
    for kind, name in (("channel", "good"), ("user", "root"), ("token", "test")):
        text = done(program, "stats", "--by", kind)
        check(name in text, f"stats by {kind}, {state}: {text!r}")


def test_backup(program, state):
    made = json.loads(done(program, "backup", "--json"))
    check(made["bytes"] > 0 and made["reason"] == "manual", f"the backup is {made}")
    file = os.path.join(program.root, f"copy of {state}.db")
    done(program, "backup", file)
    with open(file, "rb") as copy:
        same(copy.read(16), b"SQLite format 3\0", "the copy begins with")
    same(os.stat(file).st_mode & 0o077, 0, "what others may do with the copy")
    refused(program, CONFLICT, "backup", file)
    done(program, "backup", "--force", file)
    return file


def test_restore(program, person, file):
    """What came after the backup is gone at the next start, and is kept in a safety copy."""
    person.add_channel(name="later", models="later")
    prepared = json.loads(done(program, "restore", file, "--json"))
    check(os.path.exists(prepared["safety_copy"]), "there is no safety copy")
    check(json.loads(done(program, "status", "--json"))["restore_prepared"], "no restore is prepared")
    done(program, "restore", "--cancel")
    refused(program, NOT_FOUND, "restore", "--cancel")
    done(program, "restore", file)
    check("later" in done(program, "channel", "list"), "it was restored at once")
    done(program, "stop")
    program.process.wait(20)
    program.start()
    check("later" not in done(program, "channel", "list"), "nothing was restored")
    check("good" in done(program, "channel", "list"), "too much was restored")
    check(refused(program, 1, "restore", program.log), "a text is restored")


def test_cancel_restore(program, file):
    """Where nobody runs, what is prepared waits, and is given up, without being carried out."""
    def replaced():
        return sorted(name for name in os.listdir(program.data) if ".replaced-" in name)

    before = replaced()
    refused(program, NOT_FOUND, "restore", "--cancel")
    refused(program, USAGE, "restore", "--cancel", "--without-secrets")
    done(program, "restore", file)
    done(program, "restore", file)
    done(program, "restore", "--cancel")
    refused(program, NOT_FOUND, "restore", "--cancel")
    done(program, "channel", "list")
    same(replaced(), before, "databases that were replaced")


def test_restore_waits(program, file):
    """A command leaves to a start what waits to be restored, and says so."""
    done(program, "restore", file)
    found = program.command("channel", "list")
    same(found.returncode, 0, f"a command beside a restore that waits: {found.stderr!r}")
    check("restore --cancel" in found.stderr, f"it does not tell of the restore: {found.stderr!r}")
    done(program, "restore", "--cancel")


def test_restore_damaged(program, file):
    """The damaged database makes room and is kept; where the backup is refused, all stays as it is."""
    database = program.database()
    with open(database, "rb") as whole:
        content = whole.read()
    with open(database, "wb") as damaged:
        damaged.write(b"damaged" * 1000)
    refused(program, 1, "restore", program.log)
    with open(database, "rb") as present:
        same(present.read(7), b"damaged", "the database after a restore that was refused")
    password = program.environment.pop("GATEHOUSE_ROOT_PASSWORD")
    found = program.command("restore", file, "--json")
    program.environment["GATEHOUSE_ROOT_PASSWORD"] = password
    same(found.returncode, 0, f"a restore over a damaged database: {found.stderr!r}")
    check("password" not in found.stderr, f"a password that is void is told: {found.stderr!r}")
    with open(json.loads(found.stdout)["safety_copy"], "rb") as kept:
        same(kept.read(7), b"damaged", "the safety copy")
    program.start()
    check("good" in done(program, "channel", "list"), "the channel was not restored")
    program.stop()
    with open(database, "wb") as former:
        former.write(content)


def test_restore_elsewhere(program, other, passphrase):
    """Another installation takes the keys along, by the passphrase alone."""
    file = os.path.join(program.root, "with secrets.db")
    secret = os.path.join(program.root, "passphrase")
    with open(secret, "w", encoding="utf-8") as note:
        note.write(passphrase + "\n")
    done(program, "backup", file, "--passphrase-file", secret)
    refused(other, 1, "restore", file)
    told = refused(other, DENIED, "restore", file, "--passphrase-file", "-", text="wrong one\n")
    check("wrong one" not in told, "a passphrase is repeated")
    password = other.environment.pop("GATEHOUSE_ROOT_PASSWORD")
    found = other.command("restore", file, "--passphrase-file", "-", text=passphrase + "\n")
    other.environment["GATEHOUSE_ROOT_PASSWORD"] = password
    same(found.returncode, 0, f"the restore elsewhere: {found.stderr!r}")
    check(passphrase not in found.stdout + found.stderr, "the passphrase is printed")
    check("password is" not in found.stderr, f"a password that is void is told: {found.stderr!r}")
    other.start()
    check("good" in done(other, "channel", "list"), "the channel was not restored")
    found = json.loads(done(other, "channel", "test", "1", "--json"))
    check(found[0]["success"], f"the channel's key did not come along: {found}")
    other.stop()


def test_check_config(program):
    same(levels(program, "check-config")[0], 0, "a sound configuration")
    same(done(program, "check-config", "--quiet"), "", "what a quiet check prints")
    for name, value, subject in (("GATEHOUSE_LISTNE", "x", "GATEHOUSE_LISTNE"),
                                 ("GATEHOUSE_LISTEN", "nowhere", "listening address"),
                                 ("GATEHOUSE_RELAY_RETRIES", "many", "GATEHOUSE_RELAY_RETRIES"),
                                 ("GATEHOUSE_MASTER_KEY_FILE", "/nowhere", "GATEHOUSE_MASTER_KEY_FILE")):
        program.environment[name] = value
        code, found = levels(program, "check-config")
        del program.environment[name]
        same(code, CONFIGURATION, f"{name}={value}")
        same(found.get(subject), "failed", f"{name}={value} gives {found}")
    program.environment["GATEHOUSE_LOG_LEVEL"] = "loud"
    told = refused(program, CONFIGURATION, "check-config")
    del program.environment["GATEHOUSE_LOG_LEVEL"]
    check("loud" in told, f"a wrong level: {told!r}")


def test_doctor(program, state):
    code, found = levels(program, "doctor", "--listen", "127.0.0.1:0")
    same((code, [name for name, level in found.items() if level == "failed"]), (0, []),
         f"doctor, {state}: {found}")
    for subject in ("data directory", "database", "secrets", "disk space", "clock"):
        check(subject in found, f"doctor tells nothing of {subject}, {state}: {found}")


def test_doctor_finds(program):
    """With the program stopped: a port that is taken, rights that are too wide, a damaged database."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        address = f"127.0.0.1:{holder.getsockname()[1]}"
        code, found = levels(program, "doctor", "--listen", address)
        same((code, found[f"address {address}"]), (PARTIAL, "failed"), "a port in use")
    database = program.database()
    os.chmod(database, 0o644)
    code, found = levels(program, "doctor", "--listen", "127.0.0.1:0")
    os.chmod(database, 0o600)
    same((code, found["data directory"]), (PARTIAL, "failed"), "a database that others may read")
    key = program.environment["GATEHOUSE_SECRETS"]
    secrets = os.path.join(program.data, "secrets")
    os.rename(secrets, secrets + ".away")
    code, found = levels(program, "doctor", "--listen", "127.0.0.1:0")
    os.rename(secrets + ".away", secrets)
    same((code, found["secrets"]), (PARTIAL, "failed"), f"secrets that are gone ({key})")
    with open(database, "rb") as file:
        whole = file.read()
    with open(database, "r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 8192)
    code, found = levels(program, "doctor", "--listen", "127.0.0.1:0")
    with open(database, "wb") as file:
        file.write(whole)
    same((code, found["database"]), (PARTIAL, "failed"), "a damaged database")


def test_documents(program):
    text = done(program, "openapi")
    check(text.startswith("openapi: 3"), f"the description begins with {text[:60]!r}")
    check("/api/log/requests:" in text, "the description lacks a route")
    for shell in SHELLS:
        script = done(program, "completion", shell)
        check("doctor" in script and "--filter" in script.replace("-l filter", "--filter"),
              f"the completion for {shell} is {script[:200]!r}")
    check("status" in done(program, "--help") and "doctor" in done(program, "--help"), "the overview")


def test_lost_output(program):
    """A full disk is told, and who follows ends with the reader."""
    for words in (["status"], ["openapi"], ["logs", "--json"]):
        with open("/dev/full", "wb") as full:
            found = subprocess.run([program.path, *words], stdout=full, stderr=subprocess.PIPE, timeout=60,
                                   env=dict(program.environment, GATEHOUSE_DATA_DIR=program.data),
                                   check=False)
        same(found.returncode, 1, f"{words} on a full disk: {found.stderr!r}")
        check(found.stderr, f"{words} lose their output without a word")


def test_stop(program):
    text = done(program, "stop")
    check("ended" in text, f"stop says {text!r}")
    same(program.process.wait(20), 0, "the exit code of what was stopped")
    program.process.stdout.close()
    refused(program, UNREACHABLE, "stop")


def answer(upstream_request, connection):
    if upstream_request.json()["model"] == "broken":
        connection.sendall(reply({"error": {"message": "broken"}}, "400 Bad Request"))
        return
    connection.sendall(reply({"id": "1", "object": "chat.completion", "created": 1, "model": "m",
                              "choices": [{"index": 0, "finish_reason": "stop",
                                           "message": {"role": "assistant", "content": "Hi!"}}],
                              "usage": {"prompt_tokens": 3, "completion_tokens": 5,
                                        "total_tokens": 8}}))


def test(path):
    with Provider(answer) as provider, Program(path) as program, Program(path) as other:
        test_usage(program)
        test_nobody_runs(program)
        test_check_config(program)
        test_documents(program)
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_channel(name="good", base_url=provider.url, models="m,broken")
        key = person.add_token()
        test_status(program)
        test_reload(program, person)
        for text, model, status in (("one", "m", 200), ("two", "m", 200), ("three", "broken", 400)):
            same(relay(program, key, text, model).status, status, f"the request {text}")
        test_logs(program, "running")
        test_history(program)
        test_stats(program, 3, "running")
        test_follow(program, key)
        test_follow_to_nobody(program, key)
        test_lost_output(program)
        test_doctor(program, "running")
        test_check_config(program)
        file = test_backup(program, "running")
        test_restore(program, person, file)
        test_restore_elsewhere(program, other, "correct horse battery staple of a backup")
        test_stop(program)
        test_stats(program, 5, "stopped")
        file = test_backup(program, "stopped")
        test_cancel_restore(program, file)
        test_restore_waits(program, file)
        test_restore_damaged(program, file)
        test_doctor(program, "stopped")
        test_doctor_finds(program)


main(test)
