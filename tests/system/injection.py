"""SQL in everything that comes from outside, and wildcards in searches of a long ledger.

What is sent is data: no table changes, no row is found that was not asked for, the database never
complains of a statement. A search of wildcards is answered like any other, and the requests of others
go on meanwhile.
"""

import glob
import json
import os
import re
import sqlite3
import threading
import urllib.parse

from provider import Provider
from rawhttp import ask, request
from support import PASSWORD, Management, Program, chat_body, check, main, same

ROWS = 60_000
SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "core")

SQL = ("' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE users; --", '"; DROP TABLE users; --',
       "') OR ('1'='1", "1 OR 1=1", "1; DELETE FROM channels", "' UNION SELECT key_sealed FROM tokens --",
       "\\' OR 1=1 --", "'||(SELECT username FROM users)||'", "x' AND randomblob(1000000000) --",
       ":keyword", "?1", "$1", "@name", "%1", "%L1", "' ESCAPE '", "'/*", "*/'", "`users`", "[users]",
       "0x27", "\u02bc OR 1=1", "'\0; DROP TABLE users", "NULL", "Robert'); UPDATE users SET role=100; --")
# What SQLite and PostgreSQL say of a statement that data got into.
COMPLAINTS = ("syntax error", "unrecognized token", "no such column", "no such table", "incomplete input",
              "SQL logic error", "Parameter count mismatch", "unterminated", "ESCAPE expression")
PAINFUL = ("%_" * 40, "_" * 60, "%" * 200, "%a" * 60 + "b", "%\\" * 50, "*?" * 40, "[a-z]" * 20)


def quoted(text):
    return urllib.parse.quote(text, safe="")


