"""Addresses that come from outside are never gone to: those that clients write into their requests, in
every spelling of this machine, and those that providers name in their answers. A listener that should
hear nothing stands at each of them."""

import json
import socket
import threading

from process import connections_to
from provider import Provider, completion, reply
from rawhttp import ask, request
from support import Management, Program, check, main, same

METADATA = "169.254.169.254"


class Canary:
    """Counts who connects, on all addresses of this machine."""

    def __init__(self):
        self.heard = []
        self.listeners = [socket.create_server(("0.0.0.0", 0))]
        self.port = self.listeners[0].getsockname()[1]
        if socket.has_ipv6:
            try:
                self.listeners.append(socket.create_server(("::", self.port), family=socket.AF_INET6))
            except OSError:
                pass  # a machine without it
        for listener in self.listeners:
            threading.Thread(target=self._listen, args=(listener,), daemon=True).start()

    def _listen(self, listener):
        while True:
            try:
                connection, address = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                try:
                    self.heard.append((address, connection.recv(1000)))
                except OSError:
                    self.heard.append((address, b""))

    def works(self):
        """That it would hear something."""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"test")
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)
        same([data for _, data in self.heard], [b"test"], "what the canary hears of a test")
        self.heard.clear()

    def close(self):
        for listener in self.listeners:
            listener.close()


def spellings(port):
    """Of this machine, and of what clouds give out keys at."""
    hosts = ["127.0.0.1", "localhost", "LOCALHOST.", "127.1", "127.0.1", "127.255.255.254", "0.0.0.0", "0",
             "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "[::1]", "[::]",
             "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "①②⑦.0.0.1",
             "user:password@127.0.0.1", "example.com@127.0.0.1", "127.0.0.1#@example.com:80",
             socket.gethostname(), f"{METADATA}", f"[::ffff:{METADATA}]"]
    for host in hosts:
        at = "" if "example.com:80" in host else f":{port}"
        for scheme in ("http", "https") if host == "127.0.0.1" else ("http",):
            yield f"{scheme}://{host}{at}/picture.png"
    yield f"//127.0.0.1:{port}/picture.png"
    yield f"file:///proc/self/environ"
    yield f"gopher://127.0.0.1:{port}/_hello"


def requests_with(url):
    """A request of each kind that may name an address, and the type of its channel."""
    text = {"type": "text", "text": "What is this?"}
    yield "/v1/chat/completions", {"model": "chat", "messages": [{"role": "user", "content": [
        text, {"type": "image_url", "image_url": {"url": url, "detail": "high"}}]}]}
    yield "/v1/chat/completions", {"model": "chat", "messages": [{"role": "user", "content": [
        text, {"type": "image_url", "image_url": url},
        {"type": "video_url", "video_url": {"url": url}}]}]}
    yield "/v1/responses", {"model": "chat", "input": [{"role": "user", "content": [
        {"type": "input_text", "text": "What is this?"},
        {"type": "input_image", "image_url": url}, {"type": "input_file", "file_url": url}]}],
        "tools": [{"type": "mcp", "server_label": "x", "server_url": url, "require_approval": "never"}]}
    yield "/v1/messages", {"model": "claude", "max_tokens": 9, "messages": [{"role": "user", "content": [
        text, {"type": "image", "source": {"type": "url", "url": url}},
        {"type": "document", "source": {"type": "url", "url": url}}]}]}
    yield "/v1beta/models/gemini:generateContent", {"contents": [{"role": "user", "parts": [
        {"text": "What is this?"}, {"fileData": {"mimeType": "image/png", "fileUri": url}}]}]}


def answering(upstream_request, connection):
    """Without usage, so that the gateway counts what the picture is worth."""
    if "generateContent" in upstream_request.target:
        body = {"candidates": [{"content": {"role": "model", "parts": [{"text": "a cat"}]},
                                "finishReason": "STOP", "index": 0}]}
    elif upstream_request.target.endswith("/messages"):
        body = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude",
                "content": [{"type": "text", "text": "a cat"}], "stop_reason": "end_turn"}
    elif upstream_request.target.endswith("/responses"):
        body = {"id": "resp_1", "object": "response", "status": "completed", "model": "chat", "output": [
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]}]}
    else:
        body = completion("a cat")
        del body["usage"]
    connection.sendall(reply(body))


