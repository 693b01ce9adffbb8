"""The commands for channels, models, prices, tokens and users: what they make, show, change and remove,
both through a running gateway and on a directory that nobody holds."""

import json
import os

from provider import Provider, completion, reply
from rawhttp import ask, request
from support import Program, chat_body, check, main, same

OK, FAILURE, USAGE, NOT_FOUND, DENIED, CONFLICT, PARTIAL = 0, 1, 2, 4, 5, 6, 8
PASSWORD = "one of the new people's"
KEY = "sk-upstream-0123456789abcdef"
UNITS = 500_000  # a dollar


def run(program, *words, text="", code=OK):
    found = program.command(*words, text=text)
    same(found.returncode, code, f"{words}: {found.stdout[:300]!r} {found.stderr[:300]!r}")
    if code not in (OK, PARTIAL):
        same(found.stdout, "", f"standard output of {words}")
        check(found.stderr, f"{words} are refused without a word")
    return found


def read(program, *words, text=""):
    return json.loads(run(program, *words, "--json", text=text).stdout)


def test_help(program):
    for command, actions in (
            ("channel", "list show add edit rm enable disable test --type --key-stdin --json"),
            ("token", "list show add edit rm enable disable --budget --expires --json"),
            ("user", "list show add edit rm enable disable set-password --role --json"),
            ("model", "list show test --json"), ("price", "list --all --json")):
        for words in ([command, "--help"], [command, "list", "--help"]):
            found = run(program, *words)
            for word in actions.split():
                check(f"\n  {word}" in found.stdout, f"{words} does not tell of {word}")
        run(program, command, code=USAGE)
        run(program, command, "nonsense", code=USAGE)
        run(program, command, "list", "--nonsense", code=USAGE)


def test_nothing_there(program):
    """None of them makes a directory."""
    missing = os.path.join(program.root, "mistyped")
    for words in (("channel", "show", "1"), ("channel", "add", "a", "--type", "echo"),
                  ("token", "create", "a"), ("user", "rm", "a"), ("model", "list"), ("price", "list"),
                  ("token", "edit", "a", "--budget", "5")):
        found = run(program, *words, "--data-dir", missing, code=NOT_FOUND)
        check(missing in found.stderr, f"{words} does not name the directory: {found.stderr!r}")
        check(not os.path.exists(missing), f"{words} made the directory")


