"""Traces of requests: a collector that variables of OpenTelemetry name is told of each request and each
attempt, at the end of the program too, and one that hangs holds nothing up for long."""

import gzip
import json

from provider import Provider, completion, reply
from rawhttp import ask, request
from support import Management, Program, chat_body, check, main, same

WORDS = "what only the provider may read"


def collecting(_, connection):
    connection.sendall(reply({}))


def hanging(_, connection):
    connection.recv(1)  # until the other side ends it


def failing_then_serving(count):
    def answer(_, connection):
        count.append(1)
        if len(count) == 1:
            connection.sendall(reply({"error": {"message": WORDS}}, status="503 Service Unavailable"))
        else:
            connection.sendall(reply(completion(WORDS)))
    return answer


def spans_of(collector):
    spans = []
    for each in collector.requests:
        same(each.target, "/otlp/v1/traces", "the path of traces")
        same(each.header("content-encoding"), "gzip", "how traces are packed")
        same(each.header("x-api-key"), "of the collector", "the header of traces")
        text = gzip.decompress(each.body).decode()
        for hidden in (WORDS, "sk-upstream", "root"):
            check(hidden not in text, f"traces tell {hidden}")
        for resource in json.loads(text)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                spans.extend(scope["spans"])
    return spans


def environment_of(collector):
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url + "/otlp/",
            "OTEL_EXPORTER_OTLP_HEADERS": "x-api-key=of%20the%20collector",
            "OTEL_SERVICE_NAME": "the gate",
            "GATEHOUSE_RELAY_RETRIES": "1"}


def ask_once(program, provider):
    person = Management(program)
    person.sign_in()
    key = person.add_token()
    for name in ("one", "two"):
        person.add_channel(name=name, base_url=provider.url)
    found = ask(program.port, request("/v1/chat/completions", chat_body(WORDS), key=key))
    same(found.status, 200, f"the request ({found.body[:300]!r})")


def told_at_the_end(path):
    with Provider(collecting) as collector, Provider(failing_then_serving([])) as provider:
        with Program(path, environment_of(collector)) as program:
            program.start()
            ask_once(program, provider)
            same(program.stop(), 0, "the exit code")
            spans = spans_of(collector)
        servers = [span for span in spans if span["kind"] == 2]
        attempts = [span for span in spans if span["kind"] == 3]
        same(len(servers), 1, "spans of the server")
        same(len(attempts), provider.hits, "spans of attempts")
        same(len(attempts), 2, "attempts")
        same({span["parentSpanId"] for span in attempts}, {servers[0]["spanId"]}, "what attempts are of")
        same([span["status"].get("code", 0) for span in attempts], [2, 0], "which attempt failed")


def not_held_up(path):
    with Provider(hanging) as collector, Provider(failing_then_serving([1])) as provider:
        with Program(path, environment_of(collector)) as program:
            program.start()
            ask_once(program, provider)
            same(program.stop(), 0, "the exit code")
            check("The last traces were not taken in time" in program.errors(),
                  "the end waits for a collector that hangs")


def test(path):
    told_at_the_end(path)
    not_held_up(path)


main(test)
