"""The program and the desktop's keychain: whatever state the keychain is in, secrets that exist are
never replaced, the data is left as it is, and the message says what to do.

Each case runs in a D-Bus session of its own with a real gnome-keyring, made by with-keychain.sh; this
script starts itself again inside it.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import time

from support import Management, Program, check, main, same

UNAVAILABLE = 69


class Session:
    """What a case has: the program on a directory that several cases may share."""

    def __init__(self, path, tool, data):
        self.tool = tool
        bus = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
        self.program = Program(path, {"DBUS_SESSION_BUS_ADDRESS": bus} if bus else {})
        self.program.data = data
        del self.program.environment["GATEHOUSE_SECRETS"]

    def keychain(self, operation):
        """What the keychain holds for this data directory, after the operation."""
        with open(os.path.join(self.program.data, "identity"), encoding="ascii") as file:
            identity = file.read().strip()
        found = subprocess.run([self.tool, identity, "5000", operation], capture_output=True,
                               text=True, timeout=30, check=True)
        state, _, item = found.stdout.split(" ")[:3]
        return state, item

    def files(self):
        """The digest of everything that lies in the data directory."""
        digests = {}
        for folder, _, names in os.walk(self.program.data):
            for name in names:
                path = os.path.join(folder, name)
                # SQLite makes this one anew whenever it opens a database.
                if not name.endswith("-shm") and os.path.getsize(path) > 0:
                    with open(path, "rb") as file:
                        digests[name] = hashlib.sha256(file.read()).hexdigest()
        return digests

    def refuses(self, what, *words):
        before = self.files()
        began = time.monotonic()
        code, text = self.program.fail_to_start()
        same(code, UNAVAILABLE, f"the exit code, {what}: {text[-800:]}")
        for word in words:
            check(word in text, f"{what}: the message does not say {word!r}: {text[-800:]}")
        if before:
            same(self.files(), before, f"the data directory, {what}")
        return time.monotonic() - began

    def start_and_stop(self):
        self.program.start()
        same(self.program.stop(), 0, "the exit code")


def first(session):
    """A first start makes the secrets and keeps them in the keychain, and nowhere else."""
    program = session.program
    program.start()
    person = Management(program)
    person.sign_in()
    with open(os.path.join(program.data, "cookie"), "w", encoding="ascii") as file:
        file.write(person.cookie)
    same(program.stop(), 0, "the exit code")
    state, item = session.keychain("read")
    same(state, "Found", "the keychain after the first start")
    for name in os.listdir(program.data):
        check("secret" not in name, f"{name} lies in the data directory")
        path = os.path.join(program.data, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                check(item.encode() not in file.read(), f"{name} holds the secrets")


def opened(session):
    """Starts, and whoever was signed in still is."""
    program = session.program
    program.start()
    person = Management(program)
    with open(os.path.join(program.data, "cookie"), encoding="ascii") as file:
        person.cookie = file.read()
    check(person.is_signed_in(), "the session is not valid any more")
    same(program.stop(), 0, "the exit code")


def unlocked(session):
    first(session)
    opened(session)
    _, item = session.keychain("read")

    session.keychain("remove")
    session.refuses("an item that was deleted", "keychain", "Restore", "no new ones are made")
    same(session.keychain("read")[0], "Absent", "the item after the refusal")

    damaged = item[:-3] + ("abc" if not item.endswith("abc") else "xyz")
    session.keychain(f"write={damaged}")
    session.refuses("a damaged item", "keychain", "Nothing was changed")
    same(session.keychain("read"), ("Found", damaged), "the damaged item after the refusal")

    session.keychain(f"write={item}")
    opened(session)


def of_other_data(session):
    """The item of another data directory is not ours, though it is sound."""
    first(session)
    item = session.keychain("read")[1]
    other = Session(session.program.path, session.tool, session.program.data + "-other")
    first(other)
    other.keychain(f"write={item}")
    other.refuses("the item of other data", "wrong key", "Nothing was changed")
    same(other.keychain("read"), ("Found", item), "the foreign item after the refusal")


def locked(session):
    session.refuses("a locked keychain", "is locked", "Unlock it")


def gone(session):
    session.refuses("a keychain that is gone", "There is no keychain", "GATEHOUSE_SECRETS=file")


def gone_and_other_choice(session):
    """Another source is no way around secrets that exist."""
    session.program.environment["GATEHOUSE_SECRETS"] = "file"
    session.refuses("another choice over existing data", "the keychain", "no new ones are made")


def absent(session):
    """Without any data: the choices are told, and none is made."""
    program = session.program
    session.refuses("no keychain at a first start", "There is no keychain",
                    "GATEHOUSE_SECRETS=file gatehouse serve", "GATEHOUSE_MASTER_KEY_FILE",
                    "LoadCredential")
    check(not [name for name in os.listdir(program.data) if "secret" in name],
          f"secrets were made unasked: {os.listdir(program.data)}")
    program.environment["GATEHOUSE_SECRETS"] = "file"
    session.start_and_stop()


def denied(session):
    session.refuses("a keychain that lets nobody in", "may not use", "keychain")


def slow(session):
    seconds = session.refuses("a keychain that does not answer", "did not answer in time")
    check(4.5 < seconds < 20, f"it was given up after {seconds:.1f} s")


CASES = {each.__name__: each for each in (first, opened, unlocked, of_other_data, locked, gone,
                                          gone_and_other_choice, absent, denied, slow)}


def run(state, case, arguments, before=None, service=None):
    """A case in a keychain in that state; `before` is a case that runs while it is unlocked."""
    path, tool, script = arguments
    with tempfile.TemporaryDirectory(prefix="gatehouse-keychain-") as folder:
        data = os.path.join(folder, "data")

        def inside(name):
            return [sys.executable, "-B", os.path.abspath(__file__), path, tool, script, name, data]

        command = [script, state]
        if service:
            command += ["--service", " ".join([tool, *service])]
        if before:
            command += ["--before", " ".join(inside(before))]
        found = subprocess.run(command + inside(case), timeout=180, check=False)
        same(found.returncode, 0, f"{case} in a keychain that is {state}")


def test(path, tool, script, case=None, data=None):
    if case:
        session = Session(path, tool, data)
        with session.program:
            CASES[case](session)
        return
    arguments = (path, tool, script)
    run("unlocked", "unlocked", arguments)
    run("unlocked", "of_other_data", arguments)
    run("locked", "locked", arguments, before="first")
    run("no-daemon", "gone", arguments, before="first")
    run("no-bus", "absent", arguments)
    run("no-daemon", "absent", arguments)
    run("empty", "absent", arguments)
    run("no-daemon", "gone_and_other_choice", arguments, before="first")
    run("silent", "denied", arguments, before="first",
        service=("own", "1", "org.freedesktop.Secret.Error.IsLocked"))
    run("silent", "slow", arguments, before="first", service=("own", "0"))


main(test)