def test_channels(program, state, url):
    name = f"渠道 {state}"
    before = len(read(program, "channel", "list"))
    found = run(program, "channel", "add", name, "--type", "openai-compatible", "--base-url", url,
                "--models", "m,n", "--key-stdin", "--private-address", "yes", text=KEY + "\n")
    check(name in found.stdout, f"it says {found.stdout!r}")
    check(KEY not in found.stdout + found.stderr, "a key is repeated")
    shown = read(program, "channel", "show", name)
    same((shown["name"], shown["type_name"], shown["models"], shown["group"], len(shown["keys"])),
         (name, "OpenAI compatible", "m,n", "default", 1), "the new channel")
    check(KEY not in json.dumps(shown), "a key is shown")

    # What is not named stays.
    run(program, "channel", "edit", name, "--priority", "-5", "--rpm", "60", "--note", "für später")
    run(program, "channel", "edit", str(shown["id"]), "--tpm", "1000", "--map", "a=m", "--map", "b=n")
    changed = read(program, "channel", "show", str(shown["id"]))
    expected = dict(shown, priority=-5, note="für später", limits=dict(
        shown["limits"], requests_per_minute=60, tokens_per_minute=1000))
    expected["model_mapping"] = changed["model_mapping"]
    same(changed, expected, "the changed channel")
    same(json.loads(changed["model_mapping"]), {"a": "m", "b": "n"}, "the mapping")
    run(program, "channel", "edit", name, "--map", "", "--note", "")
    same(read(program, "channel", "show", name)["model_mapping"], "", "the mapping that is taken away")

    # A new key beside other changes; from a file, several, from a variable.
    keys = os.path.join(program.root, "keys")
    with open(keys, "w", encoding="utf-8") as file:
        file.write(f"{KEY}-1\n{KEY}-2\n")
    run(program, "channel", "edit", name, "--key-file", keys)
    same(len(read(program, "channel", "show", name)["keys"]), 2, "keys from a file")
    program.environment["UPSTREAM_KEY"] = KEY
    run(program, "channel", "edit", name, "--key-env", "UPSTREAM_KEY")
    same(len(read(program, "channel", "show", name)["keys"]), 1, "the key from a variable")

    # All that is shown can be given back.
    with open(keys, "w", encoding="utf-8") as file:
        json.dump(dict(read(program, "channel", "show", name), weight=7), file)
    run(program, "channel", "edit", name, "--from-json", keys)
    run(program, "channel", "test", name)
    same(read(program, "channel", "show", name)["weight"], 7, "the weight from a file")

    run(program, "channel", "disable", name)
    same(read(program, "channel", "show", name)["status"], 2, "a disabled channel")
    run(program, "channel", "enable", name)
    same(read(program, "channel", "show", name)["status"], 1, "an enabled channel")
    table = run(program, "channel", "list").stdout
    check(table.splitlines()[0].split()[:2] == ["ID", "STATUS"] and name in table, f"it lists {table!r}")

    run(program, "channel", "rm", name)
    run(program, "channel", "show", name, code=NOT_FOUND)
    same(len(read(program, "channel", "list")), before, "channels after the removal")


def test_names(program, state):
    for model in ("one", "two"):
        run(program, "channel", "add", "twin", "--type", "echo", "--models", model, "--disabled")
    ids = [str(row["id"]) for row in read(program, "channel", "list") if row["name"] == "twin"]
    found = run(program, "channel", "rm", "twin", code=USAGE)
    check(all(each in found.stderr for each in ids), f"it does not name the candidates: {found.stderr!r}")
    # Nothing is removed where one of them is not found.
    run(program, "channel", "rm", ids[0], "nobody", code=NOT_FOUND)
    same(len(read(program, "channel", "show", ids[0])["keys"]), 0, f"the channel that stays, {state}")
    found = json.loads(run(program, "channel", "rm", *ids, ids[0], "--json").stdout)
    same([(str(each["id"]), each["success"]) for each in found], [(each, True) for each in ids],
         "what is removed")


def test_nothing_changes(program):
    """What is refused has changed nothing, wherever the mistake is."""
    before = read(program, "channel", "list"), read(program, "token", "list"), read(program, "user", "list")
    for words in (("channel", "add", "x"), ("channel", "add", "x", "--type", "nobody"),
                  ("channel", "add", "x", "--type", "echo", "--weight", "heavy"),
                  ("channel", "add", "x", "--type", "echo", "--key", KEY),
                  ("channel", "edit", "good"), ("channel", "edit", "good", "--weight", "-1"),
                  ("channel", "edit", "good", "--note", "a", "--note", "b"),
                  ("channel", "edit", "good", "--note", "changed", "--rpm", "many"),
                  ("channel", "edit", "good", "--key-stdin"),
                  ("token", "create", "x", "--budget", "-5"), ("token", "create", "x", "--budget", "5,0"),
                  ("token", "create", "x", "--period", "month"),
                  ("token", "create", "x", "--expires", "tomorrow"),
                  ("token", "create", "x", "--expires", "2001-01-01"),
                  ("token", "create", "x", "--networks", "everywhere"),
                  ("user", "add", "x"), ("user", "add", "x", "--role", "root"),
                  ("channel", "add", "x", "--type", "echo", "--groups", "default,mistyped"),
                  ("channel", "edit", "good", "--groups", "mistyped"),
                  ("user", "edit", "root", "--group", "mistyped"),
                  ("user", "add", "x", "--password", PASSWORD)):
        found = run(program, *words, code=USAGE)
        check(KEY not in found.stderr and PASSWORD not in found.stderr, f"{words} repeats a secret")
    run(program, "channel", "edit", "good", "--key-file", "/nonexistent", code=NOT_FOUND)
    run(program, "channel", "edit", "good", "--key-env", "NO_SUCH_VARIABLE", code=NOT_FOUND)
    after = read(program, "channel", "list"), read(program, "token", "list"), read(program, "user", "list")
    same(after, before, "what there is after refusals")


