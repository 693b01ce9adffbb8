"""The language of the system has no part in money, in JSON or in HTTP: where decimals have a comma, and
where the small I of the Turks is another letter, everything is to the byte what it is elsewhere."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from provider import Provider, completion, reply
from rawhttp import ask, request
from support import Failure, Management, Program, chat_body, check, main, same

LOCALES = ("de_DE.UTF-8", "tr_TR.UTF-8")
MODEL = "GPT-I-MINI"
DECIMAL_COMMA = ("import locale; locale.setlocale(locale.LC_ALL, '');"
                 "print(locale.localeconv()['decimal_point'])")
# What is another one each time.
VARYING = ("id", "request_id", "created_at", "created_time", "accessed_time", "elapsed_time", "test_time",
           "response_time", "first_byte_time", "key", "start_time", "balance_updated_time", "last_used",
           "updated_at", "last_used_at", "last_login", "access_token", "aff_code", "version")


def answer(upstream_request, connection):
    """Money in more than one kind of token, with fractions of everything."""
    body = completion("yes", tokens=(1234, 567))
    body["usage"]["prompt_tokens_details"] = {"cached_tokens": 234}
    connection.sendall(reply(body))


def make_locales(folder):
    """Compiles them where the system has none; a system without their sources cannot say anything."""
    for name in LOCALES:
        language, charset = name.split(".")
        made = subprocess.run(["localedef", "-i", language, "-f", charset, os.path.join(folder, name)],
                              capture_output=True, text=True, check=False)
        check(os.path.isdir(os.path.join(folder, name)),
              f"the locale {name} cannot be made (Debian: locales): {made.stderr[-500:]}")


def is_effective(environment):
    """Whether a program that heeds the locale really writes a comma in it."""
    found = subprocess.run([sys.executable, "-c", DECIMAL_COMMA], env=environment, capture_output=True,
                           text=True, check=False)
    return found.stdout == ",\n"


def settled(value):
    """Without what is another one each time."""
    if isinstance(value, dict):
        return {name: settled(each) for name, each in value.items() if name not in VARYING}
    if isinstance(value, list):
        return [settled(each) for each in value]
    return value


def told(text):
    """JSON as it is written, but for addresses and ids of requests; numbers stay texts, so that their form is compared."""
    text = re.sub(rb"127\.0\.0\.1:\d+", b"HOST", text)
    text = re.sub(rb"\(request id: \w+\)", b"(request id: ID)", text)
    return settled(json.loads(text, parse_float=str, parse_int=str))


def head_in_capitals(key):
    """Names and schemes are compared without regard to case; of the letters of ASCII, in every locale."""
    body = chat_body("hi", model=MODEL)
    return (f"POST /v1/chat/completions HTTP/1.1\r\nHOST: GATEHOUSE\r\nCONTENT-TYPE: APPLICATION/JSON\r\n"
            f"AUTHORIZATION: BEARER {key}\r\nCONTENT-LENGTH: {len(body)}\r\n\r\n").encode() + body


def everything(path, environment):
    """All that a locale might change, as it is told."""
    with Provider(answer) as provider, Program(path, environment) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_channel(name="IİıI", base_url=provider.url, models=f"{MODEL},gpt-i-micro",
                           model_mapping=json.dumps({"gpt-i-micro": MODEL}))
        person.set_option("ModelRatio", json.dumps({MODEL: 1234.5, "gpt-i-micro": 0.075}))
        person.set_option("CompletionRatio", json.dumps({MODEL: 1.33}))
        person.set_option("GroupRatio", json.dumps({"default": 1.5}))
        key = person.add_token("INITIAL", unlimited_quota=False, remain_quota=1_000_000_000)

        answers = []
        for data in (request("/v1/chat/completions", chat_body("hi", model=MODEL), key=key),
                     request("/v1/chat/completions", chat_body("hi", model="gpt-i-micro"), key=key),
                     request("/v1/chat/completions", chat_body("hi", model="gpt-ı-mini"), key=key),
                     head_in_capitals(key),
                     request("/v1/models", method="GET", key=key)):
            found = ask(program.port, data)
            answers.append((found.status, told(found.body)))
        same([status for status, _ in answers[:2] + answers[3:]], [200] * 4,
             f"what clients are answered ({answers})")
        check(answers[2][0] != 200, "another letter was taken for an i")
        for place in ("/api/log/?p=0&type=2", "/api/log/stat?type=2", "/api/channel/?p=0",
                      "/api/token/?p=0", "/api/user/self", "/api/status", "/api/group/",
                      "/api/channel/search?keyword=I", "/api/token/search?keyword=INIT"):
            found = person.ask("GET", place)
            same(found.status, 200, f"GET {place}: {found.body[:200]!r}")
            answers.append((place, told(found.body)))
        options = {row["key"]: row["value"] for row in person.call("GET", "/api/option/")}
        answers.append(("options", {name: value for name, value in options.items()
                                    if name.endswith("Ratio") or name.endswith("Price")}))
        rows = person.pages("/api/log/?type=2")
        same(len(rows), 3, "rows of the ledger")
        check(all(row["quota"] > 0 and row["cost_usd"] > 0 for row in rows), f"nothing is paid: {rows}")

        listed = program.command("channel", "list", "--json")
        same(listed.returncode, 0, f"channel list: {listed.stderr[:300]!r}")
        answers.append(("channel list", told(listed.stdout.encode())))
        same(program.stop(), 0, "the exit code")
        return answers


def test(path):
    with tempfile.TemporaryDirectory(prefix="gatehouse-locales-") as folder:
        check(shutil.which("localedef"), "localedef is not installed (Debian: libc-bin)")
        make_locales(folder)
        expected = everything(path, {"LC_ALL": "C.UTF-8"})
        for name in LOCALES:
            environment = {"LOCPATH": folder, "LC_ALL": name, "LANG": name, "LANGUAGE": name}
            check(is_effective(dict(os.environ, **environment)), f"{name} has no effect here")
            found = everything(path, environment)
            for one, other in zip(found, expected):
                if one != other:
                    raise Failure(f"in {name}: {one!r}, elsewhere: {other!r}")
            same(len(found), len(expected), f"answers in {name}")


main(test)
