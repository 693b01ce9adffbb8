"""The program under a service manager: what it tells by sd_notify, and who it says holds the data
directory."""

import os
import socket

from support import Program, check, main, same, wait_until


class Manager:
    """The end of NOTIFY_SOCKET that systemd would hold."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.socket.setblocking(False)
        self.messages = []

    def heard(self, word):
        while True:
            try:
                self.messages.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                break
        return next((each for each in self.messages if word in each.split("\n")), None)


def tells_how_it_is(program):
    manager = Manager(os.path.join(program.root, "notify"))
    program.environment["NOTIFY_SOCKET"] = manager.path
    program.environment["WATCHDOG_USEC"] = "200000"
    program.start()
    ready = wait_until(lambda: manager.heard("READY=1"), "READY=1")
    check(f"STATUS=Listening on http://127.0.0.1:{program.port}" in ready, ready)
    wait_until(lambda: manager.heard("WATCHDOG=1"), "WATCHDOG=1")

    lock = os.path.join(program.data, "lock")
    with open(lock, encoding="ascii") as file:
        words = file.read().split()
    same(words[1], str(program.process.pid), "the holder of the data directory")

    same(program.stop(), 0, "the exit code")
    check(manager.heard("STOPPING=1"), f"no STOPPING=1 in {manager.messages}")
    same(os.path.getsize(lock), 0, "the note in the lock after an orderly end")


def test(path):
    with Program(path) as program:
        tells_how_it_is(program)


main(test)
