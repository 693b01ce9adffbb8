"""Loss of power at hundreds of moments while clients are served: the database opens and is whole, the
session is valid, and no row is missing but those that nobody had asked the disk to keep.

A preloaded library (diskrecorder.cpp) records all that the program writes, and when it asks the disk to
make that lasting. From the journal the test makes what a disk might hold after a loss of power: all
that was made lasting, and of the rest nothing, everything, or some pieces of it. With
storage.synchronous_full every answer that a client received whole has its row; without, every row
that was written before the journal of the database was last made lasting.
"""

import fcntl
import os
import random
import shutil
import signal
import sqlite3
import struct
import threading
import time

from provider import Provider, chunk, completion, reply, stream_head, stream_of
from rawhttp import Connection, request
from support import Management, Program, chat_body, check, main, same, wait_until

CLIENTS = 6
ANSWERS = 900
MOMENTS = 50  # at which the power fails
STARTS = 3     # of them, after which the program itself is started
SECTOR = 512
PRICE = 0.02
UNITS = 10_000
HEAD = struct.Struct("<cQQQ")


class File:
    def __init__(self):
        self.lasting = bytearray()
        self.pending = []  # (offset, data), or (size, None)

    @staticmethod
    def apply(content, operation):
        place, data = operation
        if data is None:
            del content[place:]
            content.extend(bytes(place - len(content)))
            return
        content.extend(bytes(max(0, place - len(content))))
        content[place:place + len(data)] = data

    def sync(self):
        for each in self.pending:
            self.apply(self.lasting, each)
        self.pending = []

    def after_power_loss(self, what):
        content = bytearray(self.lasting)
        for each in self.pending:
            if what == "all":
                self.apply(content, each)
            elif what == "some":
                for piece in self.torn(each):
                    self.apply(content, piece)
        return bytes(content)

    @staticmethod
    def torn(operation):
        """What of it may have reached the disk: some of its sectors."""
        place, data = operation
        if data is None or random.random() < 0.5:
            return [operation] if random.random() < 0.5 else []
        first = SECTOR - place % SECTOR
        cuts = [0, *range(first, len(data), SECTOR), len(data)]
        return [(place + begin, data[begin:end]) for begin, end in zip(cuts, cuts[1:])
                if random.random() < 0.5]


class Disk:
    """The recorded files as of one place in the journal."""

    def __init__(self, journal):
        with open(journal, "rb") as file:
            self.journal = file.read()
        self.position = 0
        self.files = {}
        self.names = {}
        self.last_sync = {}  # of a name's file, the place in the journal

    def move_to(self, position):
        while self.position + HEAD.size <= min(position, len(self.journal)):
            kind, first, second, size = HEAD.unpack_from(self.journal, self.position)
            begin = self.position + HEAD.size
            if begin + size > position:
                return
            self.play(kind, first, second, self.journal[begin:begin + size])
            self.position = begin + size

    def play(self, kind, first, second, data):
        if kind == b"u":
            self.names.pop(data.decode(), None)
            return
        file = self.files.setdefault(first, File())
        if kind == b"n":
            if second == 0:  # made, or emptied; an inode may have had another life
                if first not in self.names.values():
                    self.files[first] = File()
                else:
                    file.pending.append((0, None))
            if data:
                self.names[data.decode()] = first
        elif kind == b"w":
            file.pending.append((second, data))
        elif kind == b"t":
            file.pending.append((second, None))
        elif kind == b"s":
            file.sync()
            for name, inode in self.names.items():
                if inode == first:
                    self.last_sync[name] = self.position

    def lay_out(self, root, folder, what):
        """Writes what is left of the files below `root` into `folder`."""
        os.makedirs(folder, mode=0o700)
        for name, inode in self.names.items():
            if name.endswith("-shm"):
                continue  # memory that processes share; nothing reads it after a loss of power
            path = os.path.join(folder, os.path.relpath(name, root))
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(self.files[inode].after_power_loss(what))


def answer(upstream_request, connection):
    text = upstream_request.last_text()
    if not upstream_request.json().get("stream"):
        connection.sendall(reply(completion(text)))
        return
    connection.sendall(stream_head())
    for each in stream_of(["a ", text]):
        connection.sendall(chunk(each))
    connection.sendall(b"0\r\n\r\n")


class Client(threading.Thread):
    """Notes each answer that came whole, and how far the journal was by then."""

    def __init__(self, program, key, journal, stream):
        super().__init__(daemon=True)
        self.program = program
        self.key = key
        self.journal = journal
        self.stream = stream
        self.received = []
        self.odd = []

    def run(self):
        try:
            with Connection(self.program.port, timeout=20) as connection:
                while self.ask(connection):
                    time.sleep(0.004)
        except OSError:
            pass  # the program was killed

    def ask(self, connection):
        connection.send(request("/v1/chat/completions", chat_body("hello", stream=self.stream),
                                key=self.key))
        found = connection.reply()
        if found is None or not found.whole:
            return False
        if found.status != 200:
            self.odd.append((found.status, found.body[:200]))
            return False
        self.received.append((os.path.getsize(self.journal), found.headers["x-oneapi-request-id"]))
        return True


def rows_of(database, what):
    """The ids of the ledger, after all that must be true of a database."""
    with sqlite3.connect(database) as connection:
        same(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)], what)
        rows = connection.execute(
            "SELECT request_id, charge FROM usage_records WHERE request_id IS NOT NULL"
            " AND token_name = 'load'").fetchall()
        used = connection.execute("SELECT used FROM tokens WHERE name = 'load'").fetchall()
    connection.close()
    same([(sum(charge for _, charge in rows),)] if used else [], used,
         f"what the token used, by the ledger, {what}")
    return {request_id for request_id, _ in rows}


