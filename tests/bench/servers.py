"""The processes that are measured, and those that serve them. All are pinned to one core."""

import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import time
from pathlib import Path

ANSWER = json.dumps({
    "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
    "object": "chat.completion",
    "created": 1790000000,
    "model": "gpt-4o-mini-2024-07-18",
    "choices": [{
        "index": 0,
        "message": {"role": "assistant", "content": "A short answer to a short question.",
                    "refusal": None, "annotations": []},
        "logprobs": None,
        "finish_reason": "stop",
    }],
    "usage": {
        "prompt_tokens": 219, "completion_tokens": 10, "total_tokens": 229,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0,
                                      "accepted_prediction_tokens": 0,
                                      "rejected_prediction_tokens": 0},
    },
    "service_tier": "default",
    "system_fingerprint": "fp_06737a9306",
})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tree(root):
    """The process and all its descendants."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {root}
    while True:
        more = {child for child, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


class Server:
    name = ""

    def __init__(self, chosen):
        self.chosen = chosen
        self.process = None
        self.port = 0
        self.stream_port = 0
        self.token = "none"

    def pinned(self, *command):
        return ["taskset", "-c", str(self.chosen.core), "nice", "-n", str(self.chosen.priority),
                *map(str, command)]

    def run(self, *command, **more):
        self.process = subprocess.Popen(self.pinned(*command), **more)

    def await_port(self):
        for _ in range(500):
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.process.args} ended with {self.process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"{self.process.args} does not listen on {self.port}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def cpu(self):
        """Seconds of user and system time so far."""
        ticks = 0
        for process in tree(self.process.pid):
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def rss(self):
        """KiB."""
        total = 0
        for process in tree(self.process.pid):
            try:
                status = Path(f"/proc/{process}/status").read_text()
            except OSError:
                continue
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            total += int(found.group(1)) if found else 0
        return total


NGINX_CONF = """
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 15000; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    client_max_body_size 64m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {content}
}}
"""

UPSTREAM_CONF = """
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        default_type application/json;
        location / {{ return 200 '{answer}'; }}
    }}
"""

PROXY_CONF = """
    upstream chat {{
        server 127.0.0.1:{upstream};
        keepalive 512;
        keepalive_requests 1000000000;
    }}
    upstream events {{
        server 127.0.0.1:{provider};
        keepalive 512;
    }}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffering off;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{ proxy_pass http://chat; }}
    }}
    server {{
        listen 127.0.0.1:{stream_port} backlog=4096;
        location / {{ proxy_pass http://events; }}
    }}
"""


class Nginx(Server):
    name = "nginx"

    def __init__(self, folder, chosen, name, content):
        super().__init__(chosen)
        home = folder / name
        home.mkdir()
        self.port = free_port()
        self.stream_port = free_port()
        config = home / "nginx.conf"
        config.write_text(NGINX_CONF.format(
            folder=home, content=content(port=self.port, stream_port=self.stream_port)))
        self.run("nginx", "-p", home, "-c", config, "-e", home / "error.log")
        self.await_port()

    @classmethod
    def upstream(cls, folder, chosen):
        return cls(folder, chosen, "upstream",
                   lambda port, **_: UPSTREAM_CONF.format(port=port, answer=ANSWER))

    @classmethod
    def proxy(cls, folder, chosen, upstream, provider):
        return cls(folder, chosen, "nginx",
                   lambda **ports: PROXY_CONF.format(upstream=upstream, provider=provider, **ports))


class StreamProvider(Server):
    name = "direct"

    def __init__(self, chosen):
        super().__init__(chosen)
        self.port = self.stream_port = free_port()
        self.run(chosen.streams, "provide", self.port, 10_000, 100)
        self.await_port()


class Gatehouse(Server):
    """The program with everything on, set up over its management API."""

    name = "gatehouse"

    def __init__(self, folder, chosen, upstream, provider, name, program):
        super().__init__(chosen)
        self.name = name
        self.program = program
        self.home = folder / name
        self.log = folder / f"{name}.log"
        try:
            self.first = self.launch()
            self.set_up(upstream, provider)
        except Exception:
            self.stop()
            print(self.log.read_text()[-4000:])
            raise

    def launch(self):
        """Milliseconds until it listens."""
        environment = {**os.environ, "GATEHOUSE_SECRETS": "file",
                       "GATEHOUSE_ROOT_PASSWORD": "bench-password"}
        begin = time.monotonic()
        with open(self.log, "a") as log:
            self.run(self.program, "serve", "--data-dir", self.home, "--listen",
                     f"127.0.0.1:{self.port}", stdout=subprocess.PIPE, stderr=log, text=True,
                     env=environment)
        line = self.process.stdout.readline()
        took = (time.monotonic() - begin) * 1000
        found = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        if not found:
            raise RuntimeError(f"said {line!r}: {self.log.read_text()[-2000:]}")
        self.port = self.stream_port = int(found.group(1))
        return took

    def start_times(self):
        """Of the first start, and the median of later ones, in milliseconds."""
        times = []
        for _ in range(5):
            self.stop()
            times.append(self.launch())
        return self.first, statistics.median(times)

    def set_up(self, upstream, provider):
        headers = {"Content-Type": "application/json"}

        def call(method, path, body):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            connection.request(method, path, json.dumps(body), headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
            if not answer.get("success"):
                raise RuntimeError(f"{method} {path}: {response.status} {answer}")
            cookie = response.getheader("Set-Cookie")
            if cookie:
                headers["Cookie"] = cookie.split(";")[0]
            connection.close()
            return answer.get("data")

        call("POST", "/api/user/login", {"username": "root", "password": "bench-password"})
        for name, port, model in (("upstream", upstream, "gpt-4o-mini"),
                                  ("events", provider, "gpt-4o")):
            call("POST", "/api/channel/",
                 {"type": 1, "name": name, "key": "sk-upstream", "models": model,
                  "group": "default", "base_url": f"http://127.0.0.1:{port}"})
        token = call("POST", "/api/token/",
                     {"name": "bench", "expired_time": -1, "remain_quota": 0,
                      "unlimited_quota": True})
        self.token = "sk-" + token["key"].removeprefix("sk-")