def state(database):
    """Of each table its rows that hostile data might have changed, and how the tables are made."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        schema = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name").fetchall()
        users = connection.execute("SELECT id, username, role, status, balance FROM users"
                                   " WHERE username IN ('root', 'alice') ORDER BY id").fetchall()
        tokens = connection.execute("SELECT id, key_hash, name, status FROM tokens"
                                    " WHERE name IN ('canary', 'hers') ORDER BY id").fetchall()
        channels = connection.execute("SELECT id, name, base_url, status FROM channels"
                                      " WHERE name = 'provider'").fetchall()
        roles = connection.execute("SELECT count(*) FROM users WHERE role > 1").fetchall()
    connection.close()
    return {"schema": schema, "users": users, "tokens": tokens, "channels": channels, "roles": roles}


def unchanged(database, before):
    after = state(database)
    for what, rows in before.items():
        same([row for row in after[what] if row not in rows], [], f"the {what} that have changed")
        same([row for row in rows if row not in after[what]], [], f"the {what} that are gone")


def without_a_key(program):
    """Where nobody is signed in: the error path knows the key, too."""
    for text in SQL:
        clean = text.replace("\0", "").encode("ascii", "ignore").decode()
        for fields in ({"Authorization": f"Bearer sk-{clean}"}, {"Authorization": f"Bearer {clean}"},
                       {"x-api-key": clean}, {"x-goog-api-key": clean},
                       {"Cookie": f"session={clean}"}):
            found = ask(program.port, request("/v1/chat/completions", chat_body("x"), fields=fields))
            check(found.status in (400, 401), f"the key {text!r} is answered {found.status}")
        for path in (f"/v1beta/models/m:generateContent?key={quoted(text)}",
                     f"/api/user/self?id={quoted(text)}", f"/api/log/?username={quoted(text)}"):
            found = ask(program.port, request(path, method="GET", host="127.0.0.1"))
            check(found.status in (400, 401, 404, 405), f"{path} is answered {found.status}")
    nobody = Management(program)
    for text in SQL[:2]:  # hashing takes time
        for body in ({"username": text, "password": PASSWORD}, {"username": f"root{text}",
                                                                "password": PASSWORD},
                     {"username": "root", "password": text},
                     {"username": {"$ne": text}, "password": PASSWORD}):
            answer = nobody.ask("POST", "/api/user/login", body)
            check(answer.status >= 400 or not answer.json()["success"],
                  f"signing in as {body} succeeds: {answer.body[:200]!r}")


def with_a_key(program, key, hers):
    for text in SQL:
        for token in (key, hers):
            found = ask(program.port, request("/v1/chat/completions", chat_body("x", model=text),
                                              key=token))
            check(found.status in (400, 403, 404, 503), f"the model {text!r}: {found.status}")
        found = ask(program.port, request("/v1/chat/completions", chat_body(text, user=text), key=key,
                                          fields={"User-Agent": text.replace("\0", "").encode(
                                              "ascii", "ignore").decode()}))
        check(found.status == 200, f"the text {text!r}: {found.status}")


def found_rows(answer, what):
    check(answer.status in (200, 400, 404), f"{what} is answered {answer.status}")
    outcome = answer.json()
    data = outcome.get("data") if outcome["success"] else None
    return data if isinstance(data, list) else []


def strangers(person, path, text):
    """One of the rows that a search finds although nothing in them begins with the text."""
    begin = text.lower().replace("\0", "")
    return [row for row in found_rows(person.ask("GET", path + quoted(text)), path + text)
            if not any(str(value).lower().startswith(begin) for value in row.values())][:1]


def signed_in(root, alice):
    """Search fields, filters, ids and names, of an administrator and of a user."""
    for text in SQL:
        for path in ("/api/user/search?keyword=", "/api/channel/search?keyword=",
                     "/api/log/search?keyword=", "/api/log/?username=", "/api/log/?token_name=",
                     "/api/log/?model_name="):
            same(strangers(root, path, text), [], f"what {path}{text!r} finds")
        for path in ("/api/token/search?keyword=", "/api/log/self/search?keyword=",
                     "/api/log/self?token_name="):
            same(strangers(alice, path, text), [], f"what {path}{text!r} finds")
        for path in ("/api/log/?p=0&type=", "/api/log/?p=", "/api/log/?p=0&start_timestamp=",
                     "/api/log/?p=0&channel=", "/api/user/?p=0&order=", "/api/token/?p=0&order=",
                     "/api/log/stat?type=", "/api/channel/", "/api/user/", "/api/token/",
                     "/api/channel/test/", "/api/channel/?p=0&sort="):
            found_rows(root.ask("GET", path + quoted(text)), path + text)
        for method, path, body in (
                ("POST", "/api/token/", {"name": text[:30], "models": text, "subnet": text}),
                ("POST", "/api/channel/", {"type": 1, "name": text, "key": text, "models": text,
                                           "group": text, "tag": text, "status": 2}),
                ("PUT", "/api/option/", {"key": text, "value": text}),
                ("PUT", "/api/option/", {"key": "GroupRatio", "value": json.dumps({text: 1})}),
                ("PUT", "/api/option/", {"key": "ModelPrice", "value": json.dumps({text: 0.5})}),
                ("POST", "/api/user/manage", {"username": text, "action": "enable"}),
                ("DELETE", f"/api/token/{quoted(text)}", None),
                ("DELETE", f"/api/log/?target_timestamp={quoted(text)}", None)):
            answer = root.ask(method, path, body)
            check(answer.status < 500, f"{method} {path} with {text!r}: {answer.status} {answer.body!r}")
        if text in SQL[:2]:
            root.ask("POST", "/api/user/", {"username": text[:20], "password": PASSWORD,
                                            "display_name": text[:20]})
        answer = alice.ask("PUT", "/api/user/self", {"display_name": text[:20]})
        check(answer.status < 500, f"the name {text!r}: {answer.status}")
        root.call("DELETE", "/api/channel/disabled")  # a group that channels are in would stay
        root.set_option("GroupRatio", json.dumps({"default": 1}))


def lengthen_ledger(database):
    """Many rows, all of them like the first."""
    with sqlite3.connect(database) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(usage_records)")]
        values = {name: name for name in columns}
        values.update(id="NULL", request_id="'long-' || n", content="'aaaa_%aaaa' || n || hex(randomblob(20))",
                      model="'aaaaaaaaaaaaaaaaaaaa'")
        names = ", ".join(columns)
        connection.execute(
            f"INSERT INTO usage_records ({names}) WITH RECURSIVE numbers (n) AS"
            f" (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS})"
            f" SELECT {', '.join(values[name] for name in columns)} FROM numbers,"
            " (SELECT * FROM usage_records WHERE request_id IS NOT NULL LIMIT 1)")
    connection.close()


def searches_of_a_long_ledger(program, root, alice, key):
    for text in PAINFUL:
        for path in ("/api/log/search?keyword=", "/api/log/?model_name=", "/api/log/?token_name="):
            same(found_rows(root.ask("GET", path + quoted(text), timeout=20), text), [],
                 f"what {path}{text[:20]!r} finds")
        for path in ("/api/log/self/search?keyword=", "/api/token/search?keyword="):
            same(found_rows(alice.ask("GET", path + quoted(text), timeout=20), text), [],
                 f"what {path}{text[:20]!r} finds")
    # A wildcard is itself, and the answer has an end.
    rows = found_rows(root.ask("GET", "/api/log/search?keyword=" + quoted("aaaa_%a")), "a literal")
    check(0 < len(rows) <= 100, f"a search for what all rows begin with gives {len(rows)}")
    same(found_rows(root.ask("GET", "/api/log/search?keyword=" + quoted("aaaa%a")), "%"), [],
         "rows found by a wildcard")

    stopping = threading.Event()
    problems = []

    def search():
        while not stopping.is_set():
            answer = root.ask("GET", "/api/log/search?keyword=" + quoted("%_" * 40))
            if answer.status not in (200, 429, 503):
                problems.append(answer.body)

    searchers = [threading.Thread(target=search, daemon=True) for _ in range(4)]
    for each in searchers:
        each.start()
    for _ in range(50):
        found = ask(program.port, request("/v1/chat/completions", chat_body("hello"), key=key), 20)
        same(found.status, 200, "a request while others search")
        same(root.ask("GET", "/api/status", timeout=20).status, 200, "the status while others search")
    stopping.set()
    for each in searchers:
        each.join(60)
    same(problems[:1], [], "what searches are answered")


def sources():
    """No statement is put together from data: values are bound. The dialect alone names tables so."""
    suspicious = re.compile(r"'%\d'|'\"(?:_s)?\s*[+%]|[+%]\s*u?\"'|(?:=|<|>|LIMIT|OFFSET)\s*%\d"
                            r"|(?:=|<|>|LIKE|LIMIT|OFFSET) ?\"(?:_s)?\s*(?:\+|%|<<)\s*(?!\s*(?:(?:\w+(?:\.|->))?bind|QString::number)\()")
    outside = re.compile(r"QSqlQuery|sqlite3_(?:exec|prepare)|PQexec")
    statement = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|ORDER BY|AND|LIKE|LIMIT)\b")
    direct = re.compile(r"\bquery\.exec\(|\bQSqlQuery \w+\([^)]*(?:sql|u\")")
    read = 0
    for path in glob.glob(os.path.join(SOURCES, "**", "*.cpp"), recursive=True):
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
        read += 1
        name = os.path.relpath(path, SOURCES)
        in_storage = name.startswith("storage" + os.sep)
        for number, line in enumerate(lines, 1):
            place = f"core/{name}:{number}: {line.strip()}"
            check(in_storage or not outside.search(line), f"SQL outside of the storage: {place}")
            if not in_storage or name.endswith("dialect.cpp"):
                continue
            check(not direct.search(line) or name.endswith("statement.cpp"),
                  f"a statement that is not prepared: {place}")
            if statement.search(line):
                check(not suspicious.search(line), f"a value in the text of a statement: {place}")
    check(read > 200, f"only {read} sources were found")


def test(path):
    sources()
    with Provider() as provider, Program(path, options=["--log-level", "debug"]) as program:
        program.start()
        root = Management(program)
        root.sign_in()
        root.add_channel(base_url=provider.url)
        key = root.add_token("canary")
        root.call("POST", "/api/user/", {"username": "alice", "password": "wonderland-1865"})
        alice = Management(program)
        alice.sign_in("alice", "wonderland-1865")
        hers = alice.add_token("hers")
        same(ask(program.port, request("/v1/chat/completions", chat_body("x"), key=key)).status, 200,
             "a request")
        database = program.database()
        before = state(database)
        without_a_key(program)
        with_a_key(program, key, hers)
        signed_in(root, alice)
        unchanged(database, before)
        check(root.is_signed_in() and alice.is_signed_in(), "a session ended")
        same(program.stop(), 0, "the exit code")
        lengthen_ledger(database)
        program.start()
        searches_of_a_long_ledger(program, root, alice, key)
        unchanged(database, before)
        same(program.stop(), 0, "the exit code")
        for words in COMPLAINTS:
            check(words.lower() not in program.errors().lower(), f"the database complains: {words}")


main(test)