def test_tokens(program, state):
    name = f"令牌 {state}"
    found = run(program, "token", "create", name, "--budget", "5.00", "--expires", "2099-12-31",
                "--models", "m", "--networks", "127.0.0.0/8", "--rpm", "100")
    key = found.stdout.strip()
    check(key.startswith("sk-") and len(key) > 20 and " " not in key, f"it prints {found.stdout!r}")
    check(name in found.stderr, f"it says {found.stderr!r}")
    row = read(program, "token", "show", name)
    same((row["remain_quota"], row["unlimited_quota"], row["models"], row["subnet"],
          row["requests_per_minute"], row["budget_period"]),
         (5 * UNITS, False, "m", "127.0.0.0/8", 100, "once"), "the new token")
    for words in (("list",), ("list", "--json"), ("show", name), ("show", name, "--json")):
        told = run(program, "token", *words).stdout
        check(key[3:] not in told, f"token {words} shows the key")
    check("2099-12-31" in run(program, "token", "show", name).stdout
          or "2100-01-01" in run(program, "token", "show", name).stdout, "the expiry is not told")
    check("$5.00" in run(program, "token", "list").stdout, "what is left is not told")

    run(program, "token", "edit", name, "--budget", "8", "--period", "month", "--expires", "never")
    changed = read(program, "token", "show", name)
    same((changed["budget_period"], changed["budget_limit"], changed["remain_quota"],
          changed["expired_time"], changed["models"], changed["requests_per_minute"]),
         ("month", 8 * UNITS, 8 * UNITS, -1, "m", 100), "a budget of each month")
    run(program, "token", "edit", name, "--budget", "9")
    same(read(program, "token", "show", name)["budget_limit"], 9 * UNITS, "another limit")
    run(program, "token", "edit", name, "--budget", "2.50", "--period", "once", "--name", "x" * 500,
        code=FAILURE)
    same(read(program, "token", "show", name)["budget_period"], "month", "the period after a refusal")
    run(program, "token", "edit", name, "--budget", "2.50", "--period", "once")
    changed = read(program, "token", "show", name)
    same((changed["budget_period"], changed["remain_quota"]), ("once", int(2.5 * UNITS)),
         "a balance in the place of a budget of each month")
    run(program, "token", "edit", name, "--budget", "unlimited", "--models", "")
    changed = read(program, "token", "show", name)
    same((changed["unlimited_quota"], changed["models"]), (True, ""), "a token without limits")
    run(program, "token", "edit", name, "--name", name + "!")
    name += "!"

    run(program, "token", "disable", name)
    same(read(program, "token", "show", name)["status"], 2, "a disabled token")
    run(program, "token", "enable", name)
    same(read(program, "token", "show", name)["status"], 1, "an enabled token")
    made = read(program, "token", "create", "for scripts")
    check(len(made["key"]) > 20 and made["unlimited_quota"], f"the JSON of a new token is {made!r}")
    # One that is used up is not enabled by itself: of several, some can fail.
    run(program, "token", "edit", "for scripts", "--budget", "0")
    found = run(program, "token", "enable", name, "for scripts", code=PARTIAL)
    check("for scripts" in found.stderr and "quota" in found.stderr, f"it says {found.stderr!r}")
    run(program, "token", "enable", "for scripts", code=CONFLICT)
    run(program, "token", "rm", "for scripts")
    return key, name