def from_clients(program, person, key, canary):
    with Provider(answering) as provider:
        for name, kind in (("chat", 1), ("claude", 14), ("gemini", 24)):
            person.add_channel(name=name, type=kind, base_url=provider.url, models=name)
        urls = list(spellings(canary.port))
        served = 0
        for url in urls:
            for path, body in requests_with(url):
                found = ask(program.port, request(path, json.dumps(body).encode(), key=key))
                same(found.status, 200, f"{path} with {url} ({found.body[:300]!r})")
                served += 1
                check(url in json.dumps(provider.requests[-1].json(), ensure_ascii=False),
                      f"{path}: the provider was not told {url}")
        same(provider.hits, served, "requests that reached the provider")

        # Nobody but an administrator says where a request goes.
        here = f"http://127.0.0.1:{canary.port}"
        own = {"model": "chat", "messages": [{"role": "user", "content": "hi"}]}
        for fields in ({"X-Portkey-Custom-Host": here}, {"X-Original-URL": here}, {"X-Base-Url": here},
                       {"X-Forwarded-Host": f"127.0.0.1:{canary.port}"}, {"Forwarded": f"host={here}"},
                       {"X-Rewrite-URL": here}, {"OpenAI-Base-Url": here}):
            ask(program.port, request("/v1/chat/completions", json.dumps(own).encode(), key=key,
                                      fields=fields))
        for member in ("api_base", "base_url", "baseURL", "proxy", "endpoint", "webhook_url", "callback",
                       "litellm_params"):
            value = {"api_base": here} if member == "litellm_params" else here
            ask(program.port, request("/v1/chat/completions", json.dumps({**own, member: value}).encode(),
                                      key=key))
        ask(program.port, request(f"{here}/v1/chat/completions", json.dumps(own).encode(), key=key))
        ask(program.port, request("/v1/chat/completions", json.dumps(own).encode(), key=key,
                                  host=f"127.0.0.1:{canary.port}"))
    for channel in person.pages("/api/channel/"):
        person.call("DELETE", f"/api/channel/{channel['id']}")
    same(canary.heard, [], "what was gone to because clients named it")


def naming(canary, status):
    here = f"http://127.0.0.1:{canary.port}/token"

    def answer(upstream_request, connection):
        fields = (f'WWW-Authenticate: Bearer realm="{here}",service="registry",scope="pull"\r\n'
                  f'WWW-Authenticate: Negotiate\r\n'
                  f'Proxy-Authenticate: Basic realm="{here}"\r\n'
                  f"Location: {here}\r\nContent-Location: {here}\r\nRefresh: 0; url={here}\r\n"
                  f'Link: <{here}>; rel="next", <{here}>; rel=preload\r\nAlt-Svc: http1="127.0.0.1:'
                  f'{canary.port}"\r\nRetry-After: 0\r\n')
        connection.sendall(reply({"error": {"message": f"Get a token at {here}", "url": here,
                                            "code": "elsewhere"}, "next": here, "data": []},
                                 status, fields))
        return None
    return answer


def from_providers(program, person, key, canary):
    asked = 0
    for status in ("401 Unauthorized", "407 Proxy Authentication Required", "301 Moved Permanently",
                   "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect",
                   "300 Multiple Choices", "511 Network Authentication Required", "201 Created"):
        with Provider(naming(canary, status)) as provider:
            channel = person.add_channel(name=status, base_url=provider.url, models="named")
            for stream in (False, True):
                body = {"model": "named", "stream": stream,
                        "messages": [{"role": "user", "content": "hi"}]}
                found = ask(program.port, request("/v1/chat/completions", json.dumps(body).encode(),
                                                  key=key))
                check(found is not None, f"{status} ends without an answer")
                check("location" not in found.headers, f"{status}: the client is sent elsewhere")
            person.ask("GET", f"/api/channel/test/{channel}")
            person.ask("GET", f"/api/channel/update_balance/{channel}")
            check(provider.hits >= 2, f"{status}: the provider was asked {provider.hits} times")
            asked += provider.hits
            person.call("DELETE", f"/api/channel/{channel}")
    same(canary.heard, [], "what was gone to because providers named it")
    check(asked > 20, f"providers were asked {asked} times")


def test(path):
    canary = Canary()
    canary.works()
    environment = {"GATEHOUSE_TRAFFIC_CAPTURE": "all", "GATEHOUSE_RELAY_DISABLE_AUTOMATICALLY": "false",
                   "GATEHOUSE_RELAY_BREAKER_FAILURES": "1000", "GATEHOUSE_RELAY_RETRIES": "1"}
    with Program(path, environment) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        key = person.add_token()
        from_clients(program, person, key, canary)
        from_providers(program, person, key, canary)
        same(connections_to(METADATA), 0, "connections to what gives out keys in a cloud")
        same(program.stop(), 0, "the exit code")
    canary.close()


main(test)
