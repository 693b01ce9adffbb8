"""A channel's key, address and reach are changed under traffic: the very next request goes by what holds
now, and no connection to what held before is kept.

What the program asks for on behalf of a key stays with the host for which the key was entered: no
other is ever sent it, and addresses that the channel may not reach see no connection at all.
"""

import json
import threading

from provider import Provider, chunk, echoing, event, reply, stream_head
from rawhttp import Connection, ask, request
from support import Management, Program, chat_body, check, main, same, wait_until

FIRST, SECOND, THIRD, FOURTH = (f"sk-{word}-of-the-channel-0123456789" for word in
                                ("first", "second", "third", "fourth"))
PARALLEL = 12
STAYING = "a stream that outlives the change"


class Watched(Provider):
    """Knows which connections are open, and which request came over which."""

    def __init__(self, answer=echoing):
        self.open = set()
        self.made = 0
        self.keys = []  # (connection, key)
        super().__init__(answer)

    def _serve(self, connection):
        with self.lock:
            self.made += 1
            number = self.made
            self.open.add(number)
        numbers.number = number
        try:
            super()._serve(connection)
        finally:
            with self.lock:
                self.open.discard(number)


numbers = threading.local()
release = threading.Event()


def answering(upstream_request, connection):
    """Echoes. A request that asks to stay is a stream that ends when the test lets it."""
    provider = by_host[upstream_request.header("host")]
    with provider.lock:
        provider.keys.append((numbers.number, upstream_request.header("authorization")))
    if upstream_request.body and upstream_request.last_text() == STAYING:
        connection.sendall(stream_head())
        connection.sendall(chunk(event({"role": "assistant", "content": "begun"})))
        release.wait(60)
        connection.sendall(chunk(event({}, "stop")) + chunk(event({}, usage=(1, 1)))
                           + chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        return True
    return echoing(upstream_request, connection)


by_host = {}


def watched():
    provider = Watched(answering)
    by_host[f"127.0.0.1:{provider.port}"] = provider
    by_host[f"localhost:{provider.port}"] = provider
    return provider


class Clients:
    def __init__(self, program, key):
        self.program = program
        self.key = key

    def chat(self, text="hello", stream=False):
        return ask(self.program.port,
                   request("/v1/chat/completions", chat_body(text, stream=stream), key=self.key))

    def together(self):
        """Many at once, so that every thread of the gateway has a connection to the provider."""
        statuses = []
        threads = [threading.Thread(target=lambda: statuses.append(self.chat().status), daemon=True)
                   for _ in range(PARALLEL)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        same(statuses, [200] * PARALLEL, "the answers")

    def begin_stream(self):
        connection = Connection(self.program.port, timeout=30)
        connection.send(request("/v1/chat/completions", chat_body(STAYING, stream=True),
                                key=self.key))
        return connection


def bearer(key):
    return f"Bearer {key}"


def a_new_key(person, channel, clients, provider):
    """It is sent by the next request, over connections that have never carried another."""
    clients.together()
    check(provider.open, "no connection is kept at all")
    former = provider.made
    person.call("PUT", "/api/channel/", {"id": channel, "key": SECOND})
    count = len(provider.keys)
    same(clients.chat().status, 200, "the next request")
    clients.together()
    later = provider.keys[count:]
    same({key for _, key in later}, {bearer(SECOND)}, "the keys that are sent after the change")
    check(all(number > former for number, _ in later), "a connection of before carries a request")
    wait_until(lambda: not [each for each in provider.open if each <= former],
               "the end of the connections of before")


def a_new_address(person, channel, clients, former, present):
    """The next request goes there with the key that came with it. A stream at the former one ends in
    its own time, and its connection with it."""
    stream = clients.begin_stream()
    wait_until(lambda: former.hits_with(STAYING), "the stream at the provider")
    person.call("PUT", "/api/channel/", {"id": channel, "key": THIRD, "base_url": present.url})
    hits = former.hits
    same(clients.chat().status, 200, "the next request")
    clients.together()
    same({key for _, key in present.keys}, {bearer(THIRD)}, "the keys that the new host is sent")
    same(former.hits, hits, "requests to the former host")
    wait_until(lambda: len(former.open) == 1, "the end of the kept connections to the former host")
    release.set()
    found = stream.reply()
    check(found.whole and found.body.rstrip().endswith(b"data: [DONE]"), f"it was cut: {found.body!r}")
    stream.socket.close()
    wait_until(lambda: not former.open, "the end of the last connection to the former host")
    check(not [key for _, key in former.keys if key == bearer(THIRD)],
          "the former host is sent the new key")


def an_address_without_a_key(person, channel, clients, present, other):
    """Kept keys do not go to another host, in whatever way the change leaves them out."""
    shown = person.call("GET", f"/api/channel/{channel}")
    for what, change in (("none", {}), ("an empty one", {"key": ""}),
                         ("the one that is shown", {"key": shown.get("key", "")}),
                         ("the whole channel as shown", dict(shown))):
        answer = person.ask("PUT", "/api/channel/",
                            dict(change, id=channel, base_url=other.url))
        check(answer.status >= 400 or not answer.json()["success"],
              f"another address with {what} for a key is accepted: {answer.body[:200]!r}")
    for path in (f"/api/channel/test/{channel}", f"/api/channel/update_balance/{channel}"):
        person.ask("GET", path)
    same(clients.chat().status, 200, "the channel as it was")
    same(person.call("GET", f"/api/channel/{channel}")["base_url"], present.url, "the address")
    same(other.made, 0, "connections to the host for which no key was entered")


def private_addresses(person, clients, present, other):
    """The switch of the channel, and what no channel may reach."""
    by_name = f"http://localhost:{other.port}"
    for address in (other.url, by_name, other.url.replace("127.0.0.1", "127.1"),
                    other.url.replace("127.0.0.1", "[::ffff:127.0.0.1]")):
        channel = person.add_channel(name="walled", models="walled", key=FOURTH, base_url=address,
                                     allow_private_address=False)
        refused(person, clients, channel, address)
        person.call("DELETE", f"/api/channel/{channel}")
    same(other.made, 0, "connections that no channel was allowed")
    for address in ("http://169.254.169.254", "http://[fe80::1]", "http://0.0.0.0",
                    "http://[::ffff:169.254.169.254]", "http://100.100.100.200", "http://224.0.0.1"):
        answer = person.ask("POST", "/api/channel/", {
            "type": 1, "name": "walled", "key": FOURTH, "models": "walled", "group": "default",
            "base_url": address, "allow_private_address": True})
        if answer.json()["success"]:
            channel = [row for row in person.pages("/api/channel/") if row["name"] == "walled"][0]["id"]
            refused(person, clients, channel, address)
            person.call("DELETE", f"/api/channel/{channel}")

    channel = person.add_channel(name="walled", models="walled", key=FOURTH, base_url=by_name,
                                 allow_private_address=False)
    refused(person, clients, channel, by_name)
    person.call("PUT", "/api/channel/", {"id": channel, "allow_private_address": True})
    found = ask(clients.program.port,
                request("/v1/chat/completions", chat_body("hello", model="walled"), key=clients.key))
    same(found.status, 200, "a channel that is allowed private addresses")
    same({key for _, key in other.keys}, {bearer(FOURTH)}, "the keys that its host is sent")
    person.call("PUT", "/api/channel/", {"id": channel, "allow_private_address": False})
    hits = other.hits
    refused(person, clients, channel, by_name)
    same(other.hits, hits, "requests over a connection of before")
    person.call("DELETE", f"/api/channel/{channel}")
    same(clients.chat().status, 200, "another channel")
    check(present.hits, "the other channel's provider")


def refused(person, clients, channel, address):
    found = ask(clients.program.port,
                request("/v1/chat/completions", chat_body("hello", model="walled"), key=clients.key))
    check(found.status >= 500, f"{address} is answered {found.status}")
    outcome = person.ask("GET", f"/api/channel/test/{channel}").json()
    check(not outcome["success"], f"the test of {address}: {outcome}")
    check("may not connect" in outcome["message"], f"the test of {address} says {outcome['message']!r}")


def an_end(person, channel, clients, provider):
    """What is switched off or deleted keeps no connection."""
    clients.together()
    person.call("PUT", "/api/channel/", {"id": channel, "status": 2})
    check(clients.chat().status in (403, 404, 503), "a channel that is switched off serves")
    wait_until(lambda: not provider.open, "the end of the connections of one that is switched off")
    person.call("PUT", "/api/channel/", {"id": channel, "status": 1})
    clients.together()
    person.call("DELETE", f"/api/channel/{channel}")
    hits = provider.hits
    check(clients.chat().status in (403, 404, 503), "a channel that was deleted serves")
    same(provider.hits, hits, "requests to the provider of a deleted channel")
    wait_until(lambda: not provider.open, "the end of the connections of one that was deleted")


def steers_nothing(clients, present, other):
    """Nothing in a request moves it, or the key, elsewhere."""
    fields = {"X-Forwarded-Host": f"127.0.0.1:{other.port}", "X-Base-Url": other.url,
              "x-portkey-custom-host": other.url, "Forwarded": f"host=127.0.0.1:{other.port}",
              "Helicone-Target-URL": other.url, "OpenAI-Base-URL": other.url}
    more = {"api_base": other.url, "base_url": other.url, "api_key": "sk-mine",
            "extra_headers": {"Host": other.url}, "metadata": {"api_base": other.url},
            "litellm_params": {"api_base": other.url}, "image_url": f"{other.url}/a.png"}
    content = [{"type": "image_url", "image_url": {"url": f"{other.url}/image.png"}}]
    hits = present.hits
    for body in (chat_body("hello", **more), chat_body("x", messages=[{"role": "user",
                                                                      "content": content}])):
        for host in ("gatehouse", f"127.0.0.1:{other.port}"):
            found = ask(clients.program.port, request("/v1/chat/completions", body, key=clients.key,
                                                      host=host, fields=fields))
            same(found.status, 200, "a request that names an address")
    same(present.hits, hits + 4, "requests to the provider")
    same({key for _, key in present.keys}, {bearer(THIRD)}, "the keys that it is sent")
    same(other.made, 0, "connections to an address that only requests named")


def redirected(person, clients, other):
    """Neither a redirection nor a realm is followed."""
    answers = [
        lambda _, connection: connection.sendall(reply(
            b"", "307 Temporary Redirect", fields=f"Location: {other.url}/v1/chat/completions\r\n")),
        lambda _, connection: connection.sendall(reply(
            b"", "401 Unauthorized",
            fields=f'WWW-Authenticate: Bearer realm="{other.url}/token",service="x"\r\n')),
        lambda _, connection: connection.sendall(reply(
            {"error": {"message": "moved", "help": other.url}}, "429 Later",
            fields=f"Link: <{other.url}/>; rel=next\r\nRefresh: 0; url={other.url}/\r\n"))]
    made = other.made
    for number, answer in enumerate(answers):
        with Provider(answer) as provider:
            channel = person.add_channel(name=f"elsewhere {number}", models="elsewhere",
                                         base_url=provider.url, key=FOURTH)
            found = ask(clients.program.port, request(
                "/v1/chat/completions", chat_body("hello", model="elsewhere"), key=clients.key))
            check(found.status >= 300, f"an answer that points elsewhere is answered {found.status}")
            check(provider.hits, "the provider that points elsewhere is not asked")
            for path in ("test", "update_balance"):
                person.ask("GET", f"/api/channel/{path}/{channel}")
            person.call("DELETE", f"/api/channel/{channel}")
    same(other.made, made, "connections to where answers pointed")


def test(path):
    with Program(path) as program, watched() as first, watched() as second, watched() as other:
        program.start()
        person = Management(program)
        person.sign_in()
        channel = person.add_channel(base_url=first.url, key=FIRST)
        clients = Clients(program, person.add_token())
        a_new_key(person, channel, clients, first)
        a_new_address(person, channel, clients, first, second)
        steers_nothing(clients, second, other)
        an_address_without_a_key(person, channel, clients, second, other)
        redirected(person, clients, other)
        private_addresses(person, clients, second, other)
        an_end(person, channel, clients, second)
        everything = json.dumps([key for provider in (first, second) for _, key in provider.keys])
        check(FOURTH not in everything, "a channel's key is sent to another's host")
        same(program.stop(), 0, "the exit code")


main(test)