class Run:
    """The program under load, killed, with its journal."""

    def __init__(self, path, recorder, provider, is_full):
        self.path = path
        self.is_full = is_full
        self.name = "FULL" if is_full else "NORMAL"
        self.environment = {"GATEHOUSE_STORAGE_SYNCHRONOUS_FULL": "true" if is_full else "false"}
        self.program = Program(path, self.environment)
        self.journal = os.path.join(self.program.root, "journal")
        preload = {"LD_PRELOAD": recorder, "DISKRECORDER_FOLDER": self.program.data,
                   "DISKRECORDER_JOURNAL": self.journal}
        self.program.environment.update(preload)
        self.program.start()
        for name in preload:
            del self.program.environment[name]
        self.cookie = None
        self.settled = 0  # everything but the load had been stored by then
        self.received = []
        self.load(provider)

    def __enter__(self):
        return self

    def __exit__(self, *trace):
        self.program.__exit__(*trace)

    def load(self, provider):
        person = Management(self.program)
        person.sign_in()
        person.add_channel(base_url=provider.url)
        person.set_option("ModelPrice", f'{{"m": {PRICE}}}')
        key = person.add_token("load")
        self.cookie = person.cookie
        self.settled = os.path.getsize(self.journal)
        clients = [Client(self.program, key, self.journal, bool(i % 2)) for i in range(CLIENTS)]
        for client in clients:
            client.start()
        wait_until(lambda: sum(len(client.received) for client in clients) >= ANSWERS
                   or any(client.odd for client in clients), f"{ANSWERS} answers", 120)
        with open(self.journal, "rb") as journal:
            fcntl.flock(journal, fcntl.LOCK_EX)  # so that nothing is done whose entry is missing
            self.program.process.send_signal(signal.SIGKILL)
            self.program.process.wait()
        for client in clients:
            client.join(30)
            check(not client.odd, f"an odd answer: {client.odd[:1]}")
        self.received = sorted(each for client in clients for each in client.received)

    def journal_is_whole(self):
        """All that was recorded makes the files that are there."""
        disk = Disk(self.journal)
        disk.move_to(len(disk.journal))
        same(disk.position, len(disk.journal), f"{self.name}: the length of the journal")
        for folder, _, names in os.walk(self.program.data):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith("-shm"):
                    continue
                check(path in disk.names or os.path.getsize(path) == 0, f"{path} is not recorded")
                if path in disk.names:
                    with open(path, "rb") as file:
                        check(file.read() == disk.files[disk.names[path]].after_power_loss("all"),
                              f"{self.name}: the journal tells otherwise of {path}")

    def required(self, disk, database, what):
        """The ids whose rows must have outlived a loss of power."""
        until = disk.position if self.is_full else disk.last_sync.get(database + "-wal", 0)
        if what == "all":
            until = disk.position
        return {request_id for position, request_id in self.received if position <= until}

    def fail_power(self):
        self.journal_is_whole()
        database = self.program.database()
        disk = Disk(self.journal)
        moments = sorted(random.randrange(self.settled, len(disk.journal)) for _ in range(MOMENTS))
        started = set(random.sample(range(MOMENTS // 3, MOMENTS), STARTS))
        most_lost = 0
        syncs = set()
        for number, moment in enumerate(moments):
            disk.move_to(moment)
            syncs.add(disk.last_sync.get(database))
            for what in ("none", "some", "all"):
                title = f"{self.name}, power lost at byte {moment}, kept of the rest: {what}"
                folder = os.path.join(self.program.root, "left")
                disk.lay_out(self.program.data, folder, what)
                found = rows_of(os.path.join(folder, os.path.basename(database)), title)
                required = self.required(disk, database, what)
                same(sorted(required - found)[:5], [], f"rows that are missing, {title}")
                before = sum(1 for position, _ in self.received if position <= moment)
                most_lost = max(most_lost, before - len(found))
                if what == "some" and number in started:
                    self.start_from(folder, found, title)
                shutil.rmtree(folder)
        print(f"{self.name}: {len(self.received)} answers, {len(disk.journal) >> 20} MiB written,"
              f" {MOMENTS} moments, {len(syncs)} states of the main file,"
              f" at most {most_lost} answered rows lost", flush=True)
        check(len(syncs) > 1, f"{self.name}: no moment lies behind a checkpoint")

    def start_from(self, folder, rows, title):
        """The program itself on what is left: who was signed in is, and clients are served."""
        with Program(self.path, self.environment) as program:
            shutil.copytree(folder, program.data)
            program.start()
            person = Management(program)
            person.cookie = self.cookie
            check(person.is_signed_in(), f"the session ended, {title}")
            listed = {row["request_id"] for row in person.pages("/api/log/?type=2")
                      if row["token_name"] == "load"}
            same(sorted(rows - listed)[:5], [], f"rows that the program does not list, {title}")
            with Provider(answer) as provider:
                person.add_channel(name="later", base_url=provider.url, models="later")
                key = person.add_token("later")
                with Connection(program.port) as connection:
                    connection.send(request("/v1/chat/completions", chat_body("x", model="later"),
                                            key=key))
                    same(connection.reply().status, 200, f"a request, {title}")
            same(program.stop(), 0, f"the exit code, {title}")


def test(path, recorder):
    seed = random.randrange(1 << 32)
    random.seed(seed)
    print(f"seed {seed}")
    for is_full in (True, False):
        with Provider(answer) as provider, Run(path, recorder, provider, is_full) as run:
            run.fail_power()


main(test)
