"""Secrets stay where they belong: a channel's key reaches its provider and nobody else.

Canary keys go through every kind of success and failure at the most talkative log level. Then none of
them may be found in a file of the data directory, in the log, or in an answer.
"""

import os
import socket

from provider import Provider, echoing, reply
from rawhttp import ask, request
from support import PASSWORD, Management, Program, chat_body, check, main, same

CHANNEL_KEY = "sk-canary-channel-5d1f0c9b7a3e4f6281d4"
HEADER = "canary-header-4e1f7730ab52c9d8"
PROXY_PASSWORD = "canary-proxy-90c3e7b1f2"
OTHER_KEY = "0b6e2d8f4c1a9375e0d7.canary8Second"  # without a prefix that tells what it is
NEW_PASSWORD = "canary-password-71c3"


def tell_tale(upstream_request, connection):
    """A provider that repeats the key it was given."""
    key = upstream_request.header("authorization")
    other = upstream_request.header("x-auth-token")
    connection.sendall(reply({"error": {"message": f"Incorrect API key provided: {key} ({other})",
                                        "code": "invalid_api_key"}}, "401 Unauthorized",
                             fields=f"X-Your-Key: {key}\r\n"))


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def use(program, person, key):
    """Every answer that somebody gets, as bytes."""
    answers = []
    for model in ("m", "told", "refused", "proxied", "unknown"):
        for stream in (False, True):
            body = chat_body("hello", model=model, stream=stream)
            found = ask(program.port, request("/v1/chat/completions", body, key=key))
            answers.append(found.body + repr(found.headers).encode())
    wrong = key[:-4] + "0000"
    for data in (request("/v1/chat/completions", b"{", key=key),
                 request("/v1/chat/completions", chat_body("x"), key=wrong),
                 request(f"/v1/chat/completions?key={key}", chat_body("x")),
                 request(f"/v1beta/models/m:generateContent?key={key}", b'{"contents":[]}'),
                 request("/nothing", fields={"x-goog-api-key": key}),
                 b"nonsense " + key.encode() + b"\r\n\r\n"):
        found = ask(program.port, data)
        answers.append(found.body + repr(found.headers).encode())
    for row in person.pages("/api/channel/"):
        answers.append(person.ask("GET", f"/api/channel/{row['id']}").body)
        answers.append(person.ask("GET", f"/api/channel/test/{row['id']}").body)
        answers.append(person.ask("PUT", "/api/channel/", {"id": row["id"], "priority": 1}).body)
    for path in ("/api/channel/?p=0", "/api/channel/search?keyword=", "/api/log/?p=0",
                 "/api/user/?p=0", "/api/option/", "/api/status", "/api/channel/models"):
        answers.append(person.ask("GET", path).body)
    return answers


def files_of(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    yield path, file.read()


def find(secrets, data, where):
    for name, secret in secrets.items():
        check(secret.encode() not in data, f"{name} is in {where}")


def test(path):
    with Provider(echoing) as good, Provider(tell_tale) as telling, \
            Program(path, options=["--log-level", "debug"]) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_channel(name="good", base_url=good.url, key=CHANNEL_KEY,
                           header_overrides={"X-Auth-Token": HEADER})
        person.add_channel(name="through a proxy", base_url=good.url, key=OTHER_KEY,
                           models="proxied",
                           proxy=f"http://me:{PROXY_PASSWORD}@127.0.0.1:{closed_port()}")
        person.add_channel(name="telling", base_url=telling.url, key=OTHER_KEY, models="told",
                           header_overrides={"X-Auth-Token": HEADER})
        person.add_channel(name="refused", base_url=f"http://127.0.0.1:{closed_port()}",
                           key=OTHER_KEY, models="refused")
        key = person.add_token()
        answers = use(program, person, key)
        changed = person.ask("PUT", "/api/user/self", {"password": NEW_PASSWORD})
        check(changed.json()["success"], f"changing the password: {changed.body!r}")
        answers.append(changed.body)
        session = person.cookie.split("=", 1)[1]
        same(good.requests[0].header("authorization"), f"Bearer {CHANNEL_KEY}",
             "what the provider is sent")

        same(good.requests[0].header("x-auth-token"), HEADER, "the header that overrides")

        keys = {"a channel's key": CHANNEL_KEY, "another channel's key": OTHER_KEY,
                "a header": HEADER, "a proxy's password": PROXY_PASSWORD}
        hidden = dict(keys, **{"a token": key[3:], "the password": PASSWORD,
                               "the new password": NEW_PASSWORD, "the session": session})
        for number, answer in enumerate(answers):
            find(keys, answer, f"answer {number}: {answer[:300]!r}")
        for state in ("running", "stopped"):
            for name, data in files_of(program.data):
                find(hidden, data, f"{name}, {state}")
            find(hidden, program.errors().encode(), f"the log, {state}")
            if program.is_alive():
                same(program.stop(), 0, "the exit code")
        check("gatehouse" in program.errors(), "nothing was logged at all")
        log = program.errors()
        check(not [c for c in log if ord(c) < 32 and c not in "\n\t"], "control bytes in the log")


main(test)
