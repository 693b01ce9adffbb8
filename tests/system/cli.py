"""The command line: help, exit codes, what the commands do while the gateway runs and while it does
not, and what a restart keeps."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time

from provider import Provider, chunk, completion, reply, stream_head, stream_of
from rawhttp import Connection, request
from support import Management, Program, chat_body, check, main, same

NEW_PASSWORD = "a new one, longer than before"
USAGE, UNREACHABLE, NOT_FOUND, CONFLICT, CONFIGURATION, PARTIAL = 2, 3, 4, 6, 7, 8
INTERRUPTED = 130


def test_help(program):
    version = program.command("--version")
    same(version.returncode, 0, "--version")
    check(version.stdout.startswith("gatehouse "), f"--version says {version.stdout!r}")
    for words in (["--help"], ["serve", "--help"], ["demo", "--help"], ["channel", "--help"],
                  ["channel", "list", "--help"], ["channel", "test", "--help"], ["user", "--help"],
                  ["user", "set-password", "--help"], ["import", "--help"], ["status", "--help"],
                  ["stop", "--help"], ["reload", "--help"], ["open", "--help"], ["logs", "--help"],
                  ["stats", "--help"], ["history", "--help"], ["backup", "--help"], ["restore", "--help"],
                  ["check-config", "--help"], ["doctor", "--help"], ["openapi", "--help"],
                  ["completion", "--help"]):
        found = program.command(*words)
        same(found.returncode, 0, " ".join(words))
        check("Usage" in found.stdout, f"{words} says {found.stdout[:200]!r}")
    for words in (["--no-such-option"], ["nonsense"], ["serve", "nonsense"],
                  ["serve", "--log-level", "loud"], ["channel"], ["channel", "nonsense"],
                  ["channel", "test"], ["channel", "test", "-1"], ["channel", "test", "1", "--all"],
                  ["user", "set-password"], ["import"], ["import", "a", "b"],
                  ["import", "--no-such-option"], ["--start", "--stop"],
                  ["serve", "--listen", "nowhere"]):
        found = program.command(*words)
        expected = CONFIGURATION if "nowhere" in words else USAGE
        same(found.returncode, expected, f"{words}: {found.stderr[:300]!r}")
        check(found.stderr, f"{words} are refused without a word")
        same(found.stdout, "", f"standard output of {words}")


def test_nothing_there(program):
    """A directory that is mistyped, or a listening address, is told, and nothing is made there."""
    missing = os.path.join(program.root, "mistyped")
    for words, text in ((("channel", "list"), ""), (("channel", "test", "1"), ""),
                        (("channel", "test", "--all"), ""),
                        (("user", "set-password", "root"), NEW_PASSWORD + "\n")):
        found = program.command(*words, "--data-dir", missing, text=text)
        same(found.returncode, NOT_FOUND, f"{words} on nothing: {found.stderr[:300]!r}")
        check(missing in found.stderr, f"{words} does not name the directory: {found.stderr!r}")
        same(found.stdout, "", f"what {words} prints")
        check(not os.path.exists(missing), f"{words} made the directory")
    found = program.command("serve", "--listen", "nowhere", "--data-dir", missing)
    same(found.returncode, CONFIGURATION, f"no listening address: {found.stderr[:300]!r}")
    check("nowhere" in found.stderr and "password is" not in found.stderr, f"it says {found.stderr!r}")
    check(not os.path.exists(missing), "a mistyped listening address made the directory")


def test_without_a_window(program):
    if "--copy-endpoint" not in program.command("--help").stdout:
        return  # a build without it
    for option in ("--stop", "--copy-endpoint"):
        found = program.command(option, "--data-dir", program.data)
        same(found.returncode, UNREACHABLE, f"{option}: {found.stderr[:300]!r}")
        check("no window" in found.stderr, f"{option} says {found.stderr!r}")
    link = "gatehouse://v1/import?resource=channel&key=0123456789abcdef"
    found = program.command("--data-dir", program.data, link, link)
    same(found.returncode, USAGE, f"two links: {found.stderr[:300]!r}")
    check("0123456789abcdef" not in found.stderr, "an error repeats the key of a link")


def test_files(program):
    same(stat.S_IMODE(os.stat(program.data).st_mode), 0o700, "the mode of the data directory")
    for folder, _, files in os.walk(program.data):
        for name in files:
            mode = stat.S_IMODE(os.lstat(os.path.join(folder, name)).st_mode)
            same(mode, 0o600, f"the mode of {name}")


def test_second_instance(program):
    found = program.command("serve", "--data-dir", program.data, "--listen", "127.0.0.1:0")
    same(found.returncode, CONFLICT, f"a second instance: {found.stderr[:300]!r}")
    check(program.data in found.stderr, f"it does not name the directory: {found.stderr!r}")
    same(found.stdout, "", "what a second instance prints")


def test_port_in_use(program):
    with Program(program.path) as other:
        found = other.command("serve", "--data-dir", other.data, "--listen",
                              f"127.0.0.1:{program.port}")
        same(found.returncode, CONFLICT, f"a port in use: {found.stderr[:300]!r}")
        check(str(program.port) in found.stderr, f"it does not name the port: {found.stderr!r}")
        if sys.platform == "linux":
            holder = f"process {program.process.pid}"
            check(holder in found.stderr, f"it does not name who holds it: {found.stderr!r}")


def channels(program, *words):
    found = program.command("channel", "list", "--json", *words)
    same(found.returncode, 0, f"channel list: {found.stderr[:300]!r}")
    rows = json.loads(found.stdout)
    return {row["name"]: row for row in rows}


def test_channel_commands(program, state):
    rows = channels(program)
    same(sorted(rows), ["bad", "good"], f"the channels, {state}")
    check("sk-upstream" not in json.dumps(rows), "a channel's key is listed")
    found = program.command("channel", "list")
    check(found.returncode == 0 and "good" in found.stdout, f"channel list, {state}")

    good = str(rows["good"]["id"])
    found = program.command("channel", "test", good, "--json")
    same(found.returncode, 0, f"testing a good channel, {state}: {found.stdout}{found.stderr[:300]}")
    json.loads(found.stdout)
    found = program.command("channel", "test", "--all", "--json")
    same(found.returncode, PARTIAL, f"testing all, {state}: {found.stdout}{found.stderr[:300]}")
    json.loads(found.stdout)
    for unknown in ("4711", "0", "one"):
        same(program.command("channel", "test", unknown).returncode, NOT_FOUND,
             f"the unknown channel {unknown}, {state}")


def test_passwords(program, person):
    found = program.command("user", "set-password", "root", text=NEW_PASSWORD + "\n")
    same(found.returncode, 0, f"set-password: {found.stderr[:300]!r}")
    check(NEW_PASSWORD not in found.stdout + found.stderr, "the password is repeated")
    check(not person.is_signed_in(), "a session outlives the change of its password")
    person.sign_in("root", NEW_PASSWORD)
    found = program.command("user", "set-password", "nobody", text=NEW_PASSWORD + "\n")
    same(found.returncode, NOT_FOUND, "the password of nobody")
    found = program.command("user", "set-password", "root", text="\n")
    check(found.returncode != 0, "an empty password is taken")
    found = subprocess.run([program.path, "user", "set-password", "root", "--data-dir", program.data],
                           input=b"caf\xe9 with a byte of Latin-1\n", env=program.environment,
                           capture_output=True, timeout=120, check=False)
    same(found.returncode, USAGE, f"a password that is no text: {found.stderr[:300]!r}")
    check(b"UTF-8" in found.stderr, f"it says {found.stderr!r}")
    person.sign_in("root", NEW_PASSWORD)


def test_default_password(path):
    """Without a chosen password there is a random one, printed once; root/123456 is nobody."""
    with Program(path) as program:
        del program.environment["GATEHOUSE_ROOT_PASSWORD"]
        program.start()
        person = Management(program)
        answer = person.ask("POST", "/api/user/login", {"username": "root", "password": "123456"})
        check(not answer.json()["success"], "root/123456 signs in")
        printed = [word for line in program.errors().splitlines() if "password" in line.lower()
                   for word in line.split()]
        accepted = [word for word in printed if len(word) >= 12 and try_password(person, word)]
        same(len(accepted), 1, f"passwords that were printed and are valid, in {printed}")
        program.stop()
        program.start()
        same(program.errors().count(accepted[0]), 1, "how often the password is printed")


def try_password(person, word):
    answer = person.ask("POST", "/api/user/login", {"username": "root", "password": word.strip(".,:")})
    return answer.status == 200 and answer.json()["success"]


def test_grace(program, key):
    """SIGTERM lets a stream end, refuses new connections, and exits with 0."""
    with Connection(program.port, timeout=20) as connection:
        connection.send(request("/v1/chat/completions", chat_body("slow", stream=True), key=key))
        time.sleep(0.5)  # the stream is under way: it lasts two seconds
        program.process.send_signal(signal.SIGTERM)
        answer = connection.reply()
        check(answer.whole and b"data: [DONE]" in answer.body, "the stream was cut at the stop")
    same(program.process.wait(20), 0, "the exit code after SIGTERM")


def test_second_signal(program, key):
    """Who does not want to wait for streams asks twice."""
    with Connection(program.port, timeout=20) as connection:
        connection.send(request("/v1/chat/completions", chat_body("slow", stream=True), key=key))
        time.sleep(0.5)
        program.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        program.process.send_signal(signal.SIGTERM)
        same(program.process.wait(20), INTERRUPTED, "the exit code after a second SIGTERM")


def test_unreachable(program):
    """The gateway that holds the directory goes away before it has answered."""
    program.process.send_signal(signal.SIGSTOP)
    asking = subprocess.Popen([program.path, "channel", "list", "--data-dir", program.data],
                              env=program.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    program.process.kill()
    _, errors = asking.communicate(timeout=30)
    program.process.wait(20)
    same(asking.returncode, UNREACHABLE, f"a gateway that does not answer: {errors!r}")
    check("did not answer" in errors, f"it says {errors!r}")


def slow_stream(upstream_request, connection):
    if not upstream_request.json().get("stream"):
        connection.sendall(reply(completion("Hi!")))
        return
    connection.sendall(stream_head())
    for each in stream_of(["word "] * 10):
        connection.sendall(chunk(each))
        time.sleep(0.15)
    connection.sendall(b"0\r\n\r\n")


def test_demo(path):
    """It shows a streamed answer, tells how to repeat it, and leaves nothing behind."""
    with Program(path) as program:
        demo = subprocess.Popen([program.path, "demo", "--listen", "127.0.0.1:0"],
                                env=program.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        timer = threading.Timer(60, demo.kill)
        timer.start()
        text = ""
        for line in demo.stdout:
            text += line
            if "Ctrl+C" in line:
                break
        check("curl" in text and "/v1/chat/completions" in text, f"the demo says {text!r}")
        check("sk-" in text, f"the demo names no token: {text!r}")
        demo.send_signal(signal.SIGINT)
        demo.stdout.read()
        same(demo.wait(20), 0, "the exit code of the demo")
        timer.cancel()
        demo.stdout.close()


def test(path):
    with Provider(slow_stream) as provider, Program(path) as program:
        test_help(program)
        test_nothing_there(program)
        test_without_a_window(program)
        program.start()
        person = Management(program)
        cookie = person.sign_in()
        check("HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie,
              f"the cookie is {cookie!r}")
        person.add_channel(name="good", base_url=provider.url)
        person.add_channel(name="bad", base_url="http://127.0.0.1:9", models="other")
        key = person.add_token()
        test_files(program)
        test_second_instance(program)
        test_port_in_use(program)
        test_channel_commands(program, "running")

        same(program.stop(), 0, "the exit code")
        test_channel_commands(program, "stopped")
        program.start()
        check(person.is_signed_in(), "the session ended with the restart")
        test_passwords(program, person)
        test_grace(program, key)
        program.start()
        test_second_signal(program, key)
        program.start()
        test_unreachable(program)

        found = program.command("user", "set-password", "root", text="the third password\n")
        same(found.returncode, 0, f"set-password, stopped: {found.stderr[:300]!r}")
        program.start()
        person.sign_in("root", "the third password")
        same(program.stop(), 0, "the exit code")
    test_default_password(path)
    test_demo(path)


main(test)
