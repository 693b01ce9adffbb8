"""200 requests at once on a budget for exactly 10: the provider is reached 10 times, and nothing goes
below zero. Once the budget is the token's, once the user's."""

import json
import threading
import time

from provider import Provider, completion, reply
from rawhttp import ask, request
from support import Management, Program, chat_body, check, main, same

CALLS = 10
PARALLEL = 200
PRICE = 0.02             # dollars a call
UNITS = 10_000           # the same in One API's units
PASSWORD = "wonderland-1865"


def answer(upstream_request, connection):
    time.sleep(0.2)  # all are under way before the first is settled
    connection.sendall(reply(completion("yes")))


def race(program, key):
    """The statuses of all answers."""
    statuses = []
    lock = threading.Lock()
    barrier = threading.Barrier(PARALLEL)

    def run():
        barrier.wait()
        found = ask(program.port, request("/v1/chat/completions", chat_body("go"), key=key), 60)
        with lock:
            statuses.append(found.status if found else None)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(PARALLEL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    same(len(statuses), PARALLEL, "answers")
    return statuses


def check_race(statuses, hits):
    served = statuses.count(200)
    refused = sum(1 for each in statuses if each in (403, 429))
    same(hits, CALLS, "requests that reached the provider")
    same(served, CALLS, "requests served")
    same(refused, PARALLEL - CALLS, f"requests refused (of {sorted(set(map(str, statuses)))})")


def test(path):
    with Provider(answer) as provider, Program(path) as program:
        program.start()
        root = Management(program)
        root.sign_in()
        root.add_channel(base_url=provider.url)
        root.set_option("ModelPrice", json.dumps({"m": PRICE}))

        key = root.add_token("poor", unlimited_quota=False, remain_quota=CALLS * UNITS)
        check_race(race(program, key), provider.hits)
        token = root.token("poor")
        same(token["remain_quota"], 0, "what remains of the token")
        same(token["used_quota"], CALLS * UNITS, "what was used of it")
        rows = [row for row in root.pages("/api/log/?type=2") if row["token_name"] == "poor"]
        same([row["quota"] for row in rows], [UNITS] * CALLS, "the ledger")
        refused = ask(program.port, request("/v1/chat/completions", chat_body("go"), key=key))
        check(refused.status in (401, 403, 429), f"a spent token is answered {refused.status}")

        root.call("POST", "/api/user/", {"username": "alice", "password": PASSWORD})
        users = [row for row in root.pages("/api/user/") if row["username"] == "alice"]
        root.call("PUT", "/api/user/", {"id": users[0]["id"], "username": "alice",
                                        "quota": CALLS * UNITS})
        alice = Management(program)
        alice.sign_in("alice", PASSWORD)
        before = provider.hits
        check_race(race(program, alice.add_token("hers")), provider.hits - before)
        same(alice.call("GET", "/api/user/self")["quota"], 0, "what remains of the user")
        same(provider.hits, 2 * CALLS, "requests that reached the provider in all")
        same(program.stop(), 0, "the exit code")


main(test)
