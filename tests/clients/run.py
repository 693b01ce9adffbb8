"""Runs the tests of the official SDKs through the built program, with the built-in provider Echo.

Takes the path of the program. Installs the SDKs at the versions of package-lock.json, with a Node.js
that they run on where the system's is too old for them.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "system"))

from support import Failure, Management, Program, main  # noqa: E402

LEAST_NODE = 22
ECHO = 1000
MODELS = ["echo", "echo-fast", "echo-tool", "echo-gap-100ms", "echo-long-1000",
          "echo-fast-long-300"]
# A channel that fails rests for a while, so each of these has one of its own.
FAILING = ["echo-error-429-openai", "echo-error-429-openai-again", "echo-error-429-anthropic",
           "echo-error-429-anthropic-again", "echo-error-429-gemini", "echo-error200",
           "echo-fast-cut-long-50", "echo-fast-cut-long-50-anthropic"]


def install():
    """npm ci, unless what is there was installed from the very same lock file."""
    with open(os.path.join(HERE, "package-lock.json"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    mark = os.path.join(HERE, "node_modules", ".installed")
    if os.path.exists(mark):
        with open(mark, encoding="ascii") as file:
            if file.read() == digest:
                return
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                    "--loglevel=error"], cwd=HERE, check=True, stdin=subprocess.DEVNULL)
    with open(mark, "w", encoding="ascii") as file:
        file.write(digest)


def node():
    """The system's Node.js if it is new enough, else the one that was installed beside the SDKs."""
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
        if int(version.stdout.strip().lstrip("v").split(".")[0]) >= LEAST_NODE:
            return found
    names = {"x86_64": "x64", "aarch64": "arm64"}
    machine = names.get(platform.machine(), platform.machine())
    installed = os.path.join(HERE, "node_modules", f"node-linux-{machine}", "bin", "node")
    if not os.path.exists(installed):
        raise Failure(f"the SDKs need Node.js {LEAST_NODE}, and there is none for {machine}")
    return installed


def test(path, *files):
    install()
    with Program(path) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_channel(name="echo", type=ECHO, key="", models=",".join(MODELS))
        for model in FAILING:
            person.add_channel(name=model, type=ECHO, key="", models=model)
        environment = dict(os.environ, GATEHOUSE_ADDRESS=f"http://127.0.0.1:{program.port}",
                           GATEHOUSE_KEY=person.add_token())
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            environment.pop(name, None)
        files = list(files) or sorted(each for each in os.listdir(HERE)
                                      if each.endswith(".test.mjs"))
        result = subprocess.run([node(), "--test", "--test-timeout=60000", *files], cwd=HERE,
                                env=environment, stdin=subprocess.DEVNULL, check=False)
        if result.returncode != 0:
            raise Failure("tests of the SDKs failed")
        if program.stop() != 0:
            raise Failure("the program did not end well")


main(test)
