"""Traces of requests: a collector that variables of OpenTelemetry name is told of each request and each
attempt, at the end of the program too, and one that hangs holds nothing up for long. A request that is in
a trace of its client's goes on with that, to the provider as well, and metrics go to the same collector."""

import gzip
import json

from provider import Provider, completion, reply
from rawhttp import ask, request
from support import Management, Program, chat_body, check, main, same

WORDS = "what only the provider may read"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


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


def sent_to(collector, path):
    """The resources of all that was sent there, by what they are called in the protocol."""
    found = []
    for each in collector.requests:
        same(each.header("content-encoding"), "gzip", "how exports are packed")
        same(each.header("x-api-key"), "of the collector", "the header of exports")
        text = gzip.decompress(each.body).decode()
        for hidden in (WORDS, "sk-upstream", "root"):
            check(hidden not in text, f"exports tell {hidden}")
        if each.target == path:
            found.extend(list(json.loads(text).values())[0])
    return found


def spans_of(collector):
    resources = sent_to(collector, "/otlp/v1/traces")
    return [span for resource in resources for scope in resource["scopeSpans"]
            for span in scope["spans"]]


def metrics_of(collector):
    resources = sent_to(collector, "/otlp/v1/metrics")
    return {metric["name"]: metric["histogram"] for resource in resources
            for scope in resource["scopeMetrics"] for metric in scope["metrics"]}


def value_of(attributes, key):
    for each in attributes:
        if each["key"] == key:
            return next(iter(each["value"].values()))
    return None


def environment_of(collector):
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url + "/otlp/",
            "OTEL_EXPORTER_OTLP_HEADERS": "x-api-key=of%20the%20collector",
            "OTEL_SERVICE_NAME": "the gate",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=a%20house",
            "GATEHOUSE_INTEGRATIONS_OTLP_METRICS": "true",
            "GATEHOUSE_RELAY_RETRIES": "1"}


def ask_once(program, provider, fields=()):
    person = Management(program)
    person.sign_in()
    key = person.add_token()
    for name in ("one", "two"):
        person.add_channel(name=name, base_url=provider.url)
    found = ask(program.port, request("/v1/chat/completions", chat_body(WORDS), fields=fields, key=key))
    same(found.status, 200, f"the request ({found.body[:300]!r})")


def told_at_the_end(path):
    with Provider(collecting) as collector, Provider(failing_then_serving([])) as provider:
        with Program(path, environment_of(collector)) as program:
            program.start()
            ask_once(program, provider, {"traceparent": f"00-{TRACE}-{PARENT}-01",
                                         "tracestate": "a=1"})
            same(program.stop(), 0, "the exit code")
            spans = spans_of(collector)
            resource = sent_to(collector, "/otlp/v1/metrics")[0]["resource"]
            metrics = metrics_of(collector)
        servers = [span for span in spans if span["kind"] == 2]
        attempts = [span for span in spans if span["kind"] == 3]
        same(len(servers), 1, "spans of the server")
        same(len(attempts), provider.hits, "spans of attempts")
        same(len(attempts), 2, "attempts")
        same({span["parentSpanId"] for span in attempts}, {servers[0]["spanId"]}, "what attempts are of")
        same([span["status"].get("code", 0) for span in attempts], [2, 0], "which attempt failed")
        same({span["traceId"] for span in spans}, {TRACE}, "the trace")
        same(servers[0]["parentSpanId"], PARENT, "what the request is of")
        for span, told in zip(attempts, provider.requests):
            same(told.header("traceparent"), f"00-{TRACE}-{span['spanId']}-01",
                 "the parent that the provider is told")
            same(told.header("tracestate"), "a=1", "the state that the provider is told")
        same(value_of(attempts[1]["attributes"], "gen_ai.response.model"), "m", "the model that answered")
        same(value_of(resource["attributes"], "service.name"), "the gate", "the name in metrics")
        same(value_of(resource["attributes"], "deployment.environment.name"), "a house",
             "an attribute of the resource")
        for name, count in (("gen_ai.server.request.duration", 1), ("gen_ai.client.operation.duration", 2),
                            ("gen_ai.client.token.usage", 2)):
            points = metrics[name]["dataPoints"]
            same(sum(int(point["count"]) for point in points), count, f"values of {name}")


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
