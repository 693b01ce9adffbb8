"""The benchmark behind run-window.sh: makes the database, runs bench_window, prints one table.

Standard library only.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

# What is to be reached: the beginning of a line's name, the most it may be.
TARGETS = [
    ("window shown", 600),
    ("filter ", 300),
    ("page filtered by ", 300),
    ("memory hidden, hidden start", 90),
    ("memory hidden", 90),
    ("scrolling, event delay p99", 16),
    ("loaded, dashboard, event delay p99", 16),
    ("loaded, traffic, event delay p99", 16),
    ("loaded, channels, event delay p99", 16),
]


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build/release"))
    parser.add_argument("--folder", type=Path, default=Path("build/bench/window"))
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--channels", type=int, default=100)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--priority", type=int, default=0, help="nice value of what is measured")
    return parser.parse_args()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LocalConnection(http.client.HTTPConnection):
    """To the door in the data directory, which asks for no password."""

    def __init__(self, path):
        super().__init__("localhost")
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


class Bench:
    def __init__(self, chosen):
        self.chosen = chosen
        self.data = chosen.folder / "data"
        self.environment = {
            **os.environ,
            "GATEHOUSE_SECRETS": "file",
            "HOME": str((chosen.folder / "home").absolute()),
            "XDG_RUNTIME_DIR": str((chosen.folder / "home").absolute()),
            "LC_ALL": "C.UTF-8",
        }
        for name in list(self.environment):
            if name.startswith("XDG_") and name != "XDG_RUNTIME_DIR":
                del self.environment[name]
        self.lines = {}

    def program(self, name):
        return str(next(self.chosen.build.rglob(name)).absolute())

    def launch(self, *command, **more):
        started = time.clock_gettime(time.CLOCK_BOOTTIME) * 1000
        nice = ["nice", "-n", str(self.chosen.priority)] if self.chosen.priority else []
        return subprocess.Popen([*nice, *map(str, command)], text=True, **more,
                                env={**self.environment, "BENCH_STARTED_AT": f"{started:.2f}"})

    def make_database(self):
        token = self.chosen.folder / "token"
        if self.chosen.keep and token.exists():
            self.token = token.read_text()
            return
        shutil.rmtree(self.chosen.folder, ignore_errors=True)
        (self.chosen.folder / "home").mkdir(mode=0o700, parents=True)
        self.data.mkdir(mode=0o700)
        subprocess.run([self.program("generate_ledger"), self.data / "gatehouse.db",
                        str(self.chosen.lines), str(self.chosen.channels)], check=True)
        self.add_load_channel()
        token.write_text(self.token)

    def add_load_channel(self):
        """A channel of the built-in provider and a token, for the load."""
        server = self.launch(self.program("gatehouse"), "serve", "--data-dir", self.data,
                             "--listen", f"127.0.0.1:{free_port()}", stdout=subprocess.PIPE)
        server.stdout.readline()
        door = next(path for path in self.chosen.folder.rglob("*.sock") if path.is_socket())

        def call(path, body):
            connection = LocalConnection(door)
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
            if not answer.get("success"):
                raise RuntimeError(f"{path}: {answer}")
            return answer.get("data")

        call("/api/channel/", {"type": 1000, "name": "Load", "models": "echo", "group": "default"})
        token = call("/api/token/", {"name": "load", "unlimited_quota": True})
        self.token = token["key"].removeprefix("sk-")
        self.token = "sk-" + self.token
        server.send_signal(signal.SIGTERM)
        server.wait(30)

    def take(self, process):
        for line in process.stdout:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3:
                self.lines.setdefault(parts[0], (parts[2], []))[1].append(float(parts[1]))
        if process.wait() != 0:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")

    def starts(self):
        for _ in range(self.chosen.starts + 1):
            self.take(self.launch(self.program("bench_window"), "start", self.data,
                                  stdout=subprocess.PIPE))
        for unit, values in self.lines.values():
            values.pop(0)  # that one read files that were not in memory

    def hidden_start(self):
        process = self.launch(self.program("gatehouse"), "--hidden", "--data-dir", self.data)
        time.sleep(15)
        status = Path(f"/proc/{process.pid}/status").read_text()
        kilobytes = int(re.search(r"VmRSS:\s+(\d+)", status).group(1))
        self.lines["memory hidden, hidden start"] = ("MiB", [kilobytes / 1024])
        process.send_signal(signal.SIGTERM)
        process.wait(30)

    def tour(self):
        self.take(self.launch(self.program("bench_window"), "tour", self.data, free_port(),
                              self.token, self.program("bench_load"), stdout=subprocess.PIPE))

    def print_table(self):
        print(f"\n{'':52} {'median':>10} {'':4} {'least':>9} {'to reach':>9}")
        for name, (unit, values) in self.lines.items():
            target = next((most for begin, most in TARGETS if name.startswith(begin)), None)
            value = statistics.median(values)
            verdict = "" if target is None else f"{target:9}" + ("" if value <= target else "  !")
            print(f"{name:52} {value:10.1f} {unit:4} {min(values):9.1f} {verdict}")
        load = os.getloadavg()
        print(f"\nLoad of the machine: {load[0]:.1f} now, {load[2]:.1f} over 15 minutes;"
              f" {os.cpu_count()} processors.")


def main():
    bench = Bench(options())
    bench.make_database()
    bench.starts()
    bench.hidden_start()
    bench.tour()
    bench.print_table()


if __name__ == "__main__":
    sys.exit(main())