def test_users(program, state):
    name = f"anna-{state}"
    run(program, "user", "add", name, "--budget", "20", "--display-name", "Anna", text=PASSWORD + "\n")
    row = read(program, "user", "show", name)
    same((row["username"], row["display_name"], row["quota"], row["role"]), (name, "Anna", 20 * UNITS, 1),
         "the new user")
    check(PASSWORD not in json.dumps(row), "a password is shown")
    run(program, "user", "add", name, text=PASSWORD + "\n", code=CONFLICT)
    run(program, "user", "edit", name, "--role", "administrator", "--budget", "3", "--period", "week")
    changed = read(program, "user", "show", str(row["id"]))
    same((changed["role"], changed["budget_period"], changed["budget_limit"], changed["display_name"]),
         (10, "week", 3 * UNITS, "Anna"), "the changed user")
    run(program, "user", "edit", name, "--budget", "4", "--period", "once")
    changed = read(program, "user", "show", name)
    same((changed["budget_period"], changed["quota"]), ("once", 4 * UNITS), "a balance again")
    run(program, "user", "edit", name, "--group", "nobodies", code=USAGE)
    run(program, "user", "disable", name)
    check("disabled" in run(program, "user", "show", name).stdout, "a disabled user is not told")
    run(program, "user", "enable", name)

    password = os.path.join(program.root, "password")
    with open(password, "w", encoding="utf-8") as file:
        file.write("a password of a file\n")
    run(program, "user", "set-password", str(row["id"]), "--password-file", password)

    check("root" in run(program, "user", "list").stdout, "root is not listed")
    same(read(program, "user", "show", "root")["role"], 100, "the role of root")
    run(program, "user", "edit", "root", "--email", "root@example.org")
    run(program, "user", "disable", "root", code=DENIED)
    run(program, "user", "rm", "root", code=DENIED)
    run(program, "user", "rm", name, "root", code=PARTIAL)
    run(program, "user", "show", name, code=NOT_FOUND)


def test_models(program):
    models = {row["model"]: row["channels"] for row in read(program, "model", "list")}
    same([each["name"] for each in models["m"]], ["good"], "who serves m")
    table = run(program, "model", "list").stdout
    check("MODEL" in table and "good" in table, f"it lists {table!r}")
    same(read(program, "model", "show", "m")["channels"][0]["name"], "good", "who serves m")
    run(program, "model", "show", "m")
    run(program, "model", "show", "nothing", code=NOT_FOUND)
    run(program, "model", "test", "m")
    run(program, "model", "test", "nothing", code=NOT_FOUND)
    prices = read(program, "price", "list")
    check(all("model" in each and "tokens" in each for each in prices), f"the prices are {prices!r}")
    run(program, "price", "list", "--all")


def answer(_, connection):
    connection.sendall(reply(completion("Hi!")))


def test(path):
    with Provider(answer) as provider, Program(path) as program:
        test_help(program)
        test_nothing_there(program)
        program.start()
        run(program, "channel", "add", "good", "--type", "openai", "--base-url", provider.url,
            "--models", "m", "--key-stdin", text=KEY)
        for state in ("running", "stopped"):
            if state == "stopped":
                same(program.stop(), 0, "the exit code")
            test_channels(program, state, provider.url)
            test_names(program, state)
            test_nothing_changes(program)
            key, name = test_tokens(program, state)
            test_users(program, state)
            test_models(program)
        # What was made while nobody served is served.
        program.start()
        served = ask(program.port, request("/v1/chat/completions", chat_body("Hello"), key=key))
        same(served.status, 200, f"the request of a new token: {served.body[:300]!r}")
        run(program, "token", "rm", name)
        served = ask(program.port, request("/v1/chat/completions", chat_body("Hello"), key=key))
        same(served.status, 401, "the request of a token that is removed")
        same(program.stop(), 0, "the exit code")


main(test)
