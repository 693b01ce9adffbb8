"""The benchmark behind run.sh: this program beside nginx, same upstream, same load, one core.

Standard library only. Figures are medians of interleaved slices; CPU times are user + system of a
process and all its children, from /proc.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
from pathlib import Path

import loads
import report
from servers import Gatehouse, Nginx, StreamProvider

STEPS = ["start", "requests", "idle", "streams", "large_bodies"]


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--streams", required=True)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--nginx-only", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--beside", help="another build of the program, measured in the same slices")
    parser.add_argument("--only", choices=STEPS, nargs="+", default=STEPS)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 32, 256])
    parser.add_argument("--slices", type=int, default=0, help="of each target; at least 3")
    parser.add_argument("--idle", type=int, default=5000)
    parser.add_argument("--priority", type=int, default=0, help="nice value of all that is measured")
    chosen = parser.parse_args()
    chosen.seconds = 1 if chosen.quick else 4
    chosen.slices = max(3, chosen.slices or (3 if chosen.quick else 5))
    return chosen


def median(slices, name):
    return statistics.median(each[name] for each in slices)


def interleaved(targets, count, measure):
    """Measures each target in turn, `count` times; the first round only warms up."""
    for target in targets:
        measure(target)
    slices = {target.name: [] for target in targets}
    for _ in range(count):
        for target in targets:
            slices[target.name].append(measure(target))
    return {
        name: {key: median(each, key) for key in each[0]} for name, each in slices.items()
    }


class Benchmark:
    def __init__(self, chosen, folder):
        self.chosen = chosen
        self.folder = folder
        self.table = report.Table()
        self.running = []
        self.targets = []
        self.upstream = self.begin(lambda: Nginx.upstream(folder, chosen))
        self.provider = self.begin(lambda: StreamProvider(chosen))
        self.targets.append(self.begin(
            lambda: Nginx.proxy(folder, chosen, self.upstream.port, self.provider.port)))
        if not chosen.nginx_only:
            self.add(Gatehouse.name, chosen.program)
        if chosen.beside:
            self.add("beside", chosen.beside)
        self.body = folder / "chat.json"
        self.body.write_text(loads.chat_body(1000))

    def add(self, name, program):
        self.targets.append(self.begin(
            lambda: Gatehouse(self.folder, self.chosen, self.upstream.port, self.provider.port,
                              name, program)))

    def begin(self, start):
        """Starts a server; if it fails, those before it are stopped."""
        try:
            self.running.append(start())
        except BaseException:
            self.close()
            raise
        return self.running[-1]

    def close(self):
        for server in reversed(self.running):
            server.stop()

    def wrk(self, connections):
        return lambda target: loads.wrk(self.chosen, target, connections, self.body)

    def start(self):
        for target in self.targets:
            if target.name == Gatehouse.name:
                first, later = target.start_times()
                self.table.note("start to listening, empty data directory (ms)", first)
                self.table.limit("start to listening (ms)", later, 300)
                self.table.limit("RSS after start (MiB)", target.rss() / 1024, 60)

    def requests(self):
        for connections in self.chosen.connections:
            figures = interleaved(self.targets, self.chosen.slices, self.wrk(connections))
            limit = 1.3 if connections > 1 else None
            label = f"{connections} connection{'s' if connections > 1 else ''}"
            self.table.compare(f"CPU µs/request, {label}", figures, "cpu", limit)
            self.table.compare(f"requests/s, {label}", figures, "rate")
            self.table.compare(f"p50 µs, {label}", figures, "p50")
            self.table.compare(f"p99 µs, {label}", figures, "p99")
            self.table.compare(f"RSS MiB, {label}", figures, "rss")
            self.table.failures(label, figures)

    def idle(self):
        """Each target alone and with idle connections, slice by slice."""
        for target in self.targets:
            plain, beside = [], []
            before = target.rss()
            with loads.IdleConnections(target, self.chosen.idle, self.body) as idle:
                grown = (target.rss() - before) / self.chosen.idle
                for _ in range(self.chosen.slices):
                    beside.append(self.wrk(32)(target))
                alive = idle.alive()
            for _ in range(self.chosen.slices):
                plain.append(self.wrk(32)(target))
            alone, crowded = median(plain, "cpu"), median(beside, "cpu")
            is_own = target.name == Gatehouse.name
            label = f"{target.name}, {self.chosen.idle} idle beside 32"
            self.table.note(f"{label}: CPU µs/request", crowded)
            self.table.limit(f"{label}: change of it (%)", (crowded / alone - 1) * 100,
                             20 if is_own else None)
            self.table.limit(f"{label}: KiB each", grown, 20 if is_own else None)
            self.table.note(f"{label}: still open", alive)

    def streams(self):
        def measure(target):
            return loads.streams(self.chosen, target, 200)

        direct = interleaved([self.provider], self.chosen.slices, measure)
        figures = interleaved(self.targets, self.chosen.slices, measure)
        base = next(iter(direct.values()))
        for each in figures.values():
            each["added50"] = each["p50"] - base["p50"]
            each["added99"] = each["p99"] - base["p99"]
        self.table.compare("CPU µs/event, 200 streams", figures, "cpu", 1.3)
        self.table.compare("added delay p50 µs, 200 streams", figures, "added50")
        self.table.compare("added delay p99 µs, 200 streams", figures, "added99")
        self.table.failures("200 streams", figures)

    def large_bodies(self):
        large = self.folder / "large.json"
        large.write_text(loads.chat_body(5 * 1024 * 1024))

        def measure(target):
            with loads.LargeBodies(target, large, per_second=4) as bodies:
                figures = loads.streams(self.chosen, target, 50)
            figures["sent"] = bodies.sent
            figures["failed"] += bodies.failed
            figures["p99"] /= 1000
            return figures

        figures = interleaved(self.targets, self.chosen.slices, measure)
        self.table.compare("event delay p99 ms beside 5 MiB bodies", figures, "p99")
        own = figures.get(Gatehouse.name)
        if own:
            self.table.limit("event delay p99 ms beside 5 MiB bodies", own["p99"], 10)
        self.table.compare("5 MiB bodies sent in that time", figures, "sent")
        self.table.failures("5 MiB bodies", figures)


def main():
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all servers are stopped
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
        os.chmod(folder, 0o755)  # nginx's workers have another user
        benchmark = Benchmark(chosen, Path(folder))
        try:
            for step in chosen.only:
                print(f"… {step}", file=sys.stderr, flush=True)
                getattr(benchmark, step)()
        finally:
            benchmark.close()
    print(benchmark.table.text())
    Path("build/bench/result.json").write_text(json.dumps(benchmark.table.values(), indent=1))
    return 1 if chosen.check and benchmark.table.missed() else 0


if __name__ == "__main__":
    sys.exit(main())
